#include "experiment/plan_points.hpp"

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

class Planner {
 public:
  Planner(Experiment experiment, const recipe::ComponentLookup& lookup) : lookup_(lookup) {
    out_.experiment = std::move(experiment);
  }

  ExperimentPlan plan() {
    add_seeds();
    for (Point& point : points_of(out_.experiment)) {
      add(std::move(point));
    }
    report();
    return std::move(out_);
  }

 private:
  recipe::ResolvedPlan resolve(const Point& point) const {
    const Experiment& experiment = out_.experiment;
    return recipe::resolve({recipe_of(experiment, point), edits_of(experiment, point)}, lookup_);
  }

  // The recipe says which seed is the first.
  void add_seeds() {
    Experiment& experiment = out_.experiment;
    if (experiment.seeds <= 0) {
      return;
    }
    std::uint64_t first = 0;
    try {
      first = resolve(points_of(experiment).front()).seed;
    } catch (const InputError&) {
      // Every point will say what is wrong.
    }
    Axis axis{"seed", {}};
    for (std::int64_t i = 0; i < experiment.seeds; ++i) {
      const std::string seed = std::to_string(first + static_cast<std::uint64_t>(i));
      axis.levels.push_back({seed, {"seed=" + seed}, {}, {}});
    }
    experiment.axes.push_back(std::move(axis));
  }

  void add(Point point) {
    try {
      recipe::ResolvedPlan plan = resolve(point);
      std::string sha256 = plan.sha256();
      const auto [at, is_new] = known_.try_emplace(sha256, out_.plans.size());
      if (is_new) {
        out_.plans.push_back(std::move(plan));
        out_.sha256.push_back(std::move(sha256));
      }
      out_.points.push_back({std::move(point), at->second});
    } catch (const InputError& error) {
      blame(point, error.what());
    }
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

  std::string mistake(const Level& level) const {
    recipe::Edits edits = out_.experiment.edits;
    edits.insert(edits.end(), level.edits.begin(), level.edits.end());
    try {
      recipe::resolve(
          {level.recipe.empty() ? out_.experiment.recipe : level.recipe, std::move(edits)},
          lookup_);
      return {};
    } catch (const InputError& error) {
      return std::string(first_message(error.what()));
    }
  }

  void complain(SourcePosition position, std::string message) {
    if (!said_.insert(message).second) {
      return;
    }
    if (out_.experiment.document != nullptr && position.line > 0) {
      diagnostics_.error(*out_.experiment.document, position, message);
    } else {
      diagnostics_.error(message);
    }
  }

  void report() const { diagnostics_.throw_if_any(); }

  const recipe::ComponentLookup& lookup_;
  ExperimentPlan out_;
  std::unordered_map<std::string, std::size_t> known_;
  std::map<std::pair<std::size_t, std::size_t>, std::string> alone_;
  std::optional<std::string> unchanged_;  // what is wrong without any level
  std::set<std::string> said_;
  Diagnostics diagnostics_;
};

}  // namespace

ExperimentPlan plan_experiment(Experiment experiment, const recipe::ComponentLookup& lookup) {
  return Planner(std::move(experiment), lookup).plan();
}

}  // namespace imbrex::experiment
