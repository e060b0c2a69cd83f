#include "experiment/render.hpp"
#include "result/json_text.hpp"

#include <nlohmann/json.hpp>

namespace imbrex::experiment {
namespace {

using Json = nlohmann::ordered_json;

Json point_json(const ExperimentPlan& plan, const Records& records, const PlannedPoint& point) {
  Json json;
  json["levels"] = Json::object();
  for (std::size_t axis = 0; axis < point.point.levels.size(); ++axis) {
    const Axis& of = plan.experiment.axes[axis];
    json["levels"][of.name] = of.levels[point.point.levels[axis]].label;
  }
  json["plan_sha256"] = plan.sha256[point.plan];
  const auto& record = records[point.plan];
  json["state"] = record ? to_string(record->state) : "not run";
  if (record && !record->message.empty()) {
    json["message"] = record->message;
  }
  json["quantities"] = Json::object();
  if (record) {
    for (const auto& [name, quantity] : record->quantities) {
      std::visit([&, &key = name](const auto& value) { json["quantities"][key] = value; },
                 quantity);
    }
  }
  return json;
}

}  // namespace

std::string experiment_json(const ExperimentPlan& plan, const Records& records) {
  Json json;
  json["schema"] = 1;
  json["experiment"] = plan.experiment.name;
  if (!plan.experiment.question.empty()) {
    json["question"] = plan.experiment.question;
  }
  json["tables"] = Json::array();
  for (const Table& table : tables_of(plan, records)) {
    json["tables"].push_back(
        {{"title", table.title}, {"header", table.header}, {"rows", table.rows}});
  }
  if (!plan.experiment.fronts.empty()) {
    json["fronts"] = Json::array();
    for (const FrontSpec& front : plan.experiment.fronts) {
      json["fronts"].push_back({{"title", front.title},
                                {"metrics", front.metrics},
                                {"points", front_points(plan, records, front)}});
    }
  }
  json["points"] = Json::array();
  for (const PlannedPoint& point : plan.points) {
    json["points"].push_back(point_json(plan, records, point));
  }
  return result::json_text(json);
}

}  // namespace imbrex::experiment
