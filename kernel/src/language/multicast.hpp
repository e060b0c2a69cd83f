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
           std::vector<double>& load);
  // Puts what is still gathered on the links.
  void finish(std::vector<double>& load);

 private:
  // Words from one row that enter one column and go to the same rows of it.
  struct Branch {
    std::vector<std::int32_t> destinations;
    double words = 0;
  };
  void put(std::int32_t from, std::int32_t to, std::int64_t user, double words,
           std::vector<double>& load);
  void release(std::size_t branch, std::vector<double>& load);

  const Topology& topology_;
  std::vector<Branch> branches_;  // by row of the source and column
  std::vector<std::vector<std::int32_t>> by_column_;
  std::vector<std::int64_t> last_user_;  // per link: what was put on it last counts once
  std::vector<std::int32_t> path_;
  std::int64_t users_ = 0;
};

}  // namespace imbrex
