#include "run/metrics.hpp"

#include "run/capacity.hpp"
#include "run/objective.hpp"
#include "run/replacement.hpp"

#include <imbrex/toolkit/segments/crossbar.hpp>
#include <imbrex/values/work_graph.hpp>

#include <algorithm>

namespace imbrex::run {

namespace {

// Sum over units of the time they were busy, in unit-picoseconds. All units of a copy are busy
// together, whatever part of them holds weights; a server is a copy, or a share of one when a
// mapping deals an operator's work spatially. Double: exact below 2^53, and one rounding above.
double busy_unit_ps(const Design& design, const CostModel& cost) {
  double total = 0;
  for (const OperatorTimes& times : design.timeline()->operators) {
    const double units =
        static_cast<double>(owned_units(design.placement(times.id), cost.demand(times.id)));
    total += units * static_cast<double>(times.busy_ps) / static_cast<double>(times.servers);
  }
  return total;
}

// Multiply-accumulates that one unit can do, and how long it takes for them; 0 where units do not
// count them. A crossbar does one for each weight it has room for, whatever part of it is occupied.
struct UnitMacs {
  double macs = 0;
  double period_ps = 0;

  // Of what so many units could do in that time together. One division, so that quotients of small
  // numbers are exact. Requires: macs > 0.
  double share(double done, double unit_ps) const noexcept {
    return done * period_ps / (macs * unit_ps);
  }
};

UnitMacs unit_macs_of(const Architecture& architecture) {
  if (architecture.units.empty() || architecture.resources.empty()) {
    return {};
  }
  const ComputeUnit& unit = architecture.units.front();
  const double period_ps = unit.exact_ps();
  if (period_ps <= 0 || architecture.resources.front().count <= 0) {
    return {};
  }
  if (unit.kind == UnitKind::mac_array) {
    const auto macs = static_cast<double>(unit.rows) * static_cast<double>(unit.columns);
    return {macs / static_cast<double>(architecture.resources.front().count), period_ps};
  }
  if (unit.kind != UnitKind::crossbar || unit.columns_per_weight < 1 || unit.columns < 1) {
    return {};
  }
  const auto weights = static_cast<double>(
      segments::weights_across(unit.columns, unit.columns, unit.columns_per_weight));
  return {static_cast<double>(unit.rows) * weights / static_cast<double>(unit.columns), period_ps};
}

struct Totals {
  std::int64_t longest_server_ps = 0;
  std::int64_t copies = 0;
  std::int64_t jobs = 0;
  std::int64_t macs = 0;
};

Totals totals_of(const Design& design) {
  Totals totals;
  for (const OperatorTimes& times : design.timeline()->operators) {
    totals.longest_server_ps = std::max(totals.longest_server_ps, times.longest_server_ps);
    totals.copies += design.placement(times.id).copies;
    totals.jobs += times.jobs;
    totals.macs += design.workload().at(times.id).macs();
  }
  return totals;
}

void set_time(Metrics& metrics, const Design& design, const BoundMachine& machine,
              const Totals& totals) {
  metrics.set("latency_ps", design.timeline()->makespan_ps);
  const double interval_ps =
      sample_interval_ps(design, machine, totals.longest_server_ps, design.timeline()->makespan_ps);
  if (interval_ps > 0) {
    constexpr double kPsPerSecond = 1e12;
    metrics.set("throughput_per_s", kPsPerSecond / interval_ps);
  }
  const std::int64_t samples = design.workload().samples();
  if (samples > 1) {
    metrics.set("batch", samples);
  }
}

// Energy is that of the run; energy and delay of the product are those of one sample.
void set_energy(Metrics& metrics, double energy, const Design& design) {
  if (energy <= 0) {
    return;
  }
  const auto samples = static_cast<double>(design.workload().samples());
  const auto makespan_ps = static_cast<double>(design.timeline()->makespan_ps);
  metrics.set("energy_pj", energy);
  if (samples > 1) {
    metrics.set("energy_per_sample_pj", energy / samples);
  }
  metrics.set("edp_js", energy / samples * 1e-12 * makespan_ps / samples * 1e-12);
}

void set_segments(Metrics& metrics, const Design& design, const BoundMachine& machine) {
  if (!replaces_weights(design, machine)) {
    return;
  }
  const SegmentOverhead overhead = total_overhead(design, machine);
  metrics.set("segments",
              static_cast<std::int64_t>(segment_numbers(design, machine.cost()).size()));
  metrics.set("weight_write_bits", overhead.weight_bits);
  metrics.set("data_load_bits", overhead.load_bits);
  metrics.set("data_store_bits", overhead.store_bits);
}

void set_units(Metrics& metrics, const Design& design, const BoundMachine& machine,
               std::int64_t macs) {
  const auto pools = machine.architecture().resources;
  if (pools.empty() || pools.front().count <= 0) {
    return;
  }
  const auto total = pools.front().count;
  const std::int64_t makespan_ps = design.timeline()->makespan_ps;
  if (makespan_ps > 0) {
    const double unit_ps = static_cast<double>(total) * static_cast<double>(makespan_ps);
    const double occupancy = busy_unit_ps(design, machine.cost()) / unit_ps;
    metrics.set("occupancy", occupancy);
    metrics.set("utilisation", occupancy);  // the name it had first, which tools rely on
    const UnitMacs unit = unit_macs_of(machine.architecture());
    if (unit.macs > 0) {
      metrics.set("mac_utilisation", unit.share(static_cast<double>(macs), unit_ps));
    }
  }
  metrics.set("units_total", total);
  metrics.set("units_used", units_used(design, machine.cost()));
}

std::int64_t servers_with_jobs(const Timeline& timeline, OperatorId id) {
  std::int64_t servers = 0;
  std::int32_t last = -1;
  for (const JobRun& run : timeline.jobs.runs_of(id)) {
    servers += run.first.server != last ? 1 : 0;
    last = run.first.server;
  }
  return servers;
}

// Of one metric in two runs; 0: not there, or nothing to divide by.
double ratio_of(const Metrics& above, const Metrics& below, std::string_view name) {
  const auto number = [name](const Metrics& metrics) {
    const MetricValue* const value = metrics.find(name);
    return value == nullptr ? 0 : std::visit([](auto v) { return static_cast<double>(v); }, *value);
  };
  return number(below) > 0 ? number(above) / number(below) : 0;
}

}  // namespace

Metrics metrics_of(const Design& design, const BoundMachine& machine, const JobShape& shape) {
  IMBREX_ASSERT(design.timeline().has_value());
  const Totals totals = totals_of(design);
  Metrics metrics;
  set_time(metrics, design, machine, totals);
  set_units(metrics, design, machine, totals.macs);
  set_energy(metrics, energy_pj(design, machine, shape, design.timeline()->makespan_ps), design);
  set_segments(metrics, design, machine);
  metrics.set("operators_mapped", static_cast<std::int64_t>(design.timeline()->operators.size()));
  metrics.set("macs_mapped", totals.macs);
  metrics.set("copies", totals.copies);
  metrics.set("jobs", totals.jobs);
  return metrics;
}

std::vector<OperatorResult> operators_of(const Design& design, const BoundMachine& machine) {
  IMBREX_ASSERT(design.timeline().has_value());
  std::vector<OperatorResult> results;
  for (const OperatorTimes& times : design.timeline()->operators) {
    const Operator& op = design.workload().at(times.id);
    const Placement& placement = design.placement(times.id);
    OperatorResult result;
    result.id = times.id;
    result.name = op.name;
    result.kind = to_string(op.kind);
    result.units_per_copy =
        owned_units(placement, machine.cost().demand(times.id)) / placement.copies;
    result.copies = placement.copies;
    result.dealing = placement.dealing;
    if (placement.copies > 1) {
      result.idle_copies = placement.copies - servers_with_jobs(*design.timeline(), times.id);
    }
    result.times = times;
    const std::int64_t owned = result.units_per_copy * placement.copies;
    const UnitMacs unit = unit_macs_of(machine.architecture());
    const double unit_ps = static_cast<double>(owned) * static_cast<double>(times.busy_ps) /
                           static_cast<double>(times.servers);
    result.mac_utilisation =
        unit.macs > 0 && unit_ps > 0 ? unit.share(static_cast<double>(op.macs()), unit_ps) : 0;
    results.push_back(std::move(result));
  }
  return results;
}

double improvement_of(Objective objective, const Metrics& run, const Metrics& baseline) {
  switch (objective) {
    case Objective::latency:
      return ratio_of(baseline, run, "latency_ps");
    case Objective::throughput:
      return ratio_of(run, baseline, "throughput_per_s");
    case Objective::energy:
      return ratio_of(baseline, run, "energy_pj");
    case Objective::edp:
      break;
  }
  return ratio_of(baseline, run, "edp_js");
}

}  // namespace imbrex::run
