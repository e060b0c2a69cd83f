// `imbrex check RECIPE`: is the recipe valid, and, with --simulate, is its answer confirmed?
#include "command_parts.hpp"
#include "commands.hpp"
#include "interrupt.hpp"
#include "messages.hpp"
#include "plugin/parameter_text.hpp"
#include "plugin/traits.hpp"
#include "run/runner.hpp"
#include "run/simulation_check.hpp"
#include "run_parts.hpp"
#include "tables_json.hpp"

#include <imbrex/toolkit/text/table.hpp>

#include <cmath>
#include <cstdio>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace imbrex::app {
namespace {

std::string parameters(const recipe::PlannedComponent& planned) {
  std::string text;
  for (const ParamSpec& spec : planned.config.component().params) {
    ParamSpec shown = spec;
    shown.required = false;  // a resolved plan has a value for it
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", spec.name,
                        plugin::value_text(shown, planned.config.value(spec)));
  }
  return text;
}

void add(text::Table& table, std::string role, const recipe::PlannedComponent& planned) {
  table.row({std::move(role), std::string(planned.id()), parameters(planned)});
}

void print_chain(const recipe::RecipeSource& source, const recipe::ResolvedPlan& plan) {
  text::Table table({"ROLE", "COMPONENT", "PARAMETERS"}, "lL");
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
  fmt::print("{}: valid\n{}\n{}", source.path.string(),
             paragraph(fmt::format("name {}, seed {}, objective {}, plan sha256 {}", plan.name,
                                   plan.seed, plan.objective, plan.sha256().substr(0, 16)),
                       2),
             table.text(stdout_style(), 2));
}

// A search may stay in a chain that moves from one machine to another, but not in silence.
void warn_of_idle_searches(const recipe::ResolvedPlan& plan) {
  for (const recipe::PlannedComponent& stage : plan.stages) {
    if (plugin::is_idle_search(stage.config.component(),
                               plan.cost.config.component().provides_traits)) {
      tell(fmt::format("warning: {} has nothing to search: {} offers no choice of mappings",
                       stage.where, plan.cost.where),
           Severity::warning);
    }
  }
}

void print_agreement(const run::SimulationCheck& check) {
  text::Table table({"OPERATOR", "START_PS", "END_PS", "SIMULATED_START_PS", "SIMULATED_END_PS",
                     "DIFFERING_JOBS", "VERDICT"},
                    "lrrrrrl");
  const bool judged = check.rule.exactness != Exactness::estimate;
  for (const run::OperatorAgreement& op : check.operators) {
    table.row({op.name, fmt::format("{}", op.analysed.start_ps),
               fmt::format("{}", op.analysed.end_ps), fmt::format("{}", op.simulated.start_ps),
               fmt::format("{}", op.simulated.end_ps), fmt::format("{}", op.differing_jobs),
               !op.agrees ? "DIFFERS"
               : judged   ? "agrees"
                          : "-"});
  }
  fmt::print("\n{}", table.text(stdout_style(), 2));
}

std::string percent_of(std::int64_t ps, std::int64_t reference_ps) {
  return reference_ps > 0
             ? fmt::format("{:+.1f} %",
                           100 * (static_cast<double>(ps) / static_cast<double>(reference_ps) - 1))
             : std::string("-");
}

