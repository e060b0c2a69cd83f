// Who bounds the makespan of a finished timeline, and who has time to spare: the slack of every
// operator, which operators have none at the same time, and what they waited for.
#pragma once

#include <imbrex/values/result.hpp>
#include <imbrex/values/work_graph.hpp>

#include <cstdint>
#include <map>
#include <vector>

namespace imbrex::run {

struct OperatorBounds {
  OperatorId id = OperatorId::none;
  // How much later its last job could end without moving the end of its segment.
  std::int64_t slack_ps = 0;
  // How long it was at work on jobs that could not end later.
  std::int64_t critical_ps = 0;
  // By how much links of a floor plan lengthen its jobs, all together.
  std::int64_t links_ps = 0;
  // How long its servers stood still before its jobs, by what the job then waited for.
  std::map<Wait, std::int64_t> stalls_ps;
};

// Operators that were at work on jobs without slack at the same times: only together do they bound
// the makespan then, and making one of them faster alone leaves the others in the way.
struct CriticalSet {
  std::vector<OperatorId> operators;  // ascending, at least one
  std::int64_t time_ps = 0;
};

struct MakespanBounds {
  std::vector<OperatorBounds> operators;  // mapped ones, workload order
  std::vector<CriticalSet> sets;          // longest first, then by operators
};

// Preconditions and complexity: as `latest_ends`. [any thread]
MakespanBounds makespan_bounds(const WorkGraph& graph, const Timeline& timeline);

// What the work of a segment waited for in the end: its jobs, or words that move beside them.
enum class SegmentBound : std::uint8_t { layers, external_memory, shared_buffer };
SegmentBound segment_bound(const SegmentResult& segment) noexcept;

// The links of a floor plan that carry most, by id: ports too. Words are sums of shares, so that
// loads within a millionth of one another count as equal. Valid while the plan is.
std::vector<const FloorPlanResult::Load*> busiest_links(const FloorPlanResult& plan);

}  // namespace imbrex::run
