// One point, from its plan to its record.
#pragma once

#include "experiment/point_record.hpp"
#include "plugin/registry.hpp"
#include "recipe/plan.hpp"
#include "run/checks.hpp"

#include <string>
#include <string_view>

namespace imbrex::experiment {

// A record that says everything but how the run ended. `imbrex_sha256`: of the command and its
// library; `folder`: where the store lies.
PointRecord begin_record(const recipe::ResolvedPlan& plan, const std::string& plan_sha256,
                         const plugin::Registry& registry, const std::string& imbrex_sha256,
                         const std::filesystem::path& folder);

// Why the record does not hold for what would run now: "plugin 'x' has changed", "the last run
// crashed"; empty when it does.
std::string why_again(const PointRecord& kept, const PointRecord& now);

// Runs the plan on the calling thread. Whatever it throws is in the record. Nothing is printed.
void run_point(const recipe::ResolvedPlan& plan, const plugin::Registry& registry,
               run::Checks checks, PointRecord& record);

}  // namespace imbrex::experiment
