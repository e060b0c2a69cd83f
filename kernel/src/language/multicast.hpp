// Link loads of words with several destinations. A way leads along the row, then along the column,
// so what a word does in a column depends on the row it comes from and the rows it goes to, and not
// on where in that row it started: words that agree in those are put on the column's links
// together.
#pragma once

#include "language/lane_loads.hpp"
#include "language/reader_set.hpp"

#include <imbrex/values/topology.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace imbrex {

class MulticastLoads {
 public:
  // Keeps references.
  MulticastLoads(const Topology& topology, LaneLoads& lanes);

  // Every link of the tree carries the words once. Between elements they are gathered in columns;
  // from and to ports they are not. Destinations that are in the same place of memory as those of
  // the call before must be the same. O(destinations) for new ones, O(their columns) for the same.
  WayLengths add(std::int32_t source, std::span<const std::int32_t> destinations, double words);
  // Words that are added to columns in some other way come after those so far.
  void settle();
  // Puts what is still gathered on the links.
  void finish();

 private:
  // Words from one row that enter one column and go to the same rows of it.
  struct Branch {
    std::int32_t readers = -1;  // a list of readers_
    double words = 0;
  };
  void add_tree(std::int32_t source, double words);
  void release(std::int32_t branch);

  const Topology& topology_;
  LaneLoads& lanes_;
  ReaderSet readers_;
  IndexVector<std::int32_t, Branch> branches_;  // by row of the source and column
  // Calls with the readers, the row and the words of the last one that columns have not seen yet.
  std::int32_t row_ = -1;
  double words_ = 0;
  std::int64_t times_ = 0;
};

}  // namespace imbrex
