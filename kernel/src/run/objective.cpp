// File: objective.cpp
#include "run/objective.hpp"

#include <imbrex/work_graph.hpp>

#include <algorithm>
#include <string>

namespace imbrex {

Objective parse_objective(std::string_view name) {
  if (name == "latency") {
    return Objective::latency;
  }
  if (name == "throughput") {
    return Objective::throughput;
  }
  if (name == "energy") {
    return Objective::energy;
  }
  if (name == "edp") {
    return Objective::edp;
  }
  throw InputError("objective '" + std::string(name) +
                   "' is not one of latency, throughput, energy, edp");
}

double energy_pj(const Design& design, const Machine& machine, const JobShape& shape) {
  const CostModel& cost = machine.cost();
  double total = 0;
  for (std::size_t i = 0; i < design.workload().operators().size(); ++i) {
    const OperatorId id = operator_id(i);
    if (!cost.demand(id).mappable) {
      continue;
    }
    const Placement& placement = design.placement(id);
    const Mapping mapping =
        design.mapping(id) ? *design.mapping(id) : cost.canonical_mapping(id, placement, shape);
    LayerCost layer;
    cost.evaluate(id, placement, {&mapping, 1}, {&layer, 1});
    total += layer.energy_pj;
  }
  return total;
}

std::int64_t longest_server_ps(const Design& design, const Machine& machine,
                               const JobShape& shape) {
  const WorkGraph graph(design, machine.architecture(), machine.cost(), shape);
  std::int64_t longest = 0;
  for (const OperatorId id : graph.mapped()) {
    longest = std::max(longest, longest_server_ps(graph.order(id)));
  }
  return longest;
}

double objective_value(Objective objective, const Design& design, const Machine& machine,
                       const JobShape& shape, std::int64_t makespan_ps) {
  constexpr double kSecondsPerPs = 1e-12;
  switch (objective) {
    case Objective::latency:
      break;
    case Objective::throughput:
      return static_cast<double>(longest_server_ps(design, machine, shape));
    case Objective::energy:
      return energy_pj(design, machine, shape);
    case Objective::edp:
      return energy_pj(design, machine, shape) * static_cast<double>(makespan_ps) * kSecondsPerPs;
  }
  return static_cast<double>(makespan_ps);
}

}  // namespace imbrex
