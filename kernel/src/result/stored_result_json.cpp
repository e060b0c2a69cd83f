// A result folder, read back.
#include "base/files.hpp"
#include "result/run_lock.hpp"
#include "result/stored_result.hpp"

#include <imbrex/plugin/error.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace imbrex::result {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::string read_unchanged(const fs::path& folder, const std::string& name,
                           const std::optional<RunLock>& lock) {
  std::string content = read_text_file(folder / name);
  if (!lock) {
    return content;
  }
  const auto written = lock->files.find(name);
  if (written == lock->files.end() || written->second != sha256_hex(content)) {
    throw InputError(fmt::format("'{}' is not what the run wrote, according to {}",
                                 (folder / name).string(), kLockFile));
  }
  return content;
}

MetricValue stored_metric(const Json& json) {
  return json.is_number_integer() ? MetricValue(json.get<std::int64_t>())
                                  : MetricValue(json.get<double>());
}

StageResult stored_stage(const Json& json) {
  StageResult stage;
  stage.use = json.at("use");
  for (const auto& [name, value] : json.at("statistics").items()) {
    if (value.is_string()) {
      stage.facts.emplace_back(name, value.get<std::string>());
    } else if (value.is_number_integer()) {
      stage.facts.emplace_back(name, value.get<std::int64_t>());
    } else if (value.is_number()) {
      stage.facts.emplace_back(name, value.get<double>());
    }
  }
  return stage;
}

void read_origin(const Json& json, StoredResult& stored) {
  stored.plan_sha256 = json.at("plan_sha256");
  stored.partial = json.value("partial", false);
  for (const Json& stage : json.at("stages")) {
    stored.stages.push_back(stored_stage(stage));
  }
  for (const Json& plugin : json.at("plugins")) {
    stored.plugins.push_back({plugin.at("id"), plugin.at("version"), plugin.at("sha256")});
  }
  if (json.contains("baseline")) {
    stored.baseline.emplace();
    for (const auto& [name, value] : json.at("baseline").at("metrics").items()) {
      stored.baseline->set(name, stored_metric(value));
    }
  }
  stored.speedup = json.value("speedup", 0.0);
}

void append_texts(const Json& op, const char* key, std::vector<std::string>& texts) {
  for (const Json& text : op.value(key, Json::array())) {
    texts.push_back(text);
  }
}

void read_decisions(const Json& json, StoredResult& stored) {
  for (const Json& op : json.at("operators")) {
    append_texts(op, "placement", stored.placements);
    append_texts(op, "loops", stored.loops);
    append_texts(op, "outer", stored.outer);
    append_texts(op, "job_extents", stored.job_extents);
    stored.has_split_layers = stored.has_split_layers || op.contains("part_of_split_layer");
    stored.has_jobs_dealt_anew = stored.has_jobs_dealt_anew || op.contains("dealt_anew");
  }
  for (const Json& segment : json.value("segments", Json::array())) {
    stored.has_floor_plans = stored.has_floor_plans || segment.contains("floor_plan");
  }
}

void require_one_run(const fs::path& folder) {
  std::error_code ignored;
  if (fs::is_regular_file(folder / "result.json", ignored)) {
    return;
  }
  const bool is_study = fs::is_regular_file(folder / "seeds.json", ignored);
  throw InputError(fmt::format("'{}' is {}", folder.string(),
                               is_study ? "a study of several seeds; name the folder of one of them"
                                        : "no result folder (it has no result.json)"));
}

}  // namespace

StoredResult read_stored_result(const fs::path& folder) {
  require_one_run(folder);
  const std::optional<RunLock> lock = read_lock(folder);
  StoredResult stored;
  constexpr std::int64_t kUsualLimit = 100'000;
  stored.timeline_jobs = lock ? lock->timeline_jobs : kUsualLimit;
  stored.json = read_unchanged(folder, "result.json", lock);
  stored.timeline = read_unchanged(folder, "timeline.csv", lock);
  try {
    const Json json = Json::parse(stored.json);
    read_origin(json, stored);
    read_decisions(json, stored);
  } catch (const Json::exception& error) {
    throw InputError(
        fmt::format("'{}' is damaged: {}", (folder / "result.json").string(), error.what()));
  }
  return stored;
}

}  // namespace imbrex::result
