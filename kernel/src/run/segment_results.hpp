#pragma once

#include "run/bound_machine.hpp"

#include <imbrex/values/result.hpp>

#include <vector>

namespace imbrex::run {

// The segments of an analysed design with what surrounds their work; empty when all weights are in
// place before the network starts. Times are the analyzer's, or, where it gave none, those of the
// segment's operators.
std::vector<SegmentResult> segments_of(const Design& design, const BoundMachine& machine);

// From when until when the jobs of a segment run; from -1 until 0 when it has none.
SegmentTimes job_times(const Design& design, const Timeline& timeline, std::int32_t segment);
// What the analyzer said of a segment; null: nothing.
const SegmentTimes* reported_times(const Timeline& timeline, std::int32_t segment) noexcept;

}  // namespace imbrex::run
