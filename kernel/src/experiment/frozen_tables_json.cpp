#include "experiment/frozen_tables.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>

#include <nlohmann/json.hpp>

namespace imbrex::experiment {
namespace {

using Json = nlohmann::ordered_json;

Json value_json(const ValueSpec& value) {
  Json json;
  json["metric"] = value.metric;
  json["times"] = value.times;
  json["over"] = value.over;
  json["inverse"] = value.inverse;
  json["scale"] = value.scale;
  json["digits"] = value.digits;
  json["decimals"] = value.decimals.value_or(-1);
  return json;
}

ValueSpec value_of(const Json& json) {
  ValueSpec value;
  value.metric = json.at("metric").get<std::string>();
  value.times = json.at("times").get<std::string>();
  value.over = json.at("over").get<std::string>();
  value.inverse = json.at("inverse").get<bool>();
  value.scale = json.at("scale").get<double>();
  value.digits = json.at("digits").get<int>();
  if (const int decimals = json.at("decimals").get<int>(); decimals >= 0) {
    value.decimals = decimals;
  }
  return value;
}

// Index of an axis or a level.
std::size_t index_in(const Json& json, std::size_t size) {
  const auto index = json.get<std::size_t>();
  if (index >= size) {
    throw InputError(
        "the frozen experiment is damaged: it names an axis, a value or a point that is not there");
  }
  return index;
}

std::vector<std::size_t> axes_of(const Json& json, const Experiment& experiment) {
  std::vector<std::size_t> axes;
  for (const Json& axis : json) {
    axes.push_back(index_in(axis, experiment.axes.size()));
  }
  return axes;
}

Selection selection_of(const Json& json, const Experiment& experiment) {
  Selection selection;
  for (const Json& choice : json) {
    const std::size_t axis = index_in(choice.at(0), experiment.axes.size());
    std::vector<std::size_t> levels;
    for (const Json& level : choice.at(1)) {
      levels.push_back(index_in(level, experiment.axes[axis].levels.size()));
    }
    index_in(Json(0), levels.size());  // at least one
    selection.choices.emplace_back(axis, std::move(levels));
  }
  return selection;
}

TableSpec table_of(const Json& json, const Experiment& experiment) {
  TableSpec spec;
  spec.title = json.at("title").get<std::string>();
  for (const Json& value : json.at("values")) {
    spec.values.push_back(value_of(value));
  }
  spec.text = json.at("text").get<std::string>();
  spec.rows = axes_of(json.at("rows"), experiment);
  if (!json.at("column").is_null()) {
    spec.column = index_in(json.at("column"), experiment.axes.size());
  }
  spec.where = selection_of(json.at("where"), experiment);
  if (!json.at("relative").is_null()) {
    spec.relative = selection_of(json.at("relative"), experiment);
  }
  constexpr std::size_t kAggregates = static_cast<std::size_t>(Aggregate::spread) + 1;
  spec.aggregate = static_cast<Aggregate>(index_in(json.at("aggregate"), kAggregates));
  spec.summary = static_cast<Aggregate>(index_in(json.at("summary"), kAggregates));
  return spec;
}

}  // namespace

Json tables_json(const Experiment& experiment) {
  Json tables = Json::array();
  for (const TableSpec& spec : experiment.tables) {
    Json json;
    json["title"] = spec.title;
    json["values"] = Json::array();
    for (const ValueSpec& value : spec.values) {
      json["values"].push_back(value_json(value));
    }
    json["text"] = spec.text;
    json["rows"] = spec.rows;
    json["column"] = spec.column ? Json(*spec.column) : Json();
    json["where"] = spec.where.choices;
    json["relative"] = spec.relative ? Json(spec.relative->choices) : Json();
    json["aggregate"] = static_cast<std::size_t>(spec.aggregate);
    json["summary"] = static_cast<std::size_t>(spec.summary);
    tables.push_back(std::move(json));
  }
  return tables;
}

Json contributions_json(const Experiment& experiment) {
  Json list = Json::array();
  for (const ContributionSpec& spec : experiment.contributions) {
    list.push_back({{"title", spec.title}, {"metric", spec.metric}, {"factors", spec.factors}});
  }
  return list;
}

Json fronts_json(const Experiment& experiment) {
  Json list = Json::array();
  for (const FrontSpec& spec : experiment.fronts) {
    list.push_back({{"title", spec.title}, {"metrics", spec.metrics}});
  }
  return list;
}

void read_fronts(const Json& json, Experiment& experiment) {
  for (const Json& spec : json) {
    experiment.fronts.push_back(
        {spec.at("title").get<std::string>(), spec.at("metrics").get<std::vector<std::string>>()});
  }
}

Json search_json(const ExperimentPlan& plan) {
  return {{"objectives", plan.experiment.search->objectives}, {"generations", plan.generations}};
}

void read_search(const Json& json, ExperimentPlan& plan) {
  if (json.is_null()) {
    return;
  }
  SearchSpec search;
  search.objectives = json.at("objectives").get<std::vector<std::string>>();
  index_in(Json(1), search.objectives.size());  // at least two
  for (const Json& points : json.at("generations")) {
    plan.generations.push_back(index_in(points, plan.points.size() + 1));
  }
  if (!std::is_sorted(plan.generations.begin(), plan.generations.end())) {
    throw InputError("the frozen experiment is damaged: it has fewer points than a generation ago");
  }
  plan.experiment.search = std::move(search);
}

void read_zips(const Json& json, Experiment& experiment) {
  for (const Json& zip : json) {
    experiment.zips.push_back(axes_of(zip, experiment));
  }
}

void read_tables(const Json& json, Experiment& experiment) {
  for (const Json& table : json) {
    experiment.tables.push_back(table_of(table, experiment));
  }
}

void read_contributions(const Json& json, Experiment& experiment) {
  for (const Json& spec : json) {
    experiment.contributions.push_back({spec.at("title").get<std::string>(),
                                        spec.at("metric").get<std::string>(),
                                        axes_of(spec.at("factors"), experiment)});
  }
}

}  // namespace imbrex::experiment
