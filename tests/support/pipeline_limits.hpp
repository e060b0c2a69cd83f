#pragma once

#include <imbrex/toolkit/segments/segment_depth.hpp>

namespace imbrex::test {

// Specification pipeorgan section 9.3: theta = 1, eta = 0.5 of 1 MiB, u_drop = 5 %, shares in units
// of 8 of 1024 elements.
inline constexpr segments::DepthLimits kPublishedLimits{1.0, 0.5 * (1 << 20), 32, 0.95, 128};

}  // namespace imbrex::test
