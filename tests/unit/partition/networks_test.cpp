// The networks of specification clsa-cim section 8, layer by layer: minimum PEs, T_lbl, and the
// speed-ups that duplication alone gives (section 9.2, "wdup").
#include "analyze_one.hpp"
#include "clsa_figures.hpp"
#include "crossbar_kit.hpp"
#include "toml_workload.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::Chip;
using Judge = test::FakeEvaluator;
using test::Settings;

constexpr std::int64_t kMvm = 1'400'000;

std::int64_t cycles(Chip& chip, const Settings& duplication) {
  Judge judge = chip.evaluator();
  test::make<Partitioner>("imbrex.partition.weight-duplication", duplication, chip.context())
      ->partition(chip.design, judge);
  const OverlapResult result =
      test::analyze_one(*chip.analyzer("imbrex.overlap.layer-by-layer"), chip.design);
  EXPECT_EQ(result.makespan_ps % kMvm, 0);
  return result.makespan_ps / kMvm;
}

class Networks : public ::testing::TestWithParam<test::ClsaFigures> {
 protected:
  double speedup(std::int64_t extra, const Settings& duplication) const {
    Chip chip(workload_, {{"extra_pes", extra}});
    const double ratio = static_cast<double>(GetParam().layer_by_layer_cycles) /
                         static_cast<double>(cycles(chip, duplication));
    return std::round(ratio * 100) / 100;
  }
  std::shared_ptr<const Workload> workload_ =
      std::make_shared<const Workload>(imbrex_test::preset(GetParam().network));
};

TEST_P(Networks, HaveTheMinimumPesAndTheLatencyOfTheSpecification) {
  Chip chip(workload_);
  EXPECT_EQ(chip.architecture().resources[0].count, GetParam().minimum_pes);
  EXPECT_EQ(cycles(chip, {}), GetParam().layer_by_layer_cycles);
}

TEST_P(Networks, SpeedUpByDuplicationAsInTheSpecification) {
  EXPECT_DOUBLE_EQ(speedup(16, {}), GetParam().wdup_16);
  EXPECT_DOUBLE_EQ(speedup(32, {}), GetParam().wdup_32);
  EXPECT_DOUBLE_EQ(speedup(32, {{"solver", std::string("min-sum-dp")}}),
                   GetParam().min_sum_wdup_32);
}

TEST_P(Networks, GainNoLessFromTheExactSumThanFromAnyOtherSolver) {
  const double exact = speedup(24, {{"solver", std::string("min-sum-dp")}});
  for (const char* solver : {"bottleneck-stop", "bottleneck-skip", "min-sum-greedy"}) {
    // Whole cycles per layer blur the sum a little: one per layer at most.
    EXPECT_LE(speedup(24, {{"solver", std::string(solver)}}), exact + 0.02) << solver;
  }
}

INSTANTIATE_TEST_SUITE_P(Specification, Networks, ::testing::ValuesIn(test::kClsaFigures),
                         [](const auto& network) { return std::string(network.param.network); });

}  // namespace
}  // namespace imbrex
