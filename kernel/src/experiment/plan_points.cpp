#include "experiment/plan_points.hpp"

#include "experiment/search.hpp"
#include "experiment/tables.hpp"
#include "recipe/parsed_recipe.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

namespace imbrex::experiment {
namespace {

// A message without the place that the recipe's reader gives it: "file:1:2: error: what" -> "what".
std::string_view first_message(std::string_view text) noexcept {
  constexpr std::string_view kMark = ": error: ";
  const std::size_t mark = text.find(kMark);
  text.remove_prefix(mark == std::string_view::npos ? 0 : mark + kMark.size());
  return text.substr(0, text.find('\n'));
}

}  // namespace

class PointPlanner::Work {
 public:
  Work(Experiment experiment, const plugin::Registry& registry) : registry_(registry) {
    out_.experiment = std::move(experiment);
    add_seeds();
  }

  ExperimentPlan& plan() noexcept { return out_; }
  void add_all(std::vector<Point> points) {
    for (Point& point : points) {
      add(std::move(point));
    }
    report();
  }

 private:
  // Each recipe is read once.
  const recipe::ParsedRecipe& parsed(const std::filesystem::path& path) {
    const auto at = recipes_.find(path);
    return at != recipes_.end()
               ? at->second
               : recipes_.emplace(path, recipe::ParsedRecipe::of_file(path)).first->second;
  }

  recipe::Variant resolve(const Point& point) {
    const Experiment& experiment = out_.experiment;
    return recipe::resolve_variant(parsed(recipe_of(experiment, point)),
                                   edits_of(experiment, point), registry_);
  }

  // The recipe says which seed is the first.
  void add_seeds() {
    Experiment& experiment = out_.experiment;
    if (experiment.seeds <= 0) {
      return;
    }
    // When the first point cannot be resolved, every point will say what is wrong.
    const recipe::Variant variant = resolve(points_of(experiment).front());
    const std::uint64_t first = variant.plan ? variant.plan->seed : 0;
    Axis axis{"seed", {}};
    for (std::int64_t i = 0; i < experiment.seeds; ++i) {
      const std::string seed = std::to_string(first + static_cast<std::uint64_t>(i));
      axis.levels.push_back({seed, {"seed=" + seed}, {}, {}});
    }
    experiment.axes.push_back(std::move(axis));
  }

  void add(Point point) {
    recipe::Variant variant = resolve(point);
    if (!variant.plan) {
      blame(point, variant.errors);
      return;
    }
    for (const std::string& note : variant.notes) {
      if (told_.insert(note).second) {
        out_.notes.push_back(note);
      }
    }
    std::string sha256 = variant.plan->sha256();
    const auto [at, is_new] = known_.try_emplace(sha256, out_.plans.size());
    if (is_new) {
      out_.plans.push_back(std::move(*variant.plan));
      out_.sha256.push_back(std::move(sha256));
    }
    out_.points.push_back({std::move(point), at->second});
  }

  // The first level that alone is wrong is to blame; else the combination.
  void blame(const Point& point, const std::string& message) {
    const Experiment& experiment = out_.experiment;
    for (std::size_t axis = 0; axis < point.levels.size(); ++axis) {
      const std::size_t level = point.levels[axis];
      if (const auto alone = wrong_alone(axis, level); !alone.empty()) {
        const Axis& of = experiment.axes[axis];
        complain(of.levels[level].position,
                 fmt::format("axis '{}', value '{}': {}", of.name, of.levels[level].label, alone));
        return;
      }
    }
    const SourcePosition position = experiment.axes.empty()
                                        ? SourcePosition{}
                                        : experiment.axes.front().levels.front().position;
    complain(position,
             fmt::format("{}: {}", description_of(experiment, point), first_message(message)));
  }

  // What is wrong when only this level changes the recipe, and not without it; asked once.
  const std::string& wrong_alone(std::size_t axis, std::size_t level) {
    const auto [at, is_new] = alone_.try_emplace({axis, level});
    if (is_new) {
      at->second = mistake(out_.experiment.axes[axis].levels[level]);
      if (!unchanged_) {
        unchanged_ = mistake(Level());
      }
      if (at->second == *unchanged_) {
        at->second.clear();  // the recipe leaves something to be set by another axis
      }
    }
    return at->second;
  }

  std::string mistake(const Level& level) {
    recipe::Edits edits = out_.experiment.edits;
    edits.insert(edits.end(), level.edits.begin(), level.edits.end());
    const recipe::Variant variant = recipe::resolve_variant(
        parsed(level.recipe.empty() ? out_.experiment.recipe : level.recipe), edits, registry_);
    return std::string(first_message(variant.errors));
  }

  void complain(SourcePosition position, std::string message) {
    if (!said_.insert(message).second) {
      return;
    }
    if (out_.experiment.document != nullptr && position.line > 0) {
      diagnostics_.error(*out_.experiment.document, position, message);
    } else {
      nowhere_ += (nowhere_.empty() ? "" : "\n") + message;
    }
  }

  void report() const {
    if (!nowhere_.empty()) {
      throw InputError(nowhere_ + (diagnostics_.empty() ? "" : "\n") + diagnostics_.text());
    }
    diagnostics_.throw_if_any();
  }

  const plugin::Registry& registry_;
  ExperimentPlan out_;
  std::map<std::filesystem::path, recipe::ParsedRecipe> recipes_;
  std::unordered_map<std::string, std::size_t> known_;
  std::set<std::string> told_;
  std::map<std::pair<std::size_t, std::size_t>, std::string> alone_;
  std::optional<std::string> unchanged_;  // what is wrong without any level
  std::set<std::string> said_;
  Diagnostics diagnostics_;
  std::string nowhere_;  // what has no place in a file
};

PointPlanner::PointPlanner(Experiment experiment, const plugin::Registry& registry)
    : work_(std::make_unique<Work>(std::move(experiment), registry)) {}

PointPlanner::~PointPlanner() = default;

void PointPlanner::add(std::vector<Point> points) {
  work_->add_all(std::move(points));
}

ExperimentPlan& PointPlanner::plan() noexcept {
  return work_->plan();
}

ExperimentPlan plan_experiment(Experiment experiment, const plugin::Registry& registry) {
  PointPlanner planner(std::move(experiment), registry);
  ExperimentPlan& plan = planner.plan();
  planner.add(points_of(plan.experiment));
  add_exact_front(plan);
  require_room(plan);
  return std::move(plan);
}

}  // namespace imbrex::experiment
