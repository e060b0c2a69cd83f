// How one axis of an operator's input answers to its output, in cells: either the same cells for
// every output element, or cells that follow one output axis.
#pragma once

#include "availability_map.hpp"

#include <optional>
#include <string>
#include <vector>

namespace imbrex::clsa {

// From output coordinate `begin` up to the next piece, an element needs `cells`.
struct Piece {
  std::int64_t begin = 0;
  IndexRange cells;
};

struct AxisPlan {
  int follows = -1;  // output axis, or -1: `pieces` has one entry, for every output element
  std::vector<Piece> pieces;  // ascending; the first begins at 0
};

// One plan per axis of one input; `whole_only` collects the output axes that become answerable only
// as a whole. No value, and the reason in `obstacle`, when a map cannot be exact.
using InputPlan = std::array<AxisPlan, kMaxRank>;
std::optional<InputPlan> plan_input(const BackwardMap& map, const AvailabilityMap& input,
                                    std::array<bool, kMaxRank>& whole_only, std::string& obstacle);

// Turns what follows a whole-only output axis into the cells that the whole axis needs.
void reduce_to_whole(const BackwardMap& map, const AvailabilityMap& input,
                     const std::array<bool, kMaxRank>& whole_only, InputPlan& plan);

}  // namespace imbrex::clsa
