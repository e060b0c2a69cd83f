// Expected numbers: specification clsa-cim section 11.2, times 1.4 us per cycle. c_A = 1, c_B = 6,
// t = 16 each, F = 7 PEs.
#include "run_fixture.hpp"

#include <gtest/gtest.h>

namespace imbrex {
namespace {

constexpr std::int64_t kCyclePs = 1'400'000;

class Runner : public test::RunFixture {
 protected:
  static std::string row_stage() { return stage("imbrex.overlap.clsa-cim"); }

  // The message of the error that a run ends with.
  std::string failure(const std::string& recipe, ErrorCode expected) {
    try {
      run(recipe);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), expected) << error.what();
      return error.what();
    }
    ADD_FAILURE() << "the run did not fail";
    return "";
  }
};

TEST_F(Runner, GivesTheWorkedExampleWhenLayersOverlap) {
  const run::RunOutcome outcome = run(chain_recipe(0, row_stage(), layer_by_layer_baseline()));
  const Result& result = outcome.result;
  EXPECT_EQ(number(result.metrics, "latency_ps"), 24.0 * kCyclePs);
  EXPECT_EQ(number(result.baseline, "latency_ps"), 32.0 * kCyclePs);
  EXPECT_DOUBLE_EQ(result.speedup, 32.0 / 24.0);
  EXPECT_DOUBLE_EQ(number(result.metrics, "utilisation"), 112.0 / (7 * 24));
  EXPECT_DOUBLE_EQ(number(result.baseline, "utilisation"), 0.5);
  EXPECT_EQ(number(result.metrics, "units_total"), 7);
  EXPECT_EQ(number(result.metrics, "units_used"), 7);
  EXPECT_EQ(number(result.metrics, "jobs"), 8);
  EXPECT_DOUBLE_EQ(number(result.metrics, "throughput_per_s"), 1e12 / (16.0 * kCyclePs));
  EXPECT_EQ(result.exactness, Exactness::exact);
  EXPECT_FALSE(result.partial);
}

TEST_F(Runner, GivesTheWorkedExampleWhenTheFirstLayerHasTwoCopies) {
  const run::RunOutcome outcome =
      run(chain_recipe(1, stage("test.partition.copies") + row_stage(), layer_by_layer_baseline()));
  const Result& result = outcome.result;
  EXPECT_EQ(number(result.metrics, "latency_ps"), 20.0 * kCyclePs);
  EXPECT_DOUBLE_EQ(result.speedup, 1.6);
  EXPECT_DOUBLE_EQ(number(result.metrics, "utilisation"), 0.7);
  EXPECT_EQ(number(result.metrics, "units_total"), 8);
  EXPECT_EQ(number(result.metrics, "copies"), 3);
  EXPECT_DOUBLE_EQ(
      number(result.metrics, "utilisation") / number(result.baseline, "utilisation") * 8 / 7,
      result.speedup);
}

TEST_F(Runner, FillsTheOperatorTable) {
  const run::RunOutcome outcome =
      run(chain_recipe(1, stage("test.partition.copies") + row_stage()));
  ASSERT_EQ(outcome.result.operators.size(), 2u);
  const OperatorResult& a = outcome.result.operators[0];
  EXPECT_EQ(a.name, "A");
  EXPECT_EQ(a.kind, "convolution");
  EXPECT_EQ(a.copies, 2);
  EXPECT_EQ(a.units_per_copy, 1);
  EXPECT_EQ(a.times.start_ps, 0);
  EXPECT_EQ(a.times.end_ps, 8 * kCyclePs);
  EXPECT_EQ(a.times.busy_ps, 16 * kCyclePs);
  EXPECT_EQ(a.times.longest_server_ps, 8 * kCyclePs);
  EXPECT_EQ(a.times.jobs, 4);
  EXPECT_EQ(a.times.servers, 2);
  EXPECT_EQ(a.idle_copies, 0);
  const OperatorResult& b = outcome.result.operators[1];
  EXPECT_EQ(b.units_per_copy, 6);
  EXPECT_EQ(b.times.start_ps, 4 * kCyclePs);
  EXPECT_EQ(b.times.end_ps, 20 * kCyclePs);
}

