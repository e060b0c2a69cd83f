// Who needs a produced word, from the loops that the consumer spreads over elements (specification
// pipeorgan section 6.1).
#pragma once

#include <imbrex/values/architecture.hpp>
#include <imbrex/values/floor_plan.hpp>
#include <imbrex/values/mapping.hpp>
#include <imbrex/values/workload.hpp>

namespace imbrex::pipeorgan {

// Elements that work on different output channels of the same word: 1 when the spread is over
// positions and input channels alone.
std::int64_t readers_of_a_word(const Mapping& mapping, const Architecture& array);

// One reader: one to one, or a halo where windows of neighbouring elements overlap. Several: as
// many as there are in a row, or more than that.
FlowPattern pattern_of(const Operator& consumer, const Mapping& mapping, const Architecture& array);

}  // namespace imbrex::pipeorgan
