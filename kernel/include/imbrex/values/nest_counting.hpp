// How a cost model counts loop nests, for searches that prove something: they have to count parts
// of a nest before the whole is known. What levels hold and charge is the architecture's. [any
// thread]
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace imbrex {

// In the words of imbrex/toolkit/nests, whose `count` tells for every mapping of the map space what
// `CostModel::evaluate` says. Lists: an entry per storage level, outermost first; letters W
// (weights or second operand), I (first operand), O (result).
struct NestCounting {
  std::vector<std::string> keep;     // which tensors a level keeps; empty: all of them
  std::vector<std::string> refetch;  // which it fetches anew for every tile pass; empty: none
  std::int64_t partial_sum_bits = 0;
  std::int64_t fill_drain_steps = 0;
  bool exact = true;  // else as Timeloop counts
  bool link_transfers = false;
  bool in_step = false;  // tiles wait for one another
};

}  // namespace imbrex
