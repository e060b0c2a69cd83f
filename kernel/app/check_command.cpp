// File: check_command.cpp
//
// `imbrex check RECIPE`: is the recipe valid, and, with --simulate, is its answer confirmed?
#include "commands.hpp"
#include "interrupt.hpp"
#include "parameter_text.hpp"
#include "run/runner.hpp"
#include "run/simulation_check.hpp"
#include "session.hpp"
#include "text_table.hpp"

#include <cstdio>

#include <fmt/format.h>

namespace imbrex::app {
namespace {

std::string parameters(const PlannedComponent& planned) {
  std::string text;
  for (const ParamSpec& spec : planned.config.component().params) {
    ParamSpec shown = spec;
    shown.required = false;  // a resolved plan has a value for it
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", spec.name,
                        value_text(shown, planned.config.value(spec)));
  }
  return text;
}

void add(TextTable& table, std::string role, const PlannedComponent& planned) {
  table.row({std::move(role), std::string(planned.id()), parameters(planned)});
}

void print_chain(const RecipeSource& source, const ResolvedPlan& plan) {
  TextTable table({"ROLE", "COMPONENT", "PARAMETERS"});
  add(table, "workload", plan.workload);
  add(table, "architecture", plan.architecture);
  add(table, "cost", plan.cost);
  for (std::size_t i = 0; i < plan.stages.size(); ++i) {
    add(table, fmt::format("stage {}", i + 1), plan.stages[i]);
  }
  if (plan.baseline) {
    add(table, "baseline architecture", plan.baseline->architecture);
    add(table, "baseline cost", plan.baseline->cost);
    for (std::size_t i = 0; i < plan.baseline->stages.size(); ++i) {
      add(table, fmt::format("baseline stage {}", i + 1), plan.baseline->stages[i]);
    }
  }
  for (std::size_t i = 0; i < plan.reports.size(); ++i) {
    add(table, fmt::format("report {}", i + 1), plan.reports[i]);
  }
  fmt::print("{}: valid\n  name {}, seed {}, objective {}, plan sha256 {}\n\n{}",
             source.path.string(), plan.name, plan.seed, plan.objective,
             plan.sha256().substr(0, 16), table.text(2));
}

void print_agreement(const SimulationCheck& check) {
  TextTable table({"OPERATOR", "START_PS", "END_PS", "SIMULATED_START_PS", "SIMULATED_END_PS",
                   "DIFFERING_JOBS", "VERDICT"});
  for (const OperatorAgreement& op : check.operators) {
    table.row({op.name, fmt::format("{}", op.start_ps), fmt::format("{}", op.end_ps),
               fmt::format("{}", op.simulated_start_ps), fmt::format("{}", op.simulated_end_ps),
               fmt::format("{}", op.differing_jobs), op.agrees ? "agrees" : "DIFFERS"});
  }
  fmt::print("\n{}", table.text(2));
}

std::string percent_of(std::int64_t ps, std::int64_t reference_ps) {
  return reference_ps > 0
             ? fmt::format("{:+.1f} %",
                           100 * (static_cast<double>(ps) / static_cast<double>(reference_ps) - 1))
             : std::string("-");
}

// How long each segment takes, by everybody who has an opinion; deviations from the simulator.
void print_segments(const SimulationCheck& check) {
  if (check.segments.empty()) {
    return;
  }
  TextTable table({"SEGMENT", "ESTIMATE_PS", "ANALYSED_PS", "SIMULATED_PS", "ESTIMATE_ERROR",
                   "ON_RESOURCES_START_PS", "ON_RESOURCES_END_PS"});
  for (const SegmentAgreement& one : check.segments) {
    const std::int64_t simulated_ps = one.simulated.end_ps - one.simulated.start_ps;
    const bool estimated = one.estimate_ps >= 0;
    table.row({fmt::format("{}", one.segment),
               estimated ? fmt::format("{}", one.estimate_ps) : std::string("-"),
               fmt::format("{}", one.analysed.end_ps - one.analysed.start_ps),
               fmt::format("{}", simulated_ps),
               estimated ? percent_of(one.estimate_ps, simulated_ps) : std::string("-"),
               one.on_resources ? fmt::format("{}", one.on_resources->start_ps) : std::string("-"),
               one.on_resources ? fmt::format("{}", one.on_resources->end_ps) : std::string("-")});
  }
  fmt::print("\n{}", table.text(2));
  if (check.makespan_on_resources_ps) {
    fmt::print("  on resources, without barriers: {} ps ({} of the barriers')\n",
               *check.makespan_on_resources_ps,
               percent_of(*check.makespan_on_resources_ps, check.simulated_makespan_ps));
  }
}

void print_links(const SimulationCheck& check) {
  if (check.makespan_with_links_ps) {
    fmt::print("  over the links of the floor plans, which the analyzer leaves out: {} ps ({})\n",
               *check.makespan_with_links_ps,
               percent_of(*check.makespan_with_links_ps, check.simulated_makespan_ps));
  }
}

int simulate(const CheckOptions& options, const ResolvedPlan& plan, const Registry& registry) {
  const Component& simulator = require_component(registry, options.simulator);
  require_comparable(plan);
  const InterruptGuard interrupts;
  HostServices services(host_options(options.common, options.threads));
  const RunOutcome outcome = run_plan(plan, registry, services);
  if (outcome.result.partial) {
    throw CancelledError();
  }
  const SimulationCheck check = check_by_simulation(outcome, simulator, services);
  if (!options.common.quiet) {
    print_agreement(check);
    print_segments(check);
    print_links(check);
  }
  constexpr std::string_view kDemands[] = {"every job must be equal", "no job may end earlier",
                                           "jobs may end earlier or later"};
  const auto exactness = static_cast<std::size_t>(check.exactness);
  fmt::print("\nsimulation {}: makespan {} ps, simulated {} ps ({} analysis: {})\n",
             check.agrees ? "agrees" : "DISAGREES", check.makespan_ps, check.simulated_makespan_ps,
             kExactnessNames[exactness], kDemands[exactness]);
  return check.agrees ? kExitDone : kExitFailed;
}

}  // namespace

int check_command(const CheckOptions& options) {
  const RecipeSource source = recipe_source(options.recipe);
  const auto registry = open_registry(options.common, &source);
  const ResolvedPlan plan = resolve(source, *registry);
  if (!options.common.quiet) {
    print_chain(source, plan);
  }
  return options.simulate ? simulate(options, plan, *registry) : kExitDone;
}

}  // namespace imbrex::app
