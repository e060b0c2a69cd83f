// One result folder in one line, read back from its JSON files.
#include "base/files.hpp"
#include "result/environment.hpp"
#include "result/result_list.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace imbrex::result {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

Json read_json(const fs::path& file) {
  return Json::parse(read_text_file(file));
}

std::string metric_of(const std::string& objective) {
  constexpr std::pair<std::string_view, std::string_view> kMetrics[] = {
      {"latency", "latency_ps"},
      {"throughput", "throughput_per_s"},
      {"energy", "energy_pj"},
      {"edp", "edp_js"}};
  for (const auto& [name, metric] : kMetrics) {
    if (objective == name) {
      return std::string(metric);
    }
  }
  return {};
}

std::string date_of(const fs::path& folder) {
  const fs::path file = folder / kEnvironmentFile;
  return is_file(file) ? read_json(file).at("date_utc").get<std::string>() : std::string();
}

std::optional<double> number_in(const Json& json, const std::string& key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_number() ? std::optional(found->get<double>())
                                                   : std::nullopt;
}

std::optional<double> median_in(const Json& json, const std::string& key) {
  const auto found = json.find(key);
  return found != json.end() ? number_in(*found, "median") : std::nullopt;
}

void read_head(const Json& json, ListedResult& result) {
  result.name = json.at("name");
  result.objective = json.at("objective");
  result.metric = metric_of(result.objective);
  result.partial = json.value("partial", false);
}

void read_run(ListedResult& result) {
  const Json json = read_json(result.folder / "result.json");
  read_head(json, result);
  result.plan_sha256 = json.at("plan_sha256");
  result.date_utc = date_of(result.folder);
  result.value = number_in(json.at("metrics"), result.metric);
  result.speedup = number_in(json, "speedup");
}

void read_study(ListedResult& result) {
  const Json json = read_json(result.folder / "seeds.json");
  read_head(json, result);
  result.seeds = json.at("requested_seeds");
  for (const Json& run : json.at("runs")) {
    const auto seed_folder = run.at("folder").get<std::string>();
    result.date_utc = std::max(result.date_utc, date_of(result.folder / seed_folder));
    if (result.plan_sha256.empty()) {
      result.plan_sha256 = run.at("plan_sha256");
    }
  }
  result.value = median_in(json.at("metrics"), result.metric);
  result.speedup = median_in(json, "speedup");
}

// Points that ended after the last table was written count from the next sweep on.
void read_experiment(ListedResult& result) {
  const Json frozen = read_json(result.folder / kFrozenFile);
  result.name = frozen.at("name");
  result.points = frozen.at("points").size();
  result.date_utc = date_of(result.folder);
  if (is_file(result.folder / kExperimentFile)) {
    const Json json = read_json(result.folder / kExperimentFile);
    for (const Json& point : json.at("points")) {
      const auto state = point.at("state").get<std::string>();
      result.ended += state == "done" || state == "infeasible" ? 1 : 0;
    }
  }
  result.partial = result.ended < result.points;
}

}  // namespace

ListedResult list_result(const fs::path& folder) {
  ListedResult result;
  result.folder = folder;
  try {
    if (is_file(folder / kFrozenFile)) {
      read_experiment(result);
    } else {
      is_file(folder / "seeds.json") ? read_study(result) : read_run(result);
    }
  } catch (const std::exception& error) {
    result = {};
    result.folder = folder;
    result.problem = error.what();
  }
  return result;
}

}  // namespace imbrex::result
