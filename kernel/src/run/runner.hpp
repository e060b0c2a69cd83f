// Runs a resolved plan: workload -> architecture and cost -> stages -> result. Writes nothing.
#pragma once

#include "plugin/host_services.hpp"
#include "recipe/plan.hpp"
#include "run/bound_machine.hpp"
#include "run/checks.hpp"

#include <imbrex/values/result.hpp>

#include <memory>

namespace imbrex::run {

struct RunOutcome {
  Result result;
  std::shared_ptr<const Workload> workload;  // as it was read; the design's may have layers split
  std::shared_ptr<const BoundMachine> machine;  // what the design is laid out on
  std::shared_ptr<const Design> design;         // after the last stage, with its timeline
  AnalysisRequest request;                      // of the analyzer that made the timeline
  std::string failure;  // of an isolated stage, whose result is partial; empty: none failed
};

// Errors: InputError (workload file), InfeasibleError, CancelledError when nothing is worth
// keeping. Interrupted later, the outcome has result.partial set.
RunOutcome run_plan(const recipe::ResolvedPlan& plan, const plugin::Registry& registry,
                    plugin::HostServices& services, Checks checks = {});

// Makes everything that a run of the plan makes before its first stage runs, of the main chain and
// of the baseline, and the reporters: reads the workload, and runs no stage. Errors: as `run_plan`,
// whatever a constructor refuses.
void build_plan(const recipe::ResolvedPlan& plan, plugin::HostServices& services);

}  // namespace imbrex::run