// How long each segment takes, by everybody who has an opinion; deviations from the simulator.
void print_segments(const run::SimulationCheck& check) {
  if (check.segments.empty()) {
    return;
  }
  text::Table table({"SEGMENT", "ESTIMATE_PS", "ANALYSED_PS", "SIMULATED_PS", "ESTIMATE_ERROR",
                     "ON_RESOURCES_START_PS", "ON_RESOURCES_END_PS"},
                    "rrrrrrr");
  for (const run::SegmentAgreement& one : check.segments) {
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
  fmt::print("\n{}", table.text(stdout_style(), 2));
  if (check.makespan_on_resources_ps) {
    fmt::print("  on resources, without barriers: {} ps ({} of the barriers')\n",
               *check.makespan_on_resources_ps,
               percent_of(*check.makespan_on_resources_ps, check.simulated_makespan_ps));
  }
}

void print_links(const run::SimulationCheck& check) {
  if (check.makespan_with_links_ps) {
    fmt::print("  over the links of the floor plans, which the recipe leaves out: {} ps ({})\n",
               *check.makespan_with_links_ps,
               percent_of(*check.makespan_with_links_ps, check.simulated_makespan_ps));
  }
}

// How far the analysis is off, and where most.
void print_distance(const run::SimulationCheck& check) {
  fmt::print("\n  makespan {:+.2f} % of the simulated one", check.off_percent());
  if (const run::OperatorAgreement* worst = check.worst()) {
    const double off = check.off_percent(*worst);
    fmt::print("; {} is off most and ends {:.2f} % of it {}", worst->name, std::abs(off),
               off > 0 ? "late" : "early");
  }
  fmt::print("\n");
}

// What was asked of the analysis, in words.
std::string demand(const run::AgreementRule& rule) {
  const double tolerance = rule.tolerance();
  if (rule.exactness == Exactness::estimate) {
    return fmt::format("the makespan may be {} by up to {} %", rule.sequential ? "early" : "off",
                       tolerance);
  }
  if (rule.sequential) {
    return "it delays operators on purpose, so no job may end earlier";
  }
  if (rule.exactness == Exactness::conservative) {
    return rule.tolerance_percent
               ? fmt::format("no job may end earlier, nor the makespan be late by more than {} %",
                             tolerance)
               : "no job may end earlier";
  }
  return tolerance > 0
             ? fmt::format("every job must be equal but for {} % of the makespan", tolerance)
             : "every job must be equal";
}

void print_verdict(const run::RunOutcome& outcome, const run::SimulationCheck& check) {
  const std::string_view exactness = kExactnessNames[index(check.rule.exactness)];
  fmt::print("\n{}",
             paragraph(fmt::format("simulation {}: makespan {} ps, simulated {} ps ({} "
                                   "analysis: {})",
                                   check.agrees ? "agrees" : "DISAGREES", check.makespan_ps,
                                   check.simulated_makespan_ps, exactness, demand(check.rule)),
                       0));
  if (!outcome.result.exactness_reasons.empty()) {
    fmt::print("{}", paragraph(fmt::format("{}: {}", exactness,
                                           fmt::join(outcome.result.exactness_reasons, ", ")),
                               0));
  }
}

int simulate(const CheckOptions& options, const recipe::ResolvedPlan& plan,
             const plugin::Registry& registry, plugin::HostServices& services) {
  const Component& simulator = require_component(registry, options.simulator);
  const InterruptGuard interrupts;
  const run::RunOutcome outcome = run::run_plan(plan, registry, services, memory_checks(0));
  if (outcome.result.partial) {
    throw CancelledError();
  }
  run::AgreementRule rule;
  rule.sequential = run::ends_sequential(plan);
  rule.tolerance_percent = options.tolerance_percent;
  const run::SimulationCheck check = run::check_by_simulation(outcome, simulator, services, rule);
  if (options.format == "json") {
    fmt::print("{}", check_json(plan, &check));
    return check.agrees ? kExitDone : kExitFailed;
  }
  if (!options.common.quiet) {
    print_agreement(check);
    print_segments(check);
    print_links(check);
    print_distance(check);
  }
  print_verdict(outcome, check);
  return check.agrees ? kExitDone : kExitFailed;
}

}  // namespace

int check_command(const CheckOptions& options) {
  const recipe::RecipeSource source = recipe_source(options.recipe);
  const auto registry = open_registry(options.common, &source);
  const recipe::ResolvedPlan plan = resolve_and_tell(source, *registry, options.common.quiet);
  plugin::HostServices services(host_options(options.common, options.threads));
  run::build_plan(plan, services);
  if (options.format == "json" && !options.simulate) {
    fmt::print("{}", check_json(plan, nullptr));
  } else if (!options.common.quiet && options.format != "json") {
    print_chain(source, plan);
  }
  if (!options.common.quiet) {
    warn_of_idle_searches(plan);
  }
  return options.simulate ? simulate(options, plan, *registry, services) : kExitDone;
}

}  // namespace imbrex::app
