// Link loads of words with several destinations. A way leads along the row, then along the column,
// so what a word does in a column depends on the row it comes from and the rows it goes to, and not
// on where in that row it started: words that agree in those are put on the column's links
// together.
#pragma once

#include <imbrex/values/topology.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace imbrex {

class MulticastLoads {
 public:
  explicit MulticastLoads(const Topology& topology);

  // Elements only, no ports. Every link of the tree carries the words once.
  // O(destinations + columns * hops).
  void add(std::int32_t source, std::span<const std::int32_t> destinations, double words,
           IndexVector<std::int32_t, double>& load);
  // Puts what is still gathered on the links.
  void finish(IndexVector<std::int32_t, double>& load);

 private:
  // Words from one row that enter one column and go to the same rows of it.
  struct Branch {
    std::vector<std::int32_t> destinations;
    double words = 0;
  };
  void put(std::int32_t from, std::int32_t to, std::int64_t user, double words,
           IndexVector<std::int32_t, double>& load);
  void release(std::int32_t branch, IndexVector<std::int32_t, double>& load);

  const Topology& topology_;
  IndexVector<std::int32_t, Branch> branches_;  // by row of the source and column
  IndexVector<std::int32_t, std::vector<std::int32_t>> by_column_;
  IndexVector<std::int32_t, std::int64_t>
      last_user_;  // per link: what was put on it last counts once
  std::vector<std::int32_t> path_;
  std::int64_t users_ = 0;
};

}  // namespace imbrex
