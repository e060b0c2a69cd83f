#include "run/identity.hpp"

#include <cmath>

#include <fmt/format.h>

namespace imbrex::run {
namespace {

// The clock of an operator under its canonical mapping.
JobClock canonical_clock(const BoundMachine& machine, const Design& design, OperatorId id,
                         const JobShape& shape) {
  const Placement& placement = design.placement(id);
  const Mapping mapping = machine.cost().canonical_mapping(id, placement, shape);
  return machine.cost().job_clock(id, placement, mapping);
}

double number(const Metrics& metrics, std::string_view name) {
  const MetricValue* const value = metrics.find(name);
  IMBREX_ASSERT(value != nullptr);
  return std::visit([](auto v) { return static_cast<double>(v); }, *value);
}

}  // namespace

bool same_work(const BoundMachine& machine, const Design& design, const BoundMachine& base_machine,
               const Design& base_design, const JobShape& shape, const JobShape& base_shape) {
  if (&design.workload() != &base_design.workload()) {
    return false;  // layers of one of them were split
  }
  for (std::size_t i = 0; i < design.workload().operators().size(); ++i) {
    const OperatorId id = operator_id(i);
    const Demand demand = machine.cost().demand(id);
    if (demand != base_machine.cost().demand(id)) {
      return false;
    }
    if (!demand.mappable) {
      continue;
    }
    if (design.mapping(id) || base_design.mapping(id)) {
      return false;
    }
    const JobClock clock = canonical_clock(machine, design, id, shape);
    const JobClock base = canonical_clock(base_machine, base_design, id, base_shape);
    if (clock.fixed_ps != 0 || base.fixed_ps != 0 ||
        clock.per_position_ps != base.per_position_ps) {
      return false;
    }
  }
  return true;
}

void check_speedup_identity(const Metrics& metrics, const Metrics& baseline, double speedup) {
  constexpr double kTolerance = 1e-9;
  const double from_work = number(metrics, "utilisation") / number(baseline, "utilisation") *
                           number(metrics, "units_total") / number(baseline, "units_total");
  if (std::abs(from_work - speedup) > kTolerance * speedup) {
    throw Error(ErrorCode::failed,
                fmt::format("internal check failed: the speed-up is {} by the makespans, but {} by "
                            "utilisation and PE counts; the analysis of the run or of its baseline "
                            "lost or repeated work",
                            speedup, from_work));
  }
}

}  // namespace imbrex::run
