#include "run/segment_results.hpp"

#include "run/replacement.hpp"

#include <imbrex/values/floor_plan.hpp>
#include <imbrex/values/work_graph.hpp>

#include <algorithm>
#include <map>
#include <span>
#include <vector>

namespace imbrex::run {
namespace {

std::optional<FloorPlanResult> floor_plan_result(const Design& design, const BoundMachine& machine,
                                                 std::int32_t number) {
  const FloorPlan* const plan = floor_plan_of(design.floor_plans(), number);
  if (plan == nullptr) {
    return std::nullopt;
  }
  const Topology topology = topology_of(machine.architecture());
  const LinkLoads loads = link_loads(topology, *plan);
  FloorPlanResult result;
  result.layout = plan->layout;
  result.hand_overs = plan->hand_overs;
  result.topology = kTopologyNames[index(topology.kind())];
  for (const OperatorId id : plan->stages) {
    result.stages.push_back(design.workload().at(id).name);
  }
  for (std::size_t i = 0; i < loads.load.size(); ++i) {
    if (loads.load[i] > 0) {
      result.links.push_back({topology.links_and_ports()[i], loads.load[i]});
    }
  }
  result.word_links = loads.word_links;
  result.word_pitches = loads.word_pitches;
  return result;
}

// In the order of the timeline.
std::map<std::int32_t, std::vector<OperatorId>> operators_by_segment(const Design& design) {
  std::map<std::int32_t, std::vector<OperatorId>> operators;
  for (const OperatorTimes& times : design.timeline()->operators) {
    operators[design.placement(times.id).segment].push_back(times.id);
  }
  return operators;
}

SegmentResult segment_of(const Design& design, const BoundMachine& machine, std::int32_t number,
                         std::span<const OperatorId> operators) {
  SegmentResult result;
  result.overhead = machine.cost().segment_overhead(design, number);
  for (const OperatorId id : operators) {
    result.operators.push_back(design.workload().at(id).name);
    result.units += owned_units(design.placement(id), machine.cost().demand(id));
  }
  const SegmentTimes* const reported = reported_times(*design.timeline(), number);
  result.times = reported != nullptr ? *reported : job_times(design, *design.timeline(), number);
  result.floor_plan = floor_plan_result(design, machine, number);
  return result;
}

}  // namespace

SegmentTimes job_times(const Design& design, const Timeline& timeline, std::int32_t segment) {
  SegmentTimes times{segment, -1, -1, 0};
  for (const OperatorTimes& op : timeline.operators) {
    if (design.placement(op.id).segment == segment) {
      times.start_ps = times.start_ps < 0 ? op.start_ps : std::min(times.start_ps, op.start_ps);
      times.end_ps = std::max(times.end_ps, op.end_ps);
    }
  }
  times.work_start_ps = times.start_ps;
  return times;
}

const SegmentTimes* reported_times(const Timeline& timeline, std::int32_t segment) noexcept {
  const auto found =
      std::find_if(timeline.segments.begin(), timeline.segments.end(),
                   [&](const SegmentTimes& times) { return times.segment == segment; });
  return found == timeline.segments.end() ? nullptr : &*found;
}

std::vector<SegmentResult> segments_of(const Design& design, const BoundMachine& machine) {
  IMBREX_ASSERT(design.timeline().has_value());
  std::vector<SegmentResult> results;
  if (replaces_weights(design, machine) || !design.floor_plans().empty()) {
    auto operators = operators_by_segment(design);
    for (const std::int32_t number : segment_numbers(design, machine.cost())) {
      results.push_back(segment_of(design, machine, number, operators[number]));
    }
  }
  return results;
}

}  // namespace imbrex::run
