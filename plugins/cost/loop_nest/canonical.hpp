// A mapping for operators nobody searched: spatial slots filled first, then as much as fits into
// the levels on chip, innermost level first, the rest as loops of the external memory.
#pragma once

#include "counting.hpp"

#include <imbrex/toolkit/nests/counts.hpp>
#include <imbrex/values/map_space_spec.hpp>
#include <imbrex/values/mapping.hpp>

namespace imbrex::loop_nest {

// What neighbouring processing elements differ in.
enum class SpreadKind : std::uint8_t {
  channels,  // channels first: equal operands are multicast, partial sums reduced on the way
  pixels,    // positions first: a word has one reader where layers run as a pipeline
};

struct CanonicalOptions {
  SpreadKind spread = SpreadKind::channels;
  bool imperfect = false;  // shares need not divide what they share
};

struct CanonicalMapping {
  Mapping mapping;
  bool fits = true;  // into the capacities of all levels
};

// Jobs of the given shape (those of channels: of groups first, where a group has fewer; input
// channels of grouped operators are not cut). The outer loops are temporal loops of the outermost
// level, samples outermost. `spec` says which dimensions each slot may have and how far it fans
// out; where tiles do not fit, it fans out less, at last not at all. O(levels * dimensions * log
// bound) tile measurements, plus `fewest_steps`.
CanonicalMapping canonical_mapping(const Problem& problem, const Hierarchy& hierarchy,
                                   const MapSpaceSpec& spec, const JobShape& shape,
                                   const CanonicalOptions& options);

}  // namespace imbrex::loop_nest
