// The stage that deals jobs anew, in the recipes of the Fast-OverlaPIM ablation: what the analyzer
// gave that used to deal them itself (commit fa33306), and what the simulator makes of the design.
#include "clsa_fixture.hpp"
#include "recipe/plan.hpp"
#include "run/runner.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

run::RunOutcome run_ablation(const std::string& recipe, const std::string& network,
                             std::vector<std::string> overrides = {}) {
  static plugin::HostServices services{plugin::HostOptions{}};
  const std::string configs = std::string(IMBREX_SOURCE_DIR) + "/configs/";
  overrides.push_back("workload.file=" + configs + "workloads/" + network + ".toml");
  const recipe::ResolvedPlan plan = recipe::resolve(
      {configs + "ablations/fast-overlapim/" + recipe + ".toml", overrides}, registry());
  return run::run_plan(plan, registry(), services);
}

std::int64_t simulated_ps(const run::RunOutcome& outcome) {
  const auto simulator = plugin::make_instance<OverlapAnalyzer>(
      configure("imbrex.overlap.simulator", {}), outcome.machine->context(host()));
  const Design* const design = outcome.design.get();
  OverlapResult result;
  simulator->analyze(outcome.request, {&design, 1}, {&result, 1}, nullptr);
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
  const run::RunOutcome outcome = run_ablation(GetParam().recipe, GetParam().network);
  EXPECT_EQ(outcome.design->timeline()->makespan_ps, GetParam().latency_ps);
}
INSTANTIATE_TEST_SUITE_P(Ablation, DealAnew, ::testing::ValuesIn(kKnown),
                         [](const ::testing::TestParamInfo<Known>& known) {
                           std::string name =
                               std::string(known.param.recipe) + "_" + known.param.network;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(DealtDesign, IsWhatTheSimulatorRuns) {
  for (const char* unit : {"job", "output-tile"}) {
    const run::RunOutcome outcome =
        run_ablation("original-transform", "resnet18",
                     {std::string("stage.4.unit=") + unit, "stage.4.move_bits_per_ps=0.05",
                      "stage.4.merge_add_ps=1000"});
    EXPECT_TRUE(outcome.design->has_dealt_orders()) << unit;
    EXPECT_EQ(simulated_ps(outcome), outcome.design->timeline()->makespan_ps) << unit;
  }
}

// Dealing saves time and no energy: an objective of energy has nothing to gain.
TEST(DealtDesign, IsNotMadeForEnergy) {
  const run::RunOutcome outcome =
      run_ablation("original-transform", "resnet18", {"objective=energy"});
  EXPECT_FALSE(outcome.design->has_dealt_orders());
}

}  // namespace
}  // namespace imbrex::test
