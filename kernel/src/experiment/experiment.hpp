// An experiment as it was asked for: a recipe, what varies in it, and what to make of the numbers.
// Plain values; `read_experiment` reads them from a file, the command line makes them from --set.
#pragma once

#include "recipe/edit.hpp"

#include <imbrex/plugin/document.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace imbrex::experiment {

// One value of an axis: its name in tables, and what it changes in the recipe.
struct Level {
  std::string label;
  recipe::Edits edits;           // in order
  std::filesystem::path recipe;  // another recipe than the experiment's; empty: that one
  SourcePosition position;       // in the experiment's document; line 0: nowhere
};

struct Axis {
  std::string name;
  std::vector<Level> levels;  // at least one; labels differ
};

// Some levels of some axes. A point is selected when each named axis has one of the levels.
struct Selection {
  // (axis, its levels by index)
  std::vector<std::pair<std::size_t, std::vector<std::size_t>>> choices;

  bool selects(const std::vector<std::size_t>& levels) const noexcept;
};

// How the values of many points become one; `spread`: "median (minimum .. maximum)".
enum class Aggregate : std::uint8_t {
  none,
  mean,
  geometric_mean,
  median,
  minimum,
  maximum,
  spread
};

// A number in a cell: a metric, or a fact of a stage ("stage.1.candidates"), of one point.
struct ValueSpec {
  std::string metric;
  std::string times;  // multiplied by this one, e.g. energy by delay; empty: as it is
  std::string over;   // divided by this one; empty: as it is
  // Of a relative table: the twin's value over this one, e.g. a speed-up. Else: one over it, e.g. a
  // rate.
  bool inverse = false;
  double scale = 1;
  int digits = 4;               // significant ones
  std::optional<int> decimals;  // behind the point, instead
};

// A table with a row per combination of the levels of `rows` and a column per level of `column`.
// What is left varies inside a cell and is aggregated.
struct TableSpec {
  std::string title;
  std::vector<ValueSpec> values;  // at least one
  std::string text;               // of a cell: "{} ({})"; a {} per value
  std::vector<std::size_t> rows;
  std::optional<std::size_t> column;
  Selection where;                    // only these points
  std::optional<Selection> relative;  // each value over that of its twin with these levels
  Aggregate aggregate = Aggregate::none;
  Aggregate summary = Aggregate::none;  // one more row, of all rows
};

// What each of some axes of two levels, without it and with it, contributes to a metric.
struct ContributionSpec {
  std::string title;
  std::string metric;
  std::vector<std::size_t> factors;
};

// The points that no other one beats in all of these metrics.
struct FrontSpec {
  std::string title;
  std::vector<std::string> metrics;  // at least two, each with a known direction
};

enum class SearchMethod : std::uint8_t {
  automatic,  // exhaustive where that runs no more points than the budget
  exhaustive,
  nsga2
};

// The points that no other one beats, without running all of them: the axes are genes.
struct SearchSpec {
  std::string title;
  std::vector<std::string> objectives;  // metrics: at least two, each with a known direction
  SearchMethod method = SearchMethod::automatic;
  std::size_t population = 32;  // points of a generation, a multiple of four
  std::size_t generations = 20;
  std::uint32_t seed = 1;
  SourcePosition position;  // of the objectives in the experiment's document
};

struct Experiment {
  std::string name;
  std::string question;
  std::filesystem::path recipe;
  recipe::Edits edits;     // of every point
  std::vector<Axis> axes;  // in the order of the file: the first varies slowest
  // Axes that take their first levels together, then their second ones, ...; as long as each other.
  std::vector<std::vector<std::size_t>> zips;
  std::vector<Selection> exclude;
  std::int64_t seeds = 0;            // >0: one more axis, the recipe's seed and the following ones
  std::vector<std::string> metrics;  // to show; empty: those that all points have
  std::vector<TableSpec> tables;
  std::vector<ContributionSpec> contributions;
  std::vector<FrontSpec> fronts;
  std::optional<SearchSpec> search;
  std::optional<double> time_limit_s;  // of one point
  bool stop_on_failure = false;
  std::shared_ptr<const Document> document;  // null: the command line
};

}  // namespace imbrex::experiment
