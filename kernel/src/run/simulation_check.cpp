// File: simulation_check.cpp
#include "run/simulation_check.hpp"

#include "run/analysis.hpp"

#include <imbrex/weight_units.hpp>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace imbrex {
namespace {

const ParamSpec* find_param(const Component& component, std::string_view name, ParamType type) {
  const auto found =
      std::find_if(component.params.begin(), component.params.end(),
                   [&](const ParamSpec& spec) { return spec.name == name && spec.type == type; });
  return found == component.params.end() ? nullptr : &*found;
}

// Sets a parameter by its name, as a recipe would; false when the component has none such.
bool set(ConfigHandle& config, std::string_view name, const ParamValue& value) {
  const ParamSpec* const spec = find_param(config.component(), name, value.type);
  if (spec != nullptr) {
    spec->store(config.get(), value);
  }
  return spec != nullptr;
}

bool set_integer(ConfigHandle& config, std::string_view name, ParamType type, std::int64_t number) {
  ParamValue value;
  value.type = type;
  value.integer = number;
  return set(config, name, value);
}

bool set_links(ConfigHandle& config, bool links) {
  ParamValue value;
  value.type = ParamType::boolean;
  value.boolean = links;
  return set(config, "links", value);
}

// The shared granularity parameters (imbrex/job_shape_params.hpp), and the links that the recipe's
// analyzer knows.
ConfigHandle same_jobs(const Component& simulator, const RunOutcome& outcome) {
  const JobShape& shape = outcome.job_shape;
  ConfigHandle config(simulator);
  set_links(config, outcome.with_links);
  set_integer(config, "granularity", ParamType::choice, static_cast<std::int64_t>(shape.kind));
  set_integer(config, "samples", ParamType::integer, shape.samples);
  if (shape.kind == JobShape::Kind::rows) {
    set_integer(config, "rows", ParamType::integer, shape.height);
  }
  if (shape.kind == JobShape::Kind::block) {
    const std::array<std::int64_t, 2> extent = {shape.height, shape.width};
    ParamValue value;
    value.type = ParamType::integer_array;
    value.integers = extent;
    set(config, "block", value);
  }
  return config;
}

auto job_key(const TimedJob& job) {
  return std::tuple(job.server, job.step);
}

bool job_agrees(const TimedJob& analysed, const TimedJob& simulated, Exactness exactness) {
  switch (exactness) {
    case Exactness::exact:
      return analysed.start_ps == simulated.start_ps && analysed.end_ps == simulated.end_ps;
    case Exactness::conservative:
      return analysed.end_ps >= simulated.end_ps;
    case Exactness::estimate:
      break;
  }
  return true;
}

// Jobs of one operator on both sides, each ordered by server and step.
std::int64_t differing_jobs(std::span<const TimedJob> analysed, std::span<const TimedJob> simulated,
                            Exactness exactness) {
  std::int64_t differing = 0;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < analysed.size() && j < simulated.size()) {
    if (job_key(analysed[i]) == job_key(simulated[j])) {
      differing += job_agrees(analysed[i++], simulated[j++], exactness) ? 0 : 1;
    } else {
      ++differing;
      ++(job_key(analysed[i]) < job_key(simulated[j]) ? i : j);
    }
  }
  return differing + static_cast<std::int64_t>(analysed.size() - i + simulated.size() - j);
}

std::span<const TimedJob> jobs_of(const Timeline& timeline, OperatorId id) {
  const auto [first, last] =
      std::equal_range(timeline.jobs.begin(), timeline.jobs.end(), TimedJob{.id = id},
                       [](const TimedJob& a, const TimedJob& b) { return a.id < b.id; });
  return {first, last};
}

OperatorAgreement compare(const OperatorTimes& analysed, const OperatorTimes& simulated,
                          std::int64_t differing) {
  OperatorAgreement out;
  out.start_ps = analysed.start_ps;
  out.end_ps = analysed.end_ps;
  out.simulated_start_ps = simulated.start_ps;
  out.simulated_end_ps = simulated.end_ps;
  out.differing_jobs = differing;
  out.agrees = differing == 0;
  return out;
}

}  // namespace

