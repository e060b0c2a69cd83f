// Who reads a word: destinations by column, kept while flows have the same ones.
#pragma once

#include <imbrex/values/topology.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace imbrex {

// Of the ways from one source to its destinations.
struct WayLengths {
  std::int64_t hops = 0;  // of all together
  std::int32_t most = 0;
};

class ReaderSet {
 public:
  // Keeps a reference.
  explicit ReaderSet(const Topology& topology);

  // Whether they lie elsewhere in memory than those of the last call of `assign`.
  bool is_other(std::span<const std::int32_t> destinations) const noexcept {
    return destinations.data() != destinations_.data() ||
           destinations.size() != destinations_.size();
  }
  // O(destinations). They stay where they are while they are asked about.
  void assign(std::span<const std::int32_t> destinations);

  // Columns with destinations, ascending. A port counts as the element of its row in column 0.
  std::span<const std::int32_t> columns() const noexcept { return columns_; }
  // Rows that columns()[i] is read in, in the order of the destinations.
  std::span<const std::int32_t> rows(std::size_t i) const noexcept {
    return by_column_[columns_[i]];
  }
  std::span<const std::int32_t> ports() const noexcept { return ports_; }  // ascending, each once

  // A list that equals rows(i): `like`, where that one does.
  std::int32_t list(std::size_t i, std::int32_t like);
  // The rows of a list, ascending, each once. Valid until the next call.
  std::span<const std::int32_t> distinct_rows(std::int32_t list);

  // O(destinations) the first time, O(columns) as long as the row of the source stays.
  WayLengths ways_from(std::int32_t source);

 private:
  struct List {
    std::size_t first = 0;
    std::size_t size = 0;
  };
  WayLengths each_way(std::int32_t source) const;
  void measure_rows(std::int32_t row);

  const Topology& topology_;
  std::span<const std::int32_t> destinations_;
  std::vector<std::int32_t> columns_;
  std::vector<std::int32_t> ports_;
  IndexVector<std::int32_t, std::vector<std::int32_t>> by_column_;
  std::vector<std::int32_t> lists_of_columns_;  // -1: none yet
  std::vector<std::int32_t> rows_of_lists_;     // one list after another
  IndexVector<std::int32_t, List> lists_;
  std::vector<std::int32_t> distinct_;
  // For sources that share their destinations.
  struct Lengths {
    // By the distance, from one end of a row (column) to the other and back.
    IndexVector<std::int32_t, std::int32_t> in_row;
    IndexVector<std::int32_t, std::int32_t> in_column;
    std::int32_t row = -1;                   // of the source
    std::vector<WayLengths> within_columns;  // from the element of that row on
  };
  bool shared_ = false;  // somebody has asked about these destinations before
  Lengths lengths_;
};

}  // namespace imbrex
