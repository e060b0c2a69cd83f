// The data of the page: columns instead of keys at every point, as there may be many points.
#include "experiment/page.hpp"

#include <imbrex/toolkit/text/page.hpp>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>

#include <nlohmann/json.hpp>

namespace imbrex::experiment {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kDataMark = "@DATA@";
constexpr std::string_view kConvergence = ".convergence";
// Of all convergence curves together, so that they take about a megabyte however many there are.
constexpr std::size_t kStepsOfAllCurves = 40'000;

// The levels of each axis that the page shows, by index: of a search, which may have chosen among
// thousands, those that came up.
using ShownLevels = std::vector<std::vector<std::size_t>>;

ShownLevels shown_levels(const ExperimentPlan& plan) {
  ShownLevels shown;
  for (std::size_t axis = 0; axis < plan.experiment.axes.size(); ++axis) {
    std::vector<bool> came_up(plan.experiment.axes[axis].levels.size(), plan.generations.empty());
    for (const PlannedPoint& point : plan.points) {
      came_up[point.point.levels[axis]] = true;
    }
    shown.emplace_back();
    for (std::size_t level = 0; level < came_up.size(); ++level) {
      if (came_up[level]) {
        shown.back().push_back(level);
      }
    }
  }
  return shown;
}

// Among those that are shown; nothing for one that is not.
std::optional<std::size_t> place_of(const std::vector<std::size_t>& shown, std::size_t level) {
  const auto at = std::lower_bound(shown.begin(), shown.end(), level);
  return at == shown.end() || *at != level
             ? std::nullopt
             : std::optional(static_cast<std::size_t>(at - shown.begin()));
}

Json page_axes_json(const Experiment& experiment, const ShownLevels& shown) {
  Json axes = Json::array();
  for (std::size_t axis = 0; axis < experiment.axes.size(); ++axis) {
    Json levels = Json::array();
    for (const std::size_t level : shown[axis]) {
      levels.push_back(experiment.axes[axis].levels[level].label);
    }
    axes.push_back({{"name", experiment.axes[axis].name}, {"levels", std::move(levels)}});
  }
  return axes;
}

// What the first table of the experiment that relates values to one level relates them to.
Json baseline_json(const Experiment& experiment, const ShownLevels& shown) {
  for (const TableSpec& table : experiment.tables) {
    if (table.relative && table.relative->choices.size() == 1 &&
        table.relative->choices[0].second.size() == 1) {
      const auto& [axis, levels] = table.relative->choices[0];
      const auto level = place_of(shown[axis], levels[0]);
      return level ? Json{{"axis", axis}, {"level", *level}} : Json();
    }
  }
  return nullptr;
}

Json page_fronts_json(const ExperimentPlan& plan, const Records& records) {
  Json fronts = Json::array();
  for (const FrontSpec& front : plan.experiment.fronts) {
    fronts.push_back({{"metrics", front.metrics}, {"points", front_points(plan, records, front)}});
  }
  return fronts;
}

Json points_json(const ExperimentPlan& plan, const ShownLevels& shown) {
  Json levels = Json::array();
  for (std::size_t axis = 0; axis < plan.experiment.axes.size(); ++axis) {
    levels.push_back(Json::array());
    for (const PlannedPoint& point : plan.points) {
      levels[axis].push_back(*place_of(shown[axis], point.point.levels[axis]));
    }
  }
  Json runs = Json::array();
  for (const PlannedPoint& point : plan.points) {
    runs.push_back(point.plan);
  }
  return {{"levels", std::move(levels)}, {"run", std::move(runs)}};
}

Json runs_json(const ExperimentPlan& plan, const Records& records) {
  Json states = Json::array();
  Json messages = Json::array();
  for (const auto& record : records) {
    states.push_back(record ? to_string(record->state) : "not run");
    messages.push_back(record ? record->message : "");
  }
  return {{"digest", plan.sha256}, {"state", std::move(states)}, {"message", std::move(messages)}};
}

// By reference: curves are long.
const std::vector<std::pair<std::string, Quantity>>& stated_by(
    const std::optional<PointRecord>& record) {
  static const std::vector<std::pair<std::string, Quantity>> none;
  return record ? record->quantities : none;
}

int sign_of(Direction direction) noexcept {
  return direction == Direction::unknown ? 0 : direction == Direction::less_is_better ? -1 : 1;
}

// Those that are numbers, in the order in which they are met first; null where a run has none.
Json quantities_json(const Records& records) {
  Json quantities = Json::array();
  std::map<std::string, std::size_t> columns;
  for (std::size_t run = 0; run < records.size(); ++run) {
    for (const auto& [name, quantity] : stated_by(records[run])) {
      if (std::holds_alternative<std::string>(quantity)) {
        continue;
      }
      const auto [at, is_new] = columns.emplace(name, quantities.size());
      if (is_new) {
        quantities.push_back({{"name", name},
                              {"unit", unit_of(name)},
                              {"better", sign_of(direction_of(name))},
                              {"values", Json(records.size(), nullptr)}});
      }
      Json& cell = quantities[at->second]["values"][run];
      std::visit([&](const auto& value) { cell = value; }, quantity);
    }
  }
  return quantities;
}

// "8:120 30:100" as 8, 120, 30, 100; of long curves `most` steps, the first and the last among
// them.
Json curve_json(const std::string& text, std::size_t most) {
  std::vector<double> numbers;
  for (const char* at = text.c_str(); *at != '\0';) {
    char* end = nullptr;
    numbers.push_back(std::strtod(at, &end));
    if (end == at) {
      return nullptr;
    }
    at = end + (*end == '\0' ? 0 : 1);
  }
  const std::size_t steps = numbers.size() / 2;
  const std::size_t kept = std::min(steps, most);
  Json curve = Json::array();
  for (std::size_t i = 0; i < kept; ++i) {
    const std::size_t step = kept == 1 ? steps - 1 : i * (steps - 1) / (kept - 1);
    curve.push_back(numbers[2 * step]);
    curve.push_back(numbers[2 * step + 1]);
  }
  return curve;
}

// By stage, of those whose search states how it got on: a curve per run, or null.
Json convergence_json(const Records& records) {
  std::map<std::string, std::map<std::size_t, const std::string*>> texts;
  std::size_t count = 0;
  for (std::size_t run = 0; run < records.size(); ++run) {
    for (const auto& [name, quantity] : stated_by(records[run])) {
      const auto* const text = std::get_if<std::string>(&quantity);
      if (text != nullptr && std::string_view(name).ends_with(kConvergence)) {
        texts[name.substr(0, name.size() - kConvergence.size())][run] = text;
        ++count;
      }
    }
  }
  Json stages = Json::array();
  for (const auto& [stage, of_runs] : texts) {
    Json curves(records.size(), nullptr);
    for (const auto& [run, text] : of_runs) {
      curves[run] = curve_json(*text, std::clamp<std::size_t>(kStepsOfAllCurves / count, 8, 64));
    }
    stages.push_back({{"stage", stage}, {"curves", std::move(curves)}});
  }
  return stages;
}

Json page_json(const ExperimentPlan& plan, const Records& records) {
  const Experiment& experiment = plan.experiment;
  Json tables = Json::array();
  for (const Table& table : tables_of(plan, records)) {
    tables.push_back({{"title", table.title},
                      {"labels", table.labels},
                      {"header", table.header},
                      {"rows", table.rows}});
  }
  const Table points = points_table(plan, records);
  const ShownLevels shown = shown_levels(plan);
  return {{"schema", 1},
          {"name", experiment.name},
          {"question", experiment.question},
          {"axes", page_axes_json(experiment, shown)},
          {"zips", experiment.zips},
          {"baseline", baseline_json(experiment, shown)},
          // Tables made from points alone would repeat the table of points that the page has.
          {"tables", experiment.tables.empty() && experiment.contributions.empty() &&
                             experiment.fronts.empty()
                         ? Json::array()
                         : std::move(tables)},
          {"fronts", page_fronts_json(plan, records)},
          {"shown", std::vector(points.header.begin() + static_cast<std::ptrdiff_t>(points.labels),
                                points.header.end())},
          {"points", points_json(plan, shown)},
          {"runs", runs_json(plan, records)},
          {"quantities", quantities_json(records)},
          {"convergence", convergence_json(records)}};
}

}  // namespace

std::string experiment_page(const ExperimentPlan& plan, const Records& records) {
  const std::string json =
      page_json(plan, records).dump(-1, ' ', false, Json::error_handler_t::replace);
  return text::page_with(kPageTemplate, kDataMark, json);
}

}  // namespace imbrex::experiment