void require_comparable(const ResolvedPlan& plan) {
  const auto last =
      std::find_if(plan.stages.rbegin(), plan.stages.rend(), [](const PlannedComponent& stage) {
        return stage.config.component().kind == Kind::overlap_analyzer;
      });
  if (last != plan.stages.rend() &&
      has(last->config.component().provides_traits, Trait::sequential)) {
    throw InputError(fmt::format(
        "{} cannot be checked by simulation: it delays operators on purpose, while the simulation "
        "starts every job as early as its inputs allow; check a recipe that ends with an analyzer "
        "of overlap",
        last->where));
  }
}

namespace {

// Sets a choice by its name; false when the component has none such.
bool set_choice(ConfigHandle& config, std::string_view name, std::string_view choice) {
  const ParamSpec* const spec = find_param(config.component(), name, ParamType::choice);
  for (std::size_t i = 0; spec != nullptr && i < spec->choices.size(); ++i) {
    if (spec->choices[i] == choice) {
      ParamValue value;
      value.type = ParamType::choice;
      value.integer = static_cast<std::int64_t>(i);
      spec->store(config.get(), value);
      return true;
    }
  }
  return false;
}

// The whole span of time of a segment, by what a partitioner estimates for its units with no more
// copies than the design has; -1 when nobody does.
std::int64_t estimate_ps(const RunOutcome& outcome, std::int32_t segment) {
  const Design& design = *outcome.design;
  UnitSequence units = decompose(design.workload(), outcome.machine->architecture());
  UnitSpan span{-1, -1};
  for (std::size_t u = 0; u < units.units.size(); ++u) {
    const Placement& placement = design.placement(units.units[u].op);
    if (placement.segment == segment) {
      units.most_copies = std::max(units.most_copies, placement.copies);
      const auto here = static_cast<std::int32_t>(u);
      if (span.begin >= 0 && span.end != here) {
        return -1;  // no run of units
      }
      span.begin = span.begin < 0 ? here : span.begin;
      span.end = here + 1;
    }
  }
  SegmentCost cost;
  cost.verdict = Verdict::unsupported;
  if (span.begin >= 0) {
    outcome.machine->cost().evaluate_segments(units, {&span, 1}, {&cost, 1});
  }
  return cost.verdict == Verdict::feasible ? cost.latency_ps : -1;
}

bool has_units(const Architecture& architecture) {
  return !architecture.units.empty() && (architecture.units.front().kind == UnitKind::crossbar ||
                                         architecture.units.front().kind == UnitKind::mac_array);
}

const SegmentTimes* times_of(const Timeline& timeline, std::int32_t segment) {
  const auto found = std::find_if(timeline.segments.begin(), timeline.segments.end(),
                                  [&](const auto& times) { return times.segment == segment; });
  return found == timeline.segments.end() ? nullptr : &*found;
}

bool segment_agrees(const SegmentAgreement& one, Exactness exactness) {
  switch (exactness) {
    case Exactness::exact:
      return one.analysed.start_ps == one.simulated.start_ps &&
             one.analysed.work_start_ps == one.simulated.work_start_ps &&
             one.analysed.end_ps == one.simulated.end_ps;
    case Exactness::conservative:
      return one.analysed.end_ps >= one.simulated.end_ps;
    case Exactness::estimate:
      break;
  }
  return true;
}

bool makespan_agrees(const SimulationCheck& check) {
  switch (check.exactness) {
    case Exactness::exact:
      return check.makespan_ps == check.simulated_makespan_ps;
    case Exactness::conservative:
      return check.makespan_ps >= check.simulated_makespan_ps;
    case Exactness::estimate:
      break;
  }
  return true;
}

void compare_segments(const RunOutcome& outcome, const Timeline& simulated,
                      const std::optional<Timeline>& on_resources, SimulationCheck& check) {
  for (const SegmentResult& result : outcome.result.segments) {
    SegmentAgreement one;
    one.segment = result.times.segment;
    one.analysed = result.times;
    if (const SegmentTimes* times = times_of(simulated, one.segment)) {
      one.simulated = *times;
    }
    if (const SegmentTimes* times = on_resources ? times_of(*on_resources, one.segment) : nullptr) {
      one.on_resources = *times;
    }
    if (has_units(outcome.machine->architecture())) {
      one.estimate_ps = estimate_ps(outcome, one.segment);
    }
    check.agrees = check.agrees && segment_agrees(one, check.exactness);
    check.segments.push_back(one);
  }
}

// The same design with segments that overlap, if the simulator can do that.
std::optional<Timeline> simulated_on_resources(const RunOutcome& outcome,
                                               const Component& simulator, const Context& context) {
  ConfigHandle config = same_jobs(simulator, outcome);
  if (outcome.result.segments.empty() || !set_choice(config, "segments", "resources")) {
    return std::nullopt;
  }
  const auto instance = make_instance<OverlapAnalyzer>(config, context);
  return analyze_in_detail(simulator.id, *instance, *outcome.design, *outcome.machine).timeline;
}

// The same design over links, which the recipe's analyzer leaves out.
std::optional<std::int64_t> makespan_with_links(const RunOutcome& outcome,
                                                const Component& simulator,
                                                const Context& context) {
  ConfigHandle config = same_jobs(simulator, outcome);
  if (outcome.with_links || outcome.design->floor_plans().empty() || !set_links(config, true)) {
    return std::nullopt;
  }
  const auto instance = make_instance<OverlapAnalyzer>(config, context);
  const Design* const designs[] = {&*outcome.design};
  OverlapResult result;
  instance->analyze(designs, {&result, 1}, nullptr);
  return result.makespan_ps;
}

}  // namespace

