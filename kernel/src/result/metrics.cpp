// File: metrics.cpp
#include "result/metrics.hpp"

#include "run/capacity.hpp"
#include "run/objective.hpp"

#include <algorithm>

namespace imbrex {

void Metrics::set(std::string_view name, MetricValue value) {
  for (auto& [known, old] : values) {
    if (known == name) {
      old = value;
      return;
    }
  }
  values.emplace_back(std::string(name), value);
}

const MetricValue* Metrics::find(std::string_view name) const noexcept {
  for (const auto& [known, value] : values) {
    if (known == name) {
      return &value;
    }
  }
  return nullptr;
}

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

void set_time(Metrics& metrics, const Design& design, const Totals& totals) {
  metrics.set("latency_ps", design.timeline()->makespan_ps);
  if (totals.longest_server_ps > 0) {
    constexpr double kPsPerSecond = 1e12;
    metrics.set("throughput_per_s", kPsPerSecond / static_cast<double>(totals.longest_server_ps));
  }
}

void set_energy(Metrics& metrics, double energy, std::int64_t makespan_ps) {
  if (energy > 0) {
    metrics.set("energy_pj", energy);
    metrics.set("edp_js", energy * 1e-12 * static_cast<double>(makespan_ps) * 1e-12);
  }
}

void set_units(Metrics& metrics, const Design& design, const Machine& machine) {
  const auto pools = machine.architecture().resources;
  if (pools.empty() || pools.front().count <= 0) {
    return;
  }
  const auto total = pools.front().count;
  const std::int64_t makespan_ps = design.timeline()->makespan_ps;
  if (makespan_ps > 0) {
    metrics.set("utilisation", busy_unit_ps(design, machine.cost()) /
                                   (static_cast<double>(total) * static_cast<double>(makespan_ps)));
  }
  metrics.set("units_total", total);
  metrics.set("units_used", units_used(design, machine.cost()));
}

std::int64_t servers_with_jobs(const Timeline& timeline, OperatorId id) {
  const auto first =
      std::lower_bound(timeline.jobs.begin(), timeline.jobs.end(), id,
                       [](const TimedJob& job, OperatorId wanted) { return job.id < wanted; });
  std::int64_t servers = 0;
  std::int32_t last = -1;
  for (auto job = first; job != timeline.jobs.end() && job->id == id; ++job) {
    servers += job->server != last ? 1 : 0;
    last = job->server;
  }
  return servers;
}

}  // namespace

Metrics metrics_of(const Design& design, const Machine& machine, const JobShape& shape) {
  IMBREX_ASSERT(design.timeline().has_value());
  const Totals totals = totals_of(design);
  Metrics metrics;
  set_time(metrics, design, totals);
  set_units(metrics, design, machine);
  set_energy(metrics, energy_pj(design, machine, shape), design.timeline()->makespan_ps);
  metrics.set("operators_mapped", static_cast<std::int64_t>(design.timeline()->operators.size()));
  metrics.set("macs_mapped", totals.macs);
  metrics.set("copies", totals.copies);
  metrics.set("jobs", totals.jobs);
  return metrics;
}

std::vector<OperatorResult> operators_of(const Design& design, const Machine& machine) {
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
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace imbrex
