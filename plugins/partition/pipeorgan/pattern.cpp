#include "pattern.hpp"

namespace imbrex::pipeorgan {
namespace {

// Loops of levels in front of the elements number elements, others lanes inside one.
std::int64_t spread_over_elements(const Mapping& mapping, const Architecture& array, Dim dim) {
  std::int64_t bound = 1;
  for (const Loop& loop : mapping.all_loops()) {
    const bool in_front = array.levels[loop.level].instances < array.resources.front().count;
    if (loop.kind == LoopKind::spatial && loop.dim == dim && in_front) {
      bound *= loop.bound;
    }
  }
  return bound;
}

}  // namespace

std::int64_t readers_of_a_word(const Mapping& mapping, const Architecture& array) {
  return spread_over_elements(mapping, array, Dim::K);
}

FlowPattern pattern_of(const Operator& consumer, const Mapping& mapping,
                       const Architecture& array) {
  const std::int64_t readers = readers_of_a_word(mapping, array);
  if (readers > 1) {
    return readers <= array.grid.columns ? FlowPattern::row_multicast : FlowPattern::all_multicast;
  }
  const auto overlaps = [&](Dim window, Dim positions, std::size_t axis) {
    return consumer.bounds[window] > consumer.stride[axis] &&
           spread_over_elements(mapping, array, positions) > 1;
  };
  return overlaps(Dim::R, Dim::P, 0) || overlaps(Dim::S, Dim::Q, 1) ? FlowPattern::halo
                                                                    : FlowPattern::one_to_one;
}

}  // namespace imbrex::pipeorgan
