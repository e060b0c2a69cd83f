// What a branch of the search has decided. [any thread]
#pragma once

#include "optimum/orders.hpp"
#include "optimum/shares.hpp"

namespace imbrex::optimum {

struct Node {
  Plan plan;
  std::size_t step = 0;  // the next to be decided
  Tile tile{};           // its outermost level's
  Loads loads;           // of all before it
  // What is still to come of the tensors that pass by that level, at least.
  Loads passing_by;
  Runs runs;
  std::array<double, kMaxLevels + 1> instances{1};  // per level, as far as decided
  std::int64_t spread = 1;
  std::int64_t jobs = 1;
  // Its last orders are worse than others unless tiles further inside see them.
  bool waits = false;
};

// A tile inside a share of a node.
struct Choice {
  const Share* share = nullptr;
  Tile tile{};
  std::uint32_t code = 0;
  double bound = 0;
};

}  // namespace imbrex::optimum
