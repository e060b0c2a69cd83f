// From points to plans: every one resolved before any runs, equal ones found.
#pragma once

#include "experiment/experiment.hpp"
#include "experiment/points.hpp"
#include "recipe/notes.hpp"
#include "recipe/plan.hpp"

#include <memory>
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
  // Of a search: how many points there were at the end of each generation.
  std::vector<std::size_t> generations;
};

// Resolves points as they come up. Each recipe, and each file that it names, is read once.
class PointPlanner {
 public:
  PointPlanner(Experiment experiment, const plugin::Registry& registry);
  ~PointPlanner();

  // Errors: as those of `plan_experiment`.
  void add(std::vector<Point> points);
  ExperimentPlan& plan() noexcept;

 private:
  class Work;
  std::unique_ptr<Work> work_;
};

// Errors: InputError that names every level, or combination of levels, with which the recipe cannot
// be resolved, at its place in the experiment's file. Complexity: one resolution per point. A
// search is answered by every point: its front is one more table.
ExperimentPlan plan_experiment(Experiment experiment, const plugin::Registry& registry);

}  // namespace imbrex::experiment
