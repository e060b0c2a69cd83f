// result.json and timeline.csv as text.
#include "result/result_json.hpp"
#include "result/timeline_file.hpp"
#include "run_fixture.hpp"

#include <algorithm>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex {
namespace {

using Json = nlohmann::ordered_json;

class ResultText : public test::RunFixture {
 protected:
  Json json(const std::string& recipe) {
    const run::RunOutcome outcome = run(recipe);
    return Json::parse(result::result_json(outcome.result, *outcome.design));
  }
  static std::vector<std::string> keys(const Json& object) {
    std::vector<std::string> names;
    for (const auto& [key, value] : object.items()) {
      names.push_back(key);
    }
    return names;
  }
};

TEST_F(ResultText, HasTheDocumentedKeysInOrder) {
  const Json out =
      json(chain_recipe(0, stage("imbrex.overlap.clsa-cim"), layer_by_layer_baseline()));
  const std::vector<std::string> expected = {
      "schema",   "name",      "plan_sha256",   "seed",    "objective",
      "workload", "metrics",   "baseline",      "speedup", "exactness",
      "stages",   "operators", "critical_path", "edges",   "plugins"};
  EXPECT_EQ(keys(out), expected);
  EXPECT_EQ(keys(out["workload"]),
            (std::vector<std::string>{"name", "sha256", "operators", "macs", "weight_bits"}));
  EXPECT_EQ(out["schema"], 1);
  EXPECT_EQ(out["workload"]["operators"], 3);
  EXPECT_EQ(out["workload"]["macs"], 16 * 9 * 16 * 64 + 16 * 9 * 64 * 300);
  EXPECT_EQ(out["baseline"]["metrics"]["latency_ps"], 32 * 1'400'000);
}

TEST_F(ResultText, LeavesOutWhatDoesNotApply) {
  const Json out = json(chain_recipe(0, stage("imbrex.overlap.clsa-cim")));
  for (const char* key : {"baseline", "speedup", "partial", "segments"}) {
    EXPECT_FALSE(out.contains(key)) << key;
  }
  EXPECT_FALSE(out["metrics"].contains("energy_pj"));
  EXPECT_FALSE(out["operators"][0].contains("idle_copies"));
}

// Layer by layer as a baseline takes 44.8 us, overlapped 33.6 us.
TEST_F(ResultText, QuotesTheSpeedUpInTheObjective) {
  const std::string stages = stage("imbrex.overlap.clsa-cim");
  const auto recipe = [&](const std::string& objective) {
    return "objective = \"" + objective + "\"\n" +
           chain_recipe(0, stages, layer_by_layer_baseline());
  };
  EXPECT_FALSE(json(recipe("latency")).contains("improvement"));
  const Json out = json(recipe("throughput"));
  // Pipelined, both runs take as long per sample as their busiest layer does: 16 products.
  EXPECT_EQ(out["improvement"], 1.0);
  EXPECT_DOUBLE_EQ(out["speedup"].get<double>(), 44.8 / 33.6);
}

TEST_F(ResultText, SaysWhyTimesAreNotExact) {
  EXPECT_FALSE(json(chain_recipe(0, stage("test.overlap.lossy"))).contains("exactness_reasons"));
  const Json out = json(chain_recipe(0, stage("test.overlap.lossy", "claims = \"estimate\"\n")));
  EXPECT_EQ(out["exactness"], "estimate");
  EXPECT_EQ(out["exactness_reasons"], (Json{"it waits in vain", "it was told to say so"}));
}

TEST_F(ResultText, ListsTiesAndWaitsOfTheCriticalPath) {
  run::RunOutcome outcome = run(chain_recipe(0, stage("imbrex.overlap.clsa-cim")));
  const OperatorId a = outcome.result.operators[0].id;
  const OperatorId b = outcome.result.operators[1].id;
  outcome.result.critical_path = {
      {a, OperatorId::none, 0, 10, 1, Wait::nothing, {}},
      {b, a, 10, 20, 1, Wait::source | Wait::buffer, {a, b}},
  };
  const Json path =
      Json::parse(result::result_json(outcome.result, *outcome.design))["critical_path"];
  EXPECT_EQ(keys(path[0]), (std::vector<std::string>{"operator", "start_ps", "end_ps", "jobs"}));
  EXPECT_EQ(path[1]["cause"], "A");
  EXPECT_EQ(path[1]["ties"], (Json{"A", "B"}));
  EXPECT_EQ(path[1]["waited_for"], (Json{"source", "buffer"}));
}

TEST_F(ResultText, NumbersSurviveTheRoundTrip) {
  const run::RunOutcome outcome =
      run(chain_recipe(0, stage("imbrex.overlap.clsa-cim"), layer_by_layer_baseline()));
  const Json out = Json::parse(result::result_json(outcome.result, *outcome.design));
  EXPECT_EQ(out["speedup"].get<double>(), outcome.result.speedup);
  EXPECT_EQ(out["metrics"]["utilisation"].get<double>(),
            std::get<double>(*outcome.result.metrics.find("utilisation")));
}

TEST_F(ResultText, SurvivesNamesThatAreNotUtf8) {
  run::RunOutcome outcome = run(chain_recipe(0, stage("imbrex.overlap.clsa-cim")));
  outcome.result.operators[0].name = "bad\xff\"name";
  EXPECT_FALSE(Json::parse(result::result_json(outcome.result, *outcome.design)).is_discarded());
}

TEST_F(ResultText, TimelineListsEveryJob) {
  const run::RunOutcome outcome = run(chain_recipe(0, stage("imbrex.overlap.clsa-cim")));
  const std::string csv = result::timeline_csv(outcome.result, 8);
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 1 + 8);
  EXPECT_TRUE(csv.starts_with("operator,server,step,start_ps,end_ps\nA,0,0,0,5600000\n")) << csv;
  EXPECT_NE(csv.find("\nB,0,3,28000000,33600000\n"), std::string::npos) << csv;
}

TEST_F(ResultText, TimelineListsOperatorsAboveTheLimit) {
  const run::RunOutcome outcome = run(chain_recipe(0, stage("imbrex.overlap.clsa-cim")));
  EXPECT_EQ(result::timeline_csv(outcome.result, 7),
            "operator,start_ps,end_ps\nA,0,22400000\nB,11200000,33600000\n");
}

TEST_F(ResultText, QuotesCsvCellsWhenNeeded) {
  EXPECT_EQ(result::csv_cell("plain/name.1"), "plain/name.1");
  EXPECT_EQ(result::csv_cell("a,b"), "\"a,b\"");
  EXPECT_EQ(result::csv_cell("a\"b"), "\"a\"\"b\"");
  EXPECT_EQ(result::csv_cell("a\nb"), "\"a\nb\"");
}

}  // namespace
}  // namespace imbrex
