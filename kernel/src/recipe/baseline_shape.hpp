// A baseline is cut into jobs as finely as what is compared with it.
#pragma once

#include "recipe/plan.hpp"
#include "recipe/recipe_value.hpp"

#include <span>

namespace imbrex::recipe {

// Parameters that say what one job is (`AnalysisRequest::shape`) and that the table of a baseline's
// overlap analyzer does not give become those of the last overlap analyzer of the main chain: a
// ratio of two runs compares schedules, not granularities. Other stages are left alone.
void take_job_shape(PlannedComponent& baseline_stage, const RecipeValue& table,
                    std::span<const PlannedComponent> main_stages);

}  // namespace imbrex::recipe
