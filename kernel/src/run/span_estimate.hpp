#pragma once

#include "run/runner.hpp"

#include <cstdint>

namespace imbrex::run {

// The whole span of time of a segment of the run's design, by what a partitioner estimates for its
// units with no more copies than the design has; -1 when nobody does.
std::int64_t segment_estimate_ps(const RunOutcome& outcome, std::int32_t segment);

}  // namespace imbrex::run
