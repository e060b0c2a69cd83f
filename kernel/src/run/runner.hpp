// File: runner.hpp
//
// Runs a resolved plan: workload -> architecture and cost -> stages -> result. Writes nothing.
#pragma once

#include <imbrex/result.hpp>

#include "plugin/host_services.hpp"
#include "recipe/plan.hpp"

#include <functional>
#include <memory>

namespace imbrex {

struct RunOutcome {
  Result result;
  std::shared_ptr<const Workload> workload;
  std::shared_ptr<const Design> design;     // after the last stage, with its timeline
};

// Errors: InputError (workload file), InfeasibleError, CancelledError when nothing is worth keeping.
// Interrupted later, the outcome has result.partial set.
IMBREX_API RunOutcome run_plan(const ResolvedPlan& plan, const Registry& registry,
                               HostServices& services);

}  // namespace imbrex
