#include "log_json.hpp"

#include "result/json_text.hpp"

#include <cmath>

#include <nlohmann/json.hpp>

namespace imbrex::app {
namespace {

using Json = nlohmann::ordered_json;

// Grows when a key changes its meaning or goes away; new keys do not count.
constexpr int kLogSchema = 1;

// Times are whole picoseconds; a median of several may lie between two.
Json number(double value) {
  constexpr double kExact = 9007199254740992.0;  // up to here every integer is a double
  return std::floor(value) == value && std::abs(value) <= kExact
             ? Json(static_cast<std::int64_t>(value))
             : Json(value);
}

Json listed_json(const result::ListedResult& listed) {
  Json out;
  out["folder"] = listed.folder.string();
  if (!listed.problem.empty()) {
    out["problem"] = listed.problem;
    return out;
  }
  out["name"] = listed.name;
  if (!listed.date_utc.empty()) {
    out["date_utc"] = listed.date_utc;
  }
  if (listed.points > 0) {
    out["points"] = listed.points;
    out["points_ended"] = listed.ended;
    return out;
  }
  if (listed.seeds > 0) {
    out["seeds"] = listed.seeds;
  }
  if (listed.partial) {
    out["partial"] = true;
  }
  out["objective"] = listed.objective;
  if (listed.value) {
    out[listed.metric] = number(*listed.value);
  }
  if (listed.speedup) {
    out["speedup"] = *listed.speedup;
  }
  out["plan_sha256"] = listed.plan_sha256;
  return out;
}

}  // namespace

std::string log_json(const std::vector<result::ListedResult>& results) {
  Json out;
  out["schema"] = kLogSchema;
  out["results"] = Json::array();
  for (const result::ListedResult& listed : results) {
    out["results"].push_back(listed_json(listed));
  }
  return result::json_text(out);
}

}  // namespace imbrex::app
