// `imbrex doctor --json`.
#include "diagnosis.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace imbrex::app {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

std::string findings_json(const Findings& findings) {
  Json out;
  out["schema"] = 1;  // grows when a key changes its meaning or goes away
  out["healthy"] = std::none_of(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.health == Health::problem;
  });
  out["findings"] = Json::array();
  for (const Finding& finding : findings) {
    Json one;
    one["state"] = word_of(finding.health);
    one["check"] = finding.check;
    one["found"] = finding.found;
    if (!finding.remedy.empty()) {
      one["remedy"] = finding.remedy;
    }
    out["findings"].push_back(std::move(one));
  }
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace imbrex::app