TEST_F(Runner, CountsCopiesThatGotNoJob) {
  // Four rows on six copies: two have nothing to do.
  const run::RunOutcome outcome =
      run(chain_recipe(5, stage("test.partition.copies", "copies = 6\n") + row_stage()));
  EXPECT_EQ(outcome.result.operators[0].idle_copies, 2);
  EXPECT_EQ(outcome.result.operators[1].idle_copies, 0);
}

TEST_F(Runner, SaysWhatBoundsTheMakespan) {
  const run::RunOutcome outcome = run(chain_recipe(0, row_stage()));
  // A's first two rows (8 cycles), then all of B (16 cycles).
  std::int64_t a_ps = 0;
  std::int64_t b_ps = 0;
  for (const CriticalStep& step : outcome.result.critical_path) {
    (outcome.workload->at(step.op).name == "A" ? a_ps : b_ps) += step.end_ps - step.start_ps;
  }
  EXPECT_EQ(a_ps + b_ps, 24 * kCyclePs);
  EXPECT_GE(b_ps, 8 * kCyclePs);
  ASSERT_EQ(outcome.result.edges.size(), 1u);
  EXPECT_EQ(outcome.result.edges[0].total_bytes, 4 * 4 * 64);
  EXPECT_GT(outcome.result.edges[0].peak_live_bytes, 0);
  EXPECT_LE(outcome.result.edges[0].peak_live_bytes, outcome.result.edges[0].total_bytes);
}

// Operators that take turns wait for one another, not for data.
TEST_F(Runner, SaysWhatBoundsAMakespanWithoutOverlap) {
  const run::RunOutcome outcome = run(chain_recipe(0, stage("imbrex.overlap.layer-by-layer")));
  ASSERT_EQ(outcome.result.critical_path.size(), 2u);
  std::int64_t covered_ps = 0;
  for (const CriticalStep& step : outcome.result.critical_path) {
    EXPECT_EQ(step.start_ps, covered_ps);
    covered_ps = step.end_ps;
  }
  EXPECT_EQ(covered_ps, outcome.design->timeline()->makespan_ps);
}

TEST_F(Runner, LeavesOutMetricsThatDoNotApply) {
  const run::RunOutcome plain = run(chain_recipe(0, row_stage()));
  EXPECT_EQ(plain.result.metrics.find("energy_pj"), nullptr);
  EXPECT_EQ(plain.result.metrics.find("edp_js"), nullptr);
  EXPECT_FALSE(plain.result.has_baseline);
}

TEST_F(Runner, ReportsEnergyWhenTheArchitectureModelsIt) {
  std::string recipe = chain_recipe(0, row_stage());
  recipe.replace(recipe.find("extra_pes"), 0, "mvm_energy_pj = 2.0\n");
  const run::RunOutcome outcome = run(recipe);
  // 112 crossbar operations of 2 pJ in 24 cycles.
  EXPECT_DOUBLE_EQ(number(outcome.result.metrics, "energy_pj"), 224.0);
  EXPECT_DOUBLE_EQ(number(outcome.result.metrics, "edp_js"), 224e-12 * 24 * 1.4e-6);
}

TEST_F(Runner, RefusesMoreCopiesThanTheChipHolds) {
  const std::string message =
      failure(chain_recipe(2, stage("test.partition.copies", "copies = 5\n") + row_stage()),
              ErrorCode::infeasible);
  EXPECT_NE(message.find("needs 11 PEs, the chip has 9: 2 too few"), std::string::npos) << message;
  EXPECT_NE(message.find("'B' 6, 'A' 5 (5 copies of 1)"), std::string::npos) << message;
}

// Six PEs for B and one per copy of A, on nine: three copies fit, five do not.
TEST_F(Runner, NamesTheStageThatLeftMoreThanFits) {
  const auto copies = [](const std::string& of_a) {
    return stage("test.partition.copies", "copies = " + of_a + "\n");
  };
  EXPECT_EQ(failure(chain_recipe(2, copies("5") + row_stage()), ErrorCode::infeasible),
            "stage 1 (test.partition.copies): left a design that does not fit: it needs 11 PEs, "
            "the chip has 9: 2 too few; largest: 'B' 6, 'A' 5 (5 copies of 1)");
  EXPECT_TRUE(
      failure(chain_recipe(2, copies("3") + copies("5") + row_stage()), ErrorCode::infeasible)
          .starts_with("stage 2 (test.partition.copies): left a design"));
  EXPECT_TRUE(
      failure(chain_recipe(2, copies("5") + copies("4") + row_stage()), ErrorCode::infeasible)
          .starts_with("stage 1 (test.partition.copies): left a design"));
  // A later stage may mend it.
  const run::RunOutcome mended = run(chain_recipe(2, copies("5") + copies("3") + row_stage()));
  EXPECT_EQ(number(mended.result.metrics, "units_used"), 9);
}

