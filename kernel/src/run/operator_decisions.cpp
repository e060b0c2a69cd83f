#include "run/operator_decisions.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/values/decision_text.hpp>

#include <optional>
#include <string_view>
#include <unordered_set>

namespace imbrex::run {
namespace {

std::optional<Mapping> canonical(const CostModel& cost, OperatorId op, const Placement& placement,
                                 const JobShape& shape) {
  try {
    return cost.canonical_mapping(op, placement, shape);
  } catch (const InfeasibleError&) {
    return std::nullopt;  // jobs of that shape do not fit, so somebody chose others
  }
}

// A loop nest's time is spread over all its steps, also over those in which nothing exists (uneven
// factors inside uneven factors leave some): they are time that its multiply-accumulates took.
void count_idle_steps(OperatorResult& result, const Mapping& mapping) {
  std::int64_t steps = 1;
  for (const Loop& loop : mapping.outer_loops()) {
    steps *= loop.bound;
  }
  if (!result.dealt_anew && result.copies == 1 && steps > result.times.jobs) {
    result.mac_utilisation *= static_cast<double>(result.times.jobs) / static_cast<double>(steps);
  }
}

}  // namespace

void add_decisions(std::span<OperatorResult> operators, const Design& design,
                   const BoundMachine& machine, const JobShape& shape, const Workload& network) {
  std::unordered_set<std::string_view> whole;
  for (const Operator& op : network.operators()) {
    whole.insert(op.name);
  }
  for (OperatorResult& result : operators) {
    const Placement& placement = design.placement(result.id);
    const MapSpaceSpec space = machine.cost().map_space(result.id, placement);
    const std::optional<Mapping> own = canonical(machine.cost(), result.id, placement, shape);
    const Mapping mapping = design.mapping(result.id).value_or(own.value_or(Mapping{}));
    result.chosen = mapping != own;
    NestTexts nest =
        nest_texts(result.name, mapping, space, LevelNames(machine.architecture(), space));
    result.loops = std::move(nest.loops);
    result.outer = std::move(nest.outer);
    result.job_extents = std::move(nest.job_extents);
    result.account = machine.cost().account(result.id, placement, mapping);
    result.placement = placement_texts(result.name, placement);
    result.dealt_anew = design.dealt_order(result.id) != nullptr;
    count_idle_steps(result, mapping);
    result.is_part = !whole.contains(result.name);
  }
}

}  // namespace imbrex::run
