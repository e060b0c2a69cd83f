// What is wrong with an operator's decisions, for a person. Called once per run, at its end.
#include "run/mapping_admission.hpp"
#include "run/operator_admission.hpp"

#include <fmt/format.h>

namespace imbrex::run {
namespace {

std::string placement_text(const Placement& placement, const Demand& demand,
                           const BoundMachine& machine, OperatorFault fault) {
  const auto pools = machine.architecture().resources;
  switch (fault) {
    case OperatorFault::copies:
      return fmt::format("has {} copies; it must have at least one", placement.copies);
    case OperatorFault::segment:
      return fmt::format("is in segment {}; segments start at 0", placement.segment);
    case OperatorFault::dealing:
      return fmt::format("deals its jobs in the way {}, which is none of Dealing",
                         static_cast<unsigned>(placement.dealing));
    case OperatorFault::units:
      return fmt::format("owns {} resources for {} copies of {} each: too few", placement.units,
                         placement.copies, demand.units);
    case OperatorFault::range:
      return fmt::format("owns {} resources from number {} on; the chip has {}",
                         owned_units(placement, demand), placement.first_unit,
                         pools.empty() ? 0 : pools.front().count);
    default:
      break;
  }
  return fmt::format("has {} copies, but its jobs are a chain: one copy", placement.copies);
}

// The constraint that the mapping breaks, if only one is told apart.
std::string broken_constraint(const MapSpaceSpec& space, const Mapping& mapping) {
  for (const FactorConstraint& factor : space.factors) {
    MapSpaceSpec alone = space;
    std::erase_if(alone.factors,
                  [&](const FactorConstraint& other) { return other.origin == factor.origin; });
    if (!factor.origin.empty() && obeys_constraints(alone, mapping)) {
      return factor.origin;
    }
  }
  return "the recipe's constraints on its map space";
}

std::string shortfall_text(const CostModel& cost, OperatorId op, const Placement& placement,
                           const Mapping& mapping) {
  const std::optional<Shortfall> shortfall = cost.shortfall(op, placement, mapping);
  if (!shortfall) {
    return "the cost model refuses it";
  }
  return fmt::format("it needs {} {}s of a {}, which has {}: {} too few", shortfall->needed,
                     shortfall->unit, shortfall->level, shortfall->available,
                     shortfall->needed - shortfall->available);
}

// Faults of loops and jobs that need no look at the cost model.
std::string loops_text(const Operator& op, const Placement& placement, OperatorFault fault) {
  switch (fault) {
    case OperatorFault::loops:
      return "has a mapping whose loops and job extents do not cover its loop bounds";
    case OperatorFault::nest_copies:
      return fmt::format(
          "has {} copies and a mapping that no copies can share; its outer loops must be "
          "temporal N, P and Q loops, one each",
          placement.copies);
    case OperatorFault::chain_loops:
      return fmt::format(
          "has a mapping that breaks its chain of jobs: dimension {} must be its "
          "outermost temporal loop",
          kDimNames[index(*op.chain)]);
    default:
      return "has a mapping that is neither in its map space nor canonical for jobs of any shape";
  }
}

std::string missing_text(const CostModel& cost, OperatorId op, const Placement& placement,
                         const JobShape& shape) {
  try {
    cost.canonical_mapping(op, placement, shape);
  } catch (const InfeasibleError& error) {
    return fmt::format("has no mapping, and there is no canonical one: {}", error.what());
  }
  return "has no mapping, and the canonical one does not follow the chain of its jobs";
}

}  // namespace

std::string OperatorAdmission::reason(const Design& design, OperatorId op,
                                      OperatorFault fault) const {
  const CostModel& cost = machine_.cost();
  const Operator& what = machine_.workload().at(op);
  const Placement& placement = design.placement(op);
  const auto mapping = [&] {
    return design.mapping(op) ? *design.mapping(op) : cost.canonical_mapping(op, placement, shape_);
  };
  const auto text = [&]() -> std::string {
    switch (fault) {
      case OperatorFault::loops:
      case OperatorFault::nest_copies:
      case OperatorFault::chain_loops:
      case OperatorFault::space:
        return loops_text(what, placement, fault);
      case OperatorFault::constraint:
        return "has a mapping against " +
               broken_constraint(cost.map_space(op, placement), mapping());
      case OperatorFault::refused:
        return "has a mapping that does not fit: " + shortfall_text(cost, op, placement, mapping());
      case OperatorFault::canonical_missing:
        return missing_text(cost, op, placement, shape_);
      case OperatorFault::canonical_constraint:
        return "has no mapping, and the canonical one is against " +
               broken_constraint(cost.map_space(op, placement), mapping());
      case OperatorFault::canonical_refused:
        return "has no mapping, and the canonical one does not fit: " +
               shortfall_text(cost, op, placement, mapping());
      case OperatorFault::dealt:
        return "has jobs dealt anew that are not its jobs: " +
               dealing_problem(cost, what, op, placement, mapping(), *design.dealt_order(op));
      default:
        break;
    }
    return placement_text(placement, cost.demand(op), machine_, fault);
  };
  return fmt::format("operator '{}' {}", what.name, text());
}

}  // namespace imbrex::run
