// sdk/docs/results.md names every key of result.json, and no other.
#include "result/result_json.hpp"
#include "run/segment_results.hpp"
#include "two_layers.hpp"

#include <iterator>
#include <regex>
#include <set>
#include <sstream>

#include <nlohmann/json.hpp>

namespace imbrex::report_test {
namespace {

using Json = nlohmann::ordered_json;

void collect(const Json& json, const std::string& path, std::set<std::string>& keys) {
  if (json.is_array()) {
    for (const Json& item : json) {
      collect(item, path + "[]", keys);
    }
    return;
  }
  // What components say of themselves is theirs.
  if (!json.is_object() || path == "stages[].statistics") {
    if (!path.ends_with(']')) {
      keys.insert(path);
    }
    return;
  }
  for (const auto& [key, item] : json.items()) {
    collect(item, path.empty() ? key : path + "." + key, keys);
    // Lists of plain values are keys themselves.
    if (item.is_array() && (item.empty() || !item[0].is_object())) {
      keys.insert(path.empty() ? key : path + "." + key);
    }
  }
}

class ResultsPage : public TwoLayers {
 protected:
  static std::set<std::string> documented() {
    std::ifstream file(IMBREX_SOURCE_DIR "/sdk/docs/results.md");
    std::set<std::string> keys;
    std::string prefix;
    const std::regex row("^\\| `([^`]+)` \\|.*");
    const std::regex heading("^\\| key, after `([^`]+)` \\|.*");
    for (std::string line; std::getline(file, line);) {
      std::smatch found;
      if (line == "## A result elsewhere") {
        break;  // what follows is about folders and their other files
      }
      if (line.starts_with("## ")) {
        prefix.clear();
      } else if (std::regex_match(line, found, heading)) {
        prefix = found[1];
      } else if (std::regex_match(line, found, row)) {
        keys.insert(prefix + std::string(found[1]));
      }
    }
    return keys;
  }

  static void add_run(const std::string& recipe, std::set<std::string>& keys) {
    static plugin::HostServices services{plugin::HostOptions{}};
    const run::RunOutcome outcome = run::run_plan(
        recipe::resolve({IMBREX_SOURCE_DIR "/configs/recipes/" + recipe, {}}, test::registry()),
        test::registry(), services);
    collect(Json::parse(result::result_json(outcome.result, *outcome.design)), "", keys);
  }

  void add_floor_plan(std::set<std::string>& keys) const {
    const Design design = pipelined();
    Result result = outcome().result;
    result.partial = true;
    result.critical_path.at(0).ties = {operator_id(0)};
    result.workload_mapped_weight_bits = result.workload_weight_bits + 1;
    result.workload_unmapped = 1;
    result.operators.at(0).outer = {"conv 1"};
    result.operators.at(0).dealt_anew = true;
    result.operators.at(0).is_part = true;
    result.segments = run::segments_of(design, *outcome().machine);
    result.segments.at(0).overhead.external_ps = 1;
    result.segments.at(0).overhead.buffer_ps = 1;
    collect(Json::parse(result::result_json(result, design)), "", keys);
  }

  std::set<std::string> produced() const {
    std::set<std::string> keys;
    add_run("tinyyolov4-clsa-cim.toml", keys);
    add_run("resnet18-compass.toml", keys);
    add_run("ritnet-pipeorgan.toml", keys);
    add_floor_plan(keys);
    for (const std::string& key : std::set<std::string>(keys)) {
      if (key.starts_with("baseline.")) {
        keys.erase(key);
        keys.insert(key.substr(std::string("baseline.").size()));
      }
    }
    return keys;
  }
};

TEST_F(ResultsPage, NamesEveryKey) {
  const std::set<std::string> keys = documented();
  const std::set<std::string> all = produced();
  EXPECT_GT(all.size(), 80U);
  for (const std::string& key : all) {
    EXPECT_TRUE(keys.contains(key)) << "sdk/docs/results.md lacks `" << key << "`";
  }
}

TEST_F(ResultsPage, NamesNoKeyThatNoResultHas) {
  std::set<std::string> all = produced();
  all.insert("segments[].floor_plan");  // explained by a table of its own
  for (const std::string& key : documented()) {
    EXPECT_TRUE(all.contains(key)) << "sdk/docs/results.md names `" << key << "`";
  }
}

TEST_F(ResultsPage, NamesEveryChoice) {
  std::ifstream file(IMBREX_SOURCE_DIR "/sdk/docs/results.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  for (const auto& names : {std::span<const std::string_view>(kTopologyNames),
                            std::span<const std::string_view>(kLayoutNames),
                            std::span<const std::string_view>(kFlowPatternNames),
                            std::span<const std::string_view>(kExactnessNames)}) {
    for (const std::string_view name : names) {
      EXPECT_NE(text.find(std::string("`").append(name).append("`")), std::string::npos) << name;
    }
  }
}

}  // namespace
}  // namespace imbrex::report_test
