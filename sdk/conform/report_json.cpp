#include "reports.hpp"

#include <nlohmann/json.hpp>

namespace imbrex::conform {
namespace {

using Json = nlohmann::ordered_json;

Json entry_json(const Entry& entry) {
  Json json;
  json["component"] = entry.component.empty() ? Json(nullptr) : Json(entry.component);
  json["check"] = entry.check->id;
  json["question"] = entry.check->question;
  json["status"] = name_of(entry.outcome.finding.status);
  json["text"] = entry.outcome.finding.text;
  json["output"] = entry.outcome.output;
  json["seconds"] = entry.outcome.seconds;
  if (entry.check->draws) {
    json["seed"] = entry.seed;
  }
  return json;
}

}  // namespace

std::string json_report(const Reports& reports) {
  Json json;
  json["format"] = 1;
  json["conforms"] = !any_red(reports);
  const auto counts = count_statuses(reports);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    json["counts"][std::string(kStatusNames[i])] = counts[i];
  }
  json["libraries"] = Json::array();
  for (const LibraryReport& report : reports) {
    Json library;
    library["file"] = report.library.string();
    library["fuzz_rounds"] = report.fuzz_rounds;
    library["checks"] = Json::array();
    for (const Entry& entry : report.entries) {
      library["checks"].push_back(entry_json(entry));
    }
    json["libraries"].push_back(std::move(library));
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace imbrex::conform
