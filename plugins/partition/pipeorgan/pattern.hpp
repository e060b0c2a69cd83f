// File: pattern.hpp
//
// Who needs a produced word, from the loops that the consumer spreads over elements (specification
// pipeorgan section 6.1).
#pragma once

#include <imbrex/architecture.hpp>
#include <imbrex/link_load.hpp>
#include <imbrex/mapping.hpp>
#include <imbrex/workload.hpp>

namespace pipeorgan {

// Elements that work on different output channels of the same word: 1 when the spread is over
// positions and input channels alone.
std::int64_t readers_of_a_word(const imbrex::Mapping& mapping, const imbrex::Architecture& array);

// One reader: one to one, or a halo where windows of neighbouring elements overlap. Several: as
// many as there are in a row, or more than that.
imbrex::FlowPattern pattern_of(const imbrex::Operator& consumer, const imbrex::Mapping& mapping,
                               const imbrex::Architecture& array);

}  // namespace pipeorgan
