// The stage that deals jobs anew, in the recipes of the Fast-OverlaPIM ablation: what the analyzer
// gave that used to deal them itself (commit fa33306), and what the simulator makes of the design.
#include "ablation_runs.hpp"
#include "test_name.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

run::RunOutcome run_fast(const std::string& recipe, const std::string& network,
                         std::vector<std::string> overrides = {}) {
  return run_ablation("fast-overlapim/" + recipe, network, std::move(overrides));
}

// Asked what the run's own analyzer was asked.
std::int64_t simulated_ps(const run::RunOutcome& outcome) {
  const auto simulator =
      make<OverlapAnalyzer>("imbrex.overlap.simulator", {}, outcome.machine->context(host()));
  const OverlapResult result = analyze_one(*simulator, outcome.request, *outcome.design);
  EXPECT_EQ(result.verdict, Verdict::feasible);
  return result.makespan_ps;
}

struct Known {
  const char* recipe;
  const char* network;
  std::int64_t latency_ps;
};
void PrintTo(const Known& known, std::ostream* out) {
  *out << known.recipe << ' ' << known.network;
}
constexpr Known kKnown[] = {
    {"original-transform", "resnet18", 627'161'697'019},
    {"overlap-transform", "resnet18", 237'251'771'412},  // nothing pays
    {"best-transform", "resnet18", 220'318'600'696},
    {"original-transform", "vgg16-full", 7'255'039'734'254},
    {"overlap-transform", "vgg16-full", 2'140'934'995'804},
    {"best-transform", "vgg16-full", 1'901'178'784'985},
};

class DealAnew : public ::testing::TestWithParam<Known> {};

TEST_P(DealAnew, EqualsTheAnalyzerThatDealtJobsItself) {
  const run::RunOutcome outcome = run_fast(GetParam().recipe, GetParam().network);
  EXPECT_EQ(outcome.design->timeline()->makespan_ps, GetParam().latency_ps);
}
INSTANTIATE_TEST_SUITE_P(Ablation, DealAnew, ::testing::ValuesIn(kKnown),
                         [](const ::testing::TestParamInfo<Known>& known) {
                           return as_test_name(std::string(known.param.recipe) + "_" +
                                               known.param.network);
                         });

TEST(DealtDesign, IsWhatTheSimulatorRuns) {
  for (const char* unit : {"job", "output-tile"}) {
    const run::RunOutcome outcome =
        run_fast("original-transform", "resnet18",
                 {std::string("stage.4.unit=") + unit, "stage.4.move_bits_per_ps=0.05",
                  "stage.4.merge_add_ps=1000"});
    EXPECT_TRUE(outcome.design->has_dealt_orders()) << unit;
    EXPECT_EQ(simulated_ps(outcome), outcome.design->timeline()->makespan_ps) << unit;
  }
}

// Dealing saves time and no energy: an objective of energy has nothing to gain.
TEST(DealtDesign, IsNotMadeForEnergy) {
  const run::RunOutcome outcome = run_fast("original-transform", "resnet18", {"objective=energy"});
  EXPECT_FALSE(outcome.design->has_dealt_orders());
}

}  // namespace
}  // namespace imbrex::test
