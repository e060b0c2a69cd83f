// Which jobs the arrows of a trace join: one per pair of operators with data between them, and one
// per step of the critical path. An arrow per dependency of a job would be as many as jobs times
// what they read, and a result does not hold them.
#pragma once

#include <imbrex/values/result.hpp>

#include <span>
#include <vector>

namespace imbrex::trace {

enum class FlowKind : std::uint8_t { edge, critical };

// One end of an arrow, at the job with this position in the result's list.
struct FlowEnd {
  std::size_t job = 0;
  std::int64_t id = 0;
  FlowKind kind = FlowKind::edge;
  bool leaves = false;
};

// By job, then id. Of an edge the arrow leads from the last job of the producer that has ended when
// the consumer starts to the job that the consumer starts with; where none has ended yet, there is
// no arrow. Of the critical path it leads from the job that a piece ends with to the one that the
// next piece starts with, where the result holds them. Arrows never lead back in time: an arrow
// leaves a job that starts before the one that it reaches. None leads to or from a job without
// duration, for readers join slices. O((edges + steps) * runs of an
// operator). [any thread]
std::vector<FlowEnd> flow_ends(const Result& result);

// The part of `ends`, sorted as above, that belongs to a job. O(log ends).
std::span<const FlowEnd> ends_at(std::span<const FlowEnd> ends, std::size_t job);

}  // namespace imbrex::trace
