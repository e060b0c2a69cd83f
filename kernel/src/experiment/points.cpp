#include "experiment/points.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <limits>

#include <fmt/format.h>

namespace imbrex::experiment {
namespace {

void require_few(const std::vector<Wheel>& wheels) {
  if (combinations_of(wheels) > kMostPoints) {
    throw InputError(fmt::format("the axes make more than {} points", kMostPoints));
  }
}

// The next combination, the last wheel turning fastest; false after the last one.
bool turn(const std::vector<Wheel>& wheels, Point& point) {
  for (auto wheel = wheels.rbegin(); wheel != wheels.rend(); ++wheel) {
    const std::size_t next = point.levels[wheel->axes.front()] + 1;
    for (const std::size_t axis : wheel->axes) {
      point.levels[axis] = next % wheel->size;
    }
    if (next < wheel->size) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::vector<Wheel> wheels_of(const Experiment& experiment) {
  std::vector<Wheel> wheels;
  std::vector<bool> placed(experiment.axes.size(), false);
  for (std::size_t axis = 0; axis < experiment.axes.size(); ++axis) {
    if (placed[axis]) {
      continue;
    }
    Wheel wheel{{axis}, experiment.axes[axis].levels.size()};
    for (const auto& zip : experiment.zips) {
      if (std::find(zip.begin(), zip.end(), axis) != zip.end()) {
        wheel.axes = zip;
      }
    }
    for (const std::size_t member : wheel.axes) {
      placed[member] = true;
    }
    wheels.push_back(std::move(wheel));
  }
  return wheels;
}

std::size_t combinations_of(const std::vector<Wheel>& wheels) noexcept {
  constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max();
  std::size_t count = 1;
  for (const Wheel& wheel : wheels) {
    if (count > kMost / wheel.size) {
      return kMost;
    }
    count *= wheel.size;
  }
  return count;
}

bool is_excluded(const Experiment& experiment, const Point& point) noexcept {
  return std::any_of(experiment.exclude.begin(), experiment.exclude.end(),
                     [&](const Selection& selection) { return selection.selects(point.levels); });
}

bool Selection::selects(const std::vector<std::size_t>& levels) const noexcept {
  return std::all_of(choices.begin(), choices.end(), [&](const auto& choice) {
    const auto& [axis, allowed] = choice;
    return std::find(allowed.begin(), allowed.end(), levels[axis]) != allowed.end();
  });
}

std::vector<Point> points_of(const Experiment& experiment) {
  const std::vector<Wheel> wheels = wheels_of(experiment);
  require_few(wheels);
  std::vector<Point> points;
  Point point{std::vector<std::size_t>(experiment.axes.size(), 0)};
  do {
    if (!is_excluded(experiment, point)) {
      points.push_back(point);
    }
  } while (turn(wheels, point));
  if (points.empty()) {
    throw InputError("every point is excluded");
  }
  return points;
}

std::string description_of(const Experiment& experiment, const Point& point) {
  std::string text;
  for (std::size_t axis = 0; axis < point.levels.size(); ++axis) {
    const Axis& of = experiment.axes[axis];
    text +=
        fmt::format("{}{}={}", axis == 0 ? "" : ", ", of.name, of.levels[point.levels[axis]].label);
  }
  return text.empty() ? "the only point" : text;
}

recipe::Edits edits_of(const Experiment& experiment, const Point& point) {
  recipe::Edits edits = experiment.edits;
  for (std::size_t axis = 0; axis < point.levels.size(); ++axis) {
    const Level& level = experiment.axes[axis].levels[point.levels[axis]];
    edits.insert(edits.end(), level.edits.begin(), level.edits.end());
  }
  return edits;
}

std::filesystem::path recipe_of(const Experiment& experiment, const Point& point) {
  std::filesystem::path recipe = experiment.recipe;
  for (std::size_t axis = 0; axis < point.levels.size(); ++axis) {
    const Level& level = experiment.axes[axis].levels[point.levels[axis]];
    recipe = level.recipe.empty() ? recipe : level.recipe;
  }
  return recipe;
}

std::filesystem::path recipe_of_first_point(const Experiment& experiment) {
  return recipe_of(experiment, {std::vector<std::size_t>(experiment.axes.size(), 0)});
}

}  // namespace imbrex::experiment
