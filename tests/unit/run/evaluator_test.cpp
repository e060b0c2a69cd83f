#include "result/result_json.hpp"
#include "run/analysis.hpp"
#include "run/stage_evaluator.hpp"
#include "run_fixture.hpp"

#include <chrono>
#include <stop_token>
#include <thread>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

class EvaluatorScores : public test::RunFixture {
 protected:
  static std::string scorer(const std::string& parameters = "") {
    return stage("test.search.scorer", parameters) + stage("imbrex.overlap.clsa-cim");
  }
  std::string json(const std::string& recipe, int threads) {
    const run::RunOutcome outcome = run(recipe, threads);
    return result::result_json(outcome.result, *outcome.design);
  }
};

TEST_F(EvaluatorScores, SameBytesAtAnyThreadCount) {
  const std::string recipe = chain_recipe(12, scorer("candidates = 203\n"));
  const std::string one = json(recipe, 1);
  EXPECT_EQ(one, json(recipe, 2));
  EXPECT_EQ(one, json(recipe, 4));
  EXPECT_NE(one.find("\"evaluations\": 203"), std::string::npos);
  EXPECT_NE(one.find("\"weighted_sum\""), std::string::npos);
}

TEST_F(EvaluatorScores, OtherSeedOtherCandidates) {
  const std::string recipe = chain_recipe(12, scorer("candidates = 203\n"));
  std::string other = recipe;
  other.replace(other.find("seed = 5"), 8, "seed = 6");
  const run::RunOutcome a = run(recipe);
  const run::RunOutcome b = run(other);
  EXPECT_NE(a.result.stages[0].facts[0], b.result.stages[0].facts[0]);
}

TEST_F(EvaluatorScores, EqualWhatTheAnalyzerSaysOneByOne) {
  const run::RunOutcome outcome = run(chain_recipe(30, stage("imbrex.overlap.clsa-cim")));
  Host& host = services().host_for("test", 1, 1);
  const Context context = outcome.machine->context(host);
  const auto analyzer =
      plugin::make_instance<OverlapAnalyzer>(plan().stages.back().config, context);
  run::StageEvaluator evaluator(*outcome.machine, *analyzer, Objective::latency, host);
  std::vector<Design> designs;
  for (std::int64_t copies = 1; copies <= 37; ++copies) {
    designs.push_back(*outcome.design);
    designs.back().placement(operator_id(0)).copies = copies;
  }
  std::vector<const Design*> pointers;
  for (const Design& design : designs) {
    pointers.push_back(&design);
  }
  std::vector<Score> scores(designs.size());
  evaluator.score(pointers, scores);
  for (std::size_t i = 0; i < designs.size(); ++i) {
    // 37 PEs, six of them B's: up to 31 copies of A fit.
    ASSERT_EQ(scores[i].verdict == Verdict::feasible, i < 31) << i;
    if (i < 31) {
      EXPECT_EQ(scores[i].latency_ps,
                run::analyze_in_detail({"t", nullptr}, *analyzer, evaluator.request(), designs[i],
                                       *outcome.machine)
                    .timeline.makespan_ps);
      EXPECT_EQ(scores[i].objective, static_cast<double>(scores[i].latency_ps));
    }
  }
  EXPECT_EQ(evaluator.evaluations(), 37);
  ASSERT_TRUE(evaluator.best().has_value());
  // With two copies B starts after 4 cycles and never waits again; ties keep the first.
  EXPECT_EQ(evaluator.best()->placement(operator_id(0)).copies, 2);
}

TEST_F(EvaluatorScores, ThrowCancelledBetweenChunks) {
  const run::RunOutcome outcome = run(chain_recipe(3, stage("imbrex.overlap.clsa-cim")));
  Host& host = services().host_for("test", 1, 1);
  const auto analyzer = plugin::make_instance<OverlapAnalyzer>(plan().stages.back().config,
                                                               outcome.machine->context(host));
  run::StageEvaluator evaluator(*outcome.machine, *analyzer, Objective::latency, host);
  const Design* const one = outcome.design.get();
  Score score;
  plugin::HostServices::request_cancel();
  EXPECT_THROW(evaluator.score({&one, 1}, {&score, 1}), CancelledError);
}

TEST_F(EvaluatorScores, KeepTheBestScoredDesignOfAnInterruptedSearch) {
  // Interrupted while asleep: what it had scored (two copies of A: 20 cycles) is the result.
  const std::string marker = "marker = \"" + (folder() / "marker").string() + "\"\n";
  const std::string recipe =
      chain_recipe(1, stage("test.search.sleeper", marker + "score_first = true\n") +
                          stage("imbrex.overlap.clsa-cim"));
  std::jthread interrupter([this](const std::stop_token& stop) {
    while (!stop.stop_requested() && !std::filesystem::exists(folder() / "marker")) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    plugin::HostServices::request_cancel();
  });
  const run::RunOutcome outcome = run(recipe);
  EXPECT_TRUE(outcome.result.partial);
  EXPECT_EQ(outcome.design->timeline()->makespan_ps, 20 * 1'400'000);
  EXPECT_EQ(outcome.design->placement(operator_id(0)).copies, 2);
}

TEST_F(EvaluatorScores, ObjectivesHaveTheirDefinitions) {
  std::string recipe =
      chain_recipe(1, stage("test.partition.copies") + stage("imbrex.overlap.clsa-cim"));
  recipe.replace(recipe.find("extra_pes"), 0, "mvm_energy_pj = 2.0\n");
  const run::RunOutcome outcome = run(recipe);
  const AnalysisRequest request = outcome.request;
  const auto value = [&](Objective objective) {
    return run::objective_value(objective, *outcome.design, *outcome.machine, request, 28'000'000);
  };
  EXPECT_DOUBLE_EQ(value(Objective::latency), 28e6);
  EXPECT_DOUBLE_EQ(value(Objective::throughput), 16 * 1.4e6);  // B is the busiest
  EXPECT_DOUBLE_EQ(value(Objective::energy), 224);
  EXPECT_DOUBLE_EQ(value(Objective::edp), 224 * 28e-6);
  EXPECT_EQ(run::parse_objective("edp"), Objective::edp);
  EXPECT_THROW(run::parse_objective("speed"), InputError);
}

}  // namespace
}  // namespace imbrex