SimulationCheck check_by_simulation(const RunOutcome& outcome, const Component& simulator,
                                    HostServices& services) {
  if (simulator.kind != Kind::overlap_analyzer) {
    throw InputError(fmt::format("'{}' is not an overlap analyzer", simulator.id));
  }
  Host& host = services.host_for(simulator.id, outcome.result.seed, 0);
  const Context context = outcome.machine->context(host);
  const auto instance = make_instance<OverlapAnalyzer>(same_jobs(simulator, outcome), context);
  if (instance->job_shape() != outcome.job_shape) {
    throw InputError(
        fmt::format("'{}' cannot cut jobs as the recipe's analyzer did", simulator.id));
  }
  const Analysis again =
      analyze_in_detail(simulator.id, *instance, *outcome.design, *outcome.machine);
  const Timeline& timeline = *outcome.design->timeline();

  SimulationCheck check;
  check.exactness = outcome.result.exactness;
  check.makespan_ps = timeline.makespan_ps;
  check.simulated_makespan_ps = again.timeline.makespan_ps;
  check.agrees = makespan_agrees(check);
  for (std::size_t i = 0; i < timeline.operators.size(); ++i) {
    const OperatorId id = timeline.operators[i].id;
    OperatorAgreement one = compare(
        timeline.operators[i], again.timeline.operators[i],
        differing_jobs(jobs_of(timeline, id), jobs_of(again.timeline, id), check.exactness));
    one.name = outcome.design->workload().at(id).name;
    check.agrees = check.agrees && one.agrees;
    check.operators.push_back(std::move(one));
  }
  const std::optional<Timeline> on_resources = simulated_on_resources(outcome, simulator, context);
  if (on_resources) {
    check.makespan_on_resources_ps = on_resources->makespan_ps;
  }
  check.makespan_with_links_ps = makespan_with_links(outcome, simulator, context);
  compare_segments(outcome, again.timeline, on_resources, check);
  return check;
}

}  // namespace imbrex