TEST_F(Runner, NamesTheStageWhenAPluginThrows) {
  const std::string message =
      failure(chain_recipe(0, stage("test.partition.thrower") + row_stage()), ErrorCode::failed);
  EXPECT_NE(message.find("stage 1 (test.partition.thrower)"), std::string::npos) << message;
  EXPECT_NE(message.find("index 7"), std::string::npos) << message;
}

TEST_F(Runner, RefusesAWorkloadWithoutAnythingToMap) {
  std::string recipe = chain_recipe(0, row_stage());
  recipe.replace(recipe.find("test.workload.chain"), 19, "test.workload.unmappable");
  const std::string message = failure(recipe, ErrorCode::bad_input);
  EXPECT_NE(message.find("nothing to schedule"), std::string::npos) << message;
}

TEST_F(Runner, CatchesAnAnalysisThatLosesWork) {
  const std::string honest =
      chain_recipe(0, stage("test.overlap.lossy"), layer_by_layer_baseline());
  EXPECT_DOUBLE_EQ(run(honest).result.speedup, 1.0);
  const std::string message = failure(
      chain_recipe(0, stage("test.overlap.lossy", "stretch = 0.5\n"), layer_by_layer_baseline()),
      ErrorCode::failed);
  // A job of A, one row of four positions, takes 4 MVMs of 1.4 us.
  EXPECT_NE(
      message.find("stage 1 (test.overlap.lossy): timeline: job 0 on server 0 of operator 'A' "
                   "takes 2800000 ps; its duration is 5600000 ps"),
      std::string::npos)
      << message;
}

TEST_F(Runner, AcceptsABaselineThatDoesOtherWork) {
  // The baseline's crossbars are smaller, so its copies own more units: the identity says nothing.
  const run::RunOutcome outcome =
      run(chain_recipe(0, row_stage(),
                       "[baseline]\nstages = [{ use = \"imbrex.overlap.layer-by-layer\" }]\n"
                       "architecture = { rows = 64, cols = 64 }\n"));
  EXPECT_DOUBLE_EQ(outcome.result.speedup, 32.0 / 24.0);
}

TEST_F(Runner, RecordsThePluginsThatTookPart) {
  const run::RunOutcome outcome = run(chain_recipe(0, row_stage()));
  std::vector<std::string> ids;
  for (const PluginRecord& plugin : outcome.result.plugins) {
    ids.push_back(plugin.id);
    EXPECT_EQ(plugin.sha256.size(), 64u);
  }
  const std::vector<std::string> expected = {"imbrex.architecture.tiled-cim",
                                             "imbrex.cost.crossbar", "imbrex.overlap.clsa-cim",
                                             "test.components"};
  EXPECT_EQ(ids, expected);
}

TEST_F(Runner, KeepsTheDesignBeforeTheStageThatWasInterrupted) {
  // The stage leaves an edit behind when it is cancelled; the analyzer still makes a timeline.
  const std::string marker = "marker = \"" + (folder() / "marker").string() + "\"\n";
  plugin::HostServices::request_cancel();
  const run::RunOutcome outcome =
      run(chain_recipe(0, stage("test.search.sleeper", marker) + row_stage()));
  EXPECT_TRUE(outcome.result.partial);
  EXPECT_EQ(number(outcome.result.metrics, "latency_ps"), 24.0 * kCyclePs)
      << "the half-made edit of the interrupted stage must not be kept";
}

TEST_F(Runner, DoesNotQuoteABaselineWhenInterrupted) {
  const std::string marker = "marker = \"" + (folder() / "marker").string() + "\"\n";
  plugin::HostServices::request_cancel();
  const run::RunOutcome outcome = run(chain_recipe(
      0, stage("test.search.sleeper", marker) + row_stage(), layer_by_layer_baseline()));
  EXPECT_TRUE(outcome.result.partial);
  EXPECT_FALSE(outcome.result.has_baseline);
}

}  // namespace
}  // namespace imbrex
