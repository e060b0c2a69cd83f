#include "experiment/point_record.hpp"

#include "result/json_text.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace imbrex::experiment {
namespace {

using Json = nlohmann::ordered_json;

// Grows when the meaning of a key changes: older records are then run again.
constexpr int kSchema = 1;

constexpr std::array<std::string_view, 5> kStates = {"done", "infeasible", "failed", "timed out",
                                                     "crashed"};

void append(const Metrics& metrics, const std::string& prefix, PointRecord& record) {
  for (const auto& [name, value] : metrics.values) {
    std::visit([&](auto number) { record.quantities.emplace_back(prefix + name, number); }, value);
  }
}

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
  const auto state = std::find(kStates.begin(), kStates.end(), json.at("state").get<std::string>());
  record.plan_sha256 = json.at("plan_sha256").get<std::string>();
  record.state = static_cast<PointState>(state - kStates.begin());
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

std::string_view to_string(PointState state) noexcept {
  return kStates[static_cast<std::size_t>(state)];
}

const Quantity* PointRecord::find(std::string_view name) const noexcept {
  const auto is_named = [&](const auto& quantity) { return quantity.first == name; };
  const auto is_fact = [&](const auto& quantity) {
    const std::string_view whole = quantity.first;
    return whole.starts_with("stage.") && whole.substr(whole.rfind('.') + 1) == name;
  };
  auto at = std::find_if(quantities.begin(), quantities.end(), is_named);
  if (at == quantities.end()) {
    at = std::find_if(quantities.begin(), quantities.end(), is_fact);
  }
  return at == quantities.end() ? nullptr : &at->second;
}

std::vector<std::pair<std::string, Quantity>> quantities_of(const Result& result) {
  PointRecord record;
  append(result.metrics, "", record);
  if (result.has_baseline) {
    append(result.baseline, "baseline.", record);
    if (result.speedup > 0) {
      record.quantities.emplace_back("speedup", result.speedup);
    }
    if (result.improvement > 0) {
      record.quantities.emplace_back("improvement", result.improvement);
    }
  }
  record.quantities.emplace_back("exactness",
                                 std::string(kExactnessNames[index(result.exactness)]));
  for (std::size_t i = 0; i < result.stages.size(); ++i) {
    for (const auto& [name, value] : result.stages[i].facts) {
      record.quantities.emplace_back(fmt::format("stage.{}.{}", i + 1, name), value);
    }
  }
  return std::move(record.quantities);
}

std::string record_json(const PointRecord& record) {
  Json json;
  json["schema"] = kSchema;
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
    const bool known = json.at("schema") == kSchema &&
                       std::find(kStates.begin(), kStates.end(),
                                 json.at("state").get<std::string>()) != kStates.end();
    return known ? std::optional(record_of(json)) : std::nullopt;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

}  // namespace imbrex::experiment
