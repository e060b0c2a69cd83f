#include "base/files.hpp"
#include "experiment/frozen_plan.hpp"
#include "experiment/frozen_tables.hpp"
#include "recipe/parsed_recipe.hpp"
#include "recipe/recipe_name.hpp"
#include "result/json_text.hpp"

#include <imbrex/plugin/error.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace imbrex::experiment {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kFrozenSchema = 1;

Json axes_json(const Experiment& experiment) {
  Json axes = Json::array();
  for (const Axis& axis : experiment.axes) {
    Json labels = Json::array();
    for (const Level& level : axis.levels) {
      labels.push_back(level.label);
    }
    axes.push_back({{"name", axis.name}, {"levels", std::move(labels)}});
  }
  return axes;
}

void read_axes(const Json& axes, Experiment& experiment) {
  for (const Json& json : axes) {
    Axis axis{json.at("name").get<std::string>(), {}};
    for (const Json& label : json.at("levels")) {
      axis.levels.push_back({label.get<std::string>(), {}, {}, {}});
    }
    experiment.axes.push_back(std::move(axis));
  }
}

Json parse(const fs::path& folder) {
  const fs::path file = folder / kFrozenName;
  try {
    Json json = Json::parse(read_text_file(file));
    if (json.at("schema") != kFrozenSchema) {
      throw InputError(fmt::format("'{}' was written by another imbrex", file.string()));
    }
    return json;
  } catch (const nlohmann::json::exception& error) {
    throw InputError(fmt::format("'{}' is damaged: {}", file.string(), error.what()));
  }
}

void read_plans(const Json& plans, const fs::path& folder, const plugin::Registry& registry,
                ExperimentPlan& out) {
  for (const Json& json : plans) {
    const auto sha256 = json.at("sha256").get<std::string>();
    const auto recipe = recipe::ParsedRecipe::of_text(json.at("plan").get<std::string>(),
                                                      fs::absolute(folder) / "plan.toml");
    recipe::Variant variant = recipe::resolve_variant(recipe, {}, registry);
    if (!variant.plan) {
      throw InputError(variant.errors);
    }
    if (variant.plan->sha256() != sha256) {
      throw InputError(
          fmt::format("run {} of '{}' is not what it was when the experiment was "
                      "frozen: a plugin knows other parameters, or another imbrex "
                      "reads it",
                      sha256.substr(0, 8), (folder / kFrozenName).string()));
    }
    out.plans.push_back(std::move(*variant.plan));
    out.sha256.push_back(sha256);
  }
}

void read_points(const Json& points, ExperimentPlan& out) {
  for (const Json& json : points) {
    PlannedPoint point;
    point.point.levels = json.at("levels").get<std::vector<std::size_t>>();
    point.plan = json.at("run").get<std::size_t>();
    bool good =
        point.plan < out.plans.size() && point.point.levels.size() == out.experiment.axes.size();
    for (std::size_t axis = 0; good && axis < point.point.levels.size(); ++axis) {
      good = point.point.levels[axis] < out.experiment.axes[axis].levels.size();
    }
    if (!good) {
      throw InputError(
          fmt::format("'{}' is damaged: a point names what is not there", kFrozenName));
    }
    out.points.push_back(std::move(point));
  }
}

}  // namespace

std::string frozen_text(const ExperimentPlan& plan, const fs::path& folder) {
  Json json;
  json["schema"] = kFrozenSchema;
  json["name"] = plan.experiment.name;
  json["question"] = plan.experiment.question;
  json["metrics"] = plan.experiment.metrics;
  json["time_limit_s"] = plan.experiment.time_limit_s.value_or(0);
  json["stop_on_failure"] = plan.experiment.stop_on_failure;
  json["axes"] = axes_json(plan.experiment);
  json["zips"] = plan.experiment.zips;
  json["tables"] = tables_json(plan.experiment);
  json["contributions"] = contributions_json(plan.experiment);
  json["fronts"] = fronts_json(plan.experiment);
  if (!plan.generations.empty()) {
    json["search"] = search_json(plan);
  }
  json["points"] = Json::array();
  for (const PlannedPoint& point : plan.points) {
    json["points"].push_back({{"levels", point.point.levels}, {"run", point.plan}});
  }
  json["runs"] = Json::array();
  for (std::size_t i = 0; i < plan.plans.size(); ++i) {
    json["runs"].push_back(
        {{"sha256", plan.sha256[i]},
         {"plan", plan.plans[i].to_toml(fs::absolute(folder).lexically_normal())}});
  }
  return result::json_text(json);
}

ExperimentPlan read_frozen(const fs::path& folder, const plugin::Registry& registry) {
  const Json json = parse(folder);
  try {
    ExperimentPlan out;
    out.experiment.name = json.at("name").get<std::string>();
    if (!recipe::is_run_name(out.experiment.name)) {
      throw InputError(fmt::format("'{}' is damaged: its name is none", kFrozenName));
    }
    out.experiment.question = json.at("question").get<std::string>();
    out.experiment.metrics = json.at("metrics").get<std::vector<std::string>>();
    if (const double limit = json.at("time_limit_s").get<double>(); limit > 0) {
      out.experiment.time_limit_s = limit;
    }
    out.experiment.stop_on_failure = json.at("stop_on_failure").get<bool>();
    read_axes(json.at("axes"), out.experiment);
    read_zips(json.value("zips", Json::array()), out.experiment);
    read_tables(json.at("tables"), out.experiment);
    read_contributions(json.at("contributions"), out.experiment);
    read_fronts(json.at("fronts"), out.experiment);
    read_plans(json.at("runs"), folder, registry, out);
    read_points(json.at("points"), out);
    read_search(json.value("search", Json()), out);
    return out;
  } catch (const nlohmann::json::exception& error) {
    throw InputError(
        fmt::format("'{}' is damaged: {}", (folder / kFrozenName).string(), error.what()));
  }
}

std::string first_frozen_recipe(const fs::path& folder) {
  const Json json = parse(folder);
  return json.value("runs", Json::array()).empty()
             ? std::string()
             : json.at("runs").at(0).value("plan", std::string());
}

}  // namespace imbrex::experiment
