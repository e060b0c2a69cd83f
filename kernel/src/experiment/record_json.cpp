#include "experiment/point_record.hpp"
#include "result/json_text.hpp"

#include <nlohmann/json.hpp>

namespace imbrex::experiment {
namespace {

using Json = nlohmann::ordered_json;

// Grows when the meaning of a key changes: older records are then run again.
constexpr int kRecordSchema = 1;

std::optional<Quantity> quantity_of(const Json& value) {
  if (value.is_number_integer()) {
    return value.get<std::int64_t>();
  }
  if (value.is_number_float()) {
    return value.get<double>();
  }
  if (value.is_string()) {
    return value.get<std::string>();
  }
  return std::nullopt;
}

PointRecord record_of(const Json& json) {
  PointRecord record;
  record.plan_sha256 = json.at("plan_sha256").get<std::string>();
  record.state = point_state_of(json.at("state").get<std::string>()).value();
  record.message = json.value("message", "");
  record.imbrex_sha256 = json.at("imbrex_sha256").get<std::string>();
  record.plugins = json.at("plugins").get<std::map<std::string, std::string>>();
  record.plan = json.at("plan").get<std::string>();
  for (const auto& [name, value] : json.at("quantities").items()) {
    if (auto quantity = quantity_of(value)) {
      record.quantities.emplace_back(name, std::move(*quantity));
    }
  }
  return record;
}

}  // namespace

std::string record_json(const PointRecord& record) {
  Json json;
  json["schema"] = kRecordSchema;
  json["plan_sha256"] = record.plan_sha256;
  json["state"] = to_string(record.state);
  if (!record.message.empty()) {
    json["message"] = record.message;
  }
  json["imbrex_sha256"] = record.imbrex_sha256;
  json["plugins"] = record.plugins;
  json["quantities"] = Json::object();
  for (const auto& [name, value] : record.quantities) {
    std::visit([&, &key = name](const auto& v) { json["quantities"][key] = v; }, value);
  }
  json["plan"] = record.plan;
  return result::json_text(json);
}

std::optional<PointRecord> read_record(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    const bool known = json.at("schema") == kRecordSchema &&
                       point_state_of(json.at("state").get<std::string>()).has_value();
    return known ? std::optional(record_of(json)) : std::nullopt;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

}  // namespace imbrex::experiment
