#include "run/objective.hpp"

#include "run/replacement.hpp"

#include <imbrex/values/work_graph.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <utility>

namespace imbrex::run {
namespace {

constexpr double kSecondsPerPs = 1e-12;
constexpr std::array<std::pair<Objective, std::string_view>, 4> kNames = {
    {{Objective::latency, "latency"},
     {Objective::throughput, "throughput"},
     {Objective::energy, "energy"},
     {Objective::edp, "edp"}}};

}  // namespace

Objective parse_objective(std::string_view name) {
  for (const auto& [objective, its_name] : kNames) {
    if (name == its_name) {
      return objective;
    }
  }
  throw InputError("objective '" + std::string(name) +
                   "' is not one of latency, throughput, energy, edp");
}

std::string_view to_string(Objective objective) noexcept {
  for (const auto& [known, name] : kNames) {
    if (objective == known) {
      return name;
    }
  }
  return "";
}

double energy_pj(const Design& design, const BoundMachine& machine, const JobShape& shape,
                 std::int64_t makespan_ps) {
  const CostModel& cost = machine.cost();
  double total =
      link_energy_pj(design, machine) + total_overhead(design, machine).energy_pj +
      machine.architecture().replacement.static_power_pj_per_ps * static_cast<double>(makespan_ps);
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

std::int64_t longest_server_ps(const Design& design, const BoundMachine& machine,
                               const AnalysisRequest& request) {
  const WorkGraph graph(design, machine.view(), request);
  std::int64_t longest = 0;
  for (const OperatorId id : graph.mapped()) {
    longest = std::max(longest, longest_server_ps(graph.order(id)));
  }
  return longest;
}

double sample_interval_ps(const Design& design, const BoundMachine& machine,
                          std::int64_t longest_server_ps, std::int64_t makespan_ps) {
  const std::int64_t run_ps = replaces_weights(design, machine) ? makespan_ps : longest_server_ps;
  return static_cast<double>(run_ps) / static_cast<double>(design.workload().samples());
}

double objective_value(Objective objective, const Design& design, const BoundMachine& machine,
                       const AnalysisRequest& request, std::int64_t makespan_ps) {
  const auto samples = static_cast<double>(design.workload().samples());
  switch (objective) {
    case Objective::latency:
      break;
    case Objective::throughput:
      return sample_interval_ps(design, machine, longest_server_ps(design, machine, request),
                                makespan_ps);
    case Objective::energy:
      return energy_pj(design, machine, request.shape, makespan_ps);
    case Objective::edp:
      return energy_pj(design, machine, request.shape, makespan_ps) / samples *
             (static_cast<double>(makespan_ps) / samples) * kSecondsPerPs;
  }
  return static_cast<double>(makespan_ps);
}

}  // namespace imbrex::run
