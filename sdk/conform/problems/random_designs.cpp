#include "problems/random_designs.hpp"

#include "problems/decisions.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/mapspace/map_space.hpp>

#include <utility>

namespace imbrex::problems {

std::vector<OperatorId> mapped_operators(const Machine& machine) {
  std::vector<OperatorId> ids;
  for (std::size_t i = 0; i < machine.workload().operators().size(); ++i) {
    if (machine.cost().demand(operator_id(i)).mappable) {
      ids.push_back(operator_id(i));
    }
  }
  return ids;
}

void copy_some(Design& design, const Machine& machine, Random& random) {
  for (const OperatorId op : mapped_operators(machine)) {
    const std::int64_t copies = random.between(1, 3);
    design.placement(op).copies = machine.workload().at(op).chain ? 1 : copies;
    design.placement(op).dealing = static_cast<Dealing>(random.below(3));
  }
}

void cut_into_segments(Design& design, const Machine& machine, Random& random) {
  std::int32_t segment = 0;
  for (const OperatorId op : mapped_operators(machine)) {
    segment += random.below(3) == 0 ? 1 : 0;
    design.placement(op).segment = segment;
  }
}

void map_some(Design& design, const Machine& machine, Random& random) {
  for (const OperatorId op : mapped_operators(machine)) {
    const Placement& placement = design.placement(op);
    MapSpaceSpec spec = machine.cost().map_space(op, placement);
    if (spec.slots.empty() || random.below(3) == 0) {
      continue;
    }
    const mapspace::MapSpace space(std::move(spec));
    for (int draw = 0; draw < 20 && !space.empty() && !design.mapping(op); ++draw) {
      const Mapping mapping = space.sample(random);
      LayerCost cost;
      machine.cost().evaluate(op, placement, {&mapping, 1}, {&cost, 1});
      if (cost.verdict == Verdict::feasible) {
        design.mapping(op) = mapping;
      }
    }
  }
}

void plan_floors(Design& design, const Machine& machine, const AnalysisRequest& request,
                 Random& random) {
  FloorPlans plans;
  for (const std::int32_t segment : segment_numbers(design, machine.cost())) {
    const WorkGraph graph(design, machine, request, segment);
    const auto stages = static_cast<std::int32_t>(graph.mapped().size());
    const TileGridShape& grid = machine.architecture().grid;
    plans.push_back(random_plan(graph, data_pairs(graph),
                                random_layout(stages, static_cast<std::int32_t>(grid.rows),
                                              static_cast<std::int32_t>(grid.columns), random),
                                random));
    plans.back().segment = segment;
  }
  design.set_floor_plans(std::move(plans));
}

bool has_graph(const Design& design, const Machine& machine, const AnalysisRequest& request) {
  try {
    const WorkGraph graph(design, machine, request);
    return !graph.mapped().empty();
  } catch (const InfeasibleError&) {
    return false;
  }
}

AnalysisRequest random_request(Random& random) {
  AnalysisRequest request;
  request.shape.kind = static_cast<JobShape::Kind>(random.below(5));
  request.shape.height = random.between(1, 4);
  request.shape.width = random.between(1, 4);
  request.shape.samples = random.between(0, 2);
  return request;
}

}  // namespace imbrex::problems
