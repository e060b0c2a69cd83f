// File: segments.hpp
#pragma once

#include "run/bound_machine.hpp"

#include <imbrex/result.hpp>

#include <vector>

namespace imbrex {

// The segments of an analysed design with what surrounds their work; empty when all weights are in
// place before the network starts. Times are the analyzer's, or, where it gave none, those of the
// segment's operators.
IMBREX_API std::vector<SegmentResult> segments_of(const Design& design,
                                                  const BoundMachine& machine);

}  // namespace imbrex
