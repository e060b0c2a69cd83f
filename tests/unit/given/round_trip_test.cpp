// What a run wrote runs again by hand: every shipped recipe, its partitioners and searches replaced
// by the texts that stand in the result, gives the same bytes but for the stages themselves.
#include "by_hand.hpp"
#include "folder_names.hpp"
#include "result/result_json.hpp"
#include "test_name.hpp"

namespace imbrex::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

Texts shipped() {
  return recipes_below({"configs/recipes", "configs/ablations", "configs/silicon"});
}

Texts overrides_of(const std::string& file) {
  Texts overrides;
  if (file.ends_with("onnx-clsa-cim.toml")) {  // names no network of its own
    overrides.emplace_back("workload.file=" IMBREX_MODELS_DIR "/light_squeezenet.onnx");
  }
  if (file.starts_with("configs/silicon/") &&
      (file.ends_with("-free.toml") || file.ends_with("vgg16.toml"))) {  // half a minute of search
    overrides.emplace_back("stage.2.samples=500");
  }
  return overrides;
}

Json json_of(const recipe::ResolvedPlan& plan) {
  static plugin::HostServices services{plugin::HostOptions{}};
  const run::RunOutcome outcome = run::run_plan(plan, registry(), services);
  return Json::parse(result::result_json(outcome.result, *outcome.design));
}

// What says how the run was made, not what came of it.
std::string without_stages(Json result) {
  for (const char* const key : {"plan_sha256", "stages", "plugins"}) {
    result.erase(key);
  }
  return result.dump(1);
}

class RoundTrip : public ::testing::TestWithParam<std::string> {};

TEST_P(RoundTrip, GivesTheSameBytes) {
  const std::string path = std::string(IMBREX_SOURCE_DIR "/") + GetParam();
  if (GetParam().ends_with("onnx-clsa-cim.toml") &&
      !fs::exists(IMBREX_MODELS_DIR "/light_squeezenet.onnx")) {
    GTEST_SKIP() << "../shared/models/light_squeezenet.onnx is not there";
  }
  const recipe::ResolvedPlan plan = recipe::resolve({path, overrides_of(GetParam())}, registry());
  const Json first = json_of(plan);
  const TemporaryFolder folder;
  const std::string text = by_hand(plan, nlohmann::json(first), folder.path());
  const Json again = json_of(recipe::resolve({folder.write("again.toml", text), {}}, registry()));
  EXPECT_EQ(without_stages(first), without_stages(again));
  // Nobody was left to search for nests: what was chosen is what was given.
  for (const Json& stage : again["stages"]) {
    const auto use = stage["use"].get<std::string>();
    const Component& component = *registry().find(use);
    EXPECT_TRUE(component.kind != Kind::search_strategy ||
                !has(component.provides_traits, Trait::mappings) || use == "imbrex.search.given")
        << use;
  }
}

INSTANTIATE_TEST_SUITE_P(Shipped, RoundTrip, ::testing::ValuesIn(shipped()),
                         [](const auto& one) { return as_test_name(one.param); });

TEST(RoundTrips, AreOfAllThatShips) {
  EXPECT_GE(shipped().size(), 51U);
}

}  // namespace
}  // namespace imbrex::test
