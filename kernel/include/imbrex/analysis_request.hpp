// File: analysis_request.hpp
//
// What one analysis is asked, as one value that travels with it: how operators that nobody mapped
// are cut, whether the links of floor plans count, and how segments follow one another. An analyzer
// makes the request of its recipe from its parameters; the kernel hands the same request to another
// analyzer, the simulator say, to have the same question answered twice.
#pragma once

#include <imbrex/mapping.hpp>

#include <cstdint>

namespace imbrex {

enum class SegmentSuccession : std::uint8_t {
  barrier,    // weights, jobs and data of one segment after those of the other
  resources,  // external memory, bus and cores serve what comes first
};

struct AnalysisRequest {
  JobShape shape;
  // False: hand-overs of a floor plan arrive at once, whatever the links between elements can do.
  bool links = true;
  SegmentSuccession segments = SegmentSuccession::barrier;
  friend constexpr bool operator==(const AnalysisRequest&, const AnalysisRequest&) = default;
};

}  // namespace imbrex
