// From axes to points: crossed, zipped, without what is excluded.
#pragma once

#include "experiment/experiment.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace imbrex::experiment {

inline constexpr std::size_t kMostPoints = 1'000'000;

struct Point {
  std::vector<std::size_t> levels;  // one per axis
};

// In the order of nested loops, the first axis outermost; zipped axes stand where the first of them
// does. Errors: InputError (more than kMostPoints, everything excluded).
std::vector<Point> points_of(const Experiment& experiment);

// Axes that vary together: one digit of a counter that runs through all points, one gene of a
// search.
struct Wheel {
  std::vector<std::size_t> axes;
  std::size_t size = 0;
};
// In the order of their first axes.
std::vector<Wheel> wheels_of(const Experiment& experiment);
// All combinations, excluded ones among them; the largest number there is when it is exceeded.
std::size_t combinations_of(const std::vector<Wheel>& wheels) noexcept;
bool is_excluded(const Experiment& experiment, const Point& point) noexcept;

// "chip=compass-s, batch=4", or "the only point" without axes.
std::string description_of(const Experiment& experiment, const Point& point);

// What the point changes in the recipe: what every point changes, then its levels, axis by axis.
recipe::Edits edits_of(const Experiment& experiment, const Point& point);
// The recipe of the point: that of the last axis whose level has one.
std::filesystem::path recipe_of(const Experiment& experiment, const Point& point);

// Where everybody looks first, e.g. for the plugins that a recipe names.
std::filesystem::path recipe_of_first_point(const Experiment& experiment);

}  // namespace imbrex::experiment
