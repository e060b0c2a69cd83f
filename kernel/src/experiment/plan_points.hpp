// From points to plans: every one resolved before any runs, equal ones found.
#pragma once

#include "experiment/experiment.hpp"
#include "experiment/points.hpp"
#include "recipe/notes.hpp"
#include "recipe/plan.hpp"

#include <string>
#include <vector>

namespace imbrex::experiment {

struct PlannedPoint {
  Point point;
  std::size_t plan = 0;  // index into `plans`: several points may be one and the same run
};

struct ExperimentPlan {
  Experiment experiment;  // with the axis of its seeds
  std::vector<PlannedPoint> points;
  std::vector<recipe::ResolvedPlan> plans;
  std::vector<std::string> sha256;  // of the plans
  recipe::Notes notes;              // what was decided for the user, each once
};

// Errors: InputError that names every level, or combination of levels, with which the recipe cannot
// be resolved, at its place in the experiment's file. Complexity: one resolution per point.
ExperimentPlan plan_experiment(Experiment experiment, const plugin::Registry& registry);

}  // namespace imbrex::experiment
