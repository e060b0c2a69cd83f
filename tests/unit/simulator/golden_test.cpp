// The golden makespans, sets and edges of specification clsa-cim section 9.3, by simulation.
#include "clsa_fixture.hpp"
#include "clsa_makespans.hpp"

#include <array>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

class SimulatorGolden : public testing::TestWithParam<ClsaMakespans> {
 protected:
  // Section 5.3, bottleneck-skip, straight from its description: one more copy for the slowest
  // layer that fits, as long as one fits.
  static Design duplicated(const ClsaSystem& system, std::int64_t spare) {
    Design design = system.design();
    const Workload& workload = system.workload();
    while (true) {
      OperatorId best = OperatorId::none;
      std::int64_t best_t = 0;
      for (std::size_t i = 0; i < workload.operators().size(); ++i) {
        const OperatorId op = operator_id(i);
        const Demand demand = system.cost().demand(op);
        const LoopBounds& bounds = workload.at(op).bounds;
        const std::int64_t t = bounds[Dim::P] * bounds[Dim::Q];
        const std::int64_t d = design.placement(op).copies;
        if (!demand.mappable || demand.units > spare || d >= t) {
          continue;
        }
        if (best == OperatorId::none || t * design.placement(best).copies > best_t * d) {
          best = op;
          best_t = t;
        }
      }
      if (best == OperatorId::none) {
        return design;
      }
      ++design.placement(best).copies;
      spare -= system.cost().demand(best).units;
    }
  }

  static void expect_makespans(const std::string& granularity,
                               const std::array<std::int64_t, 3>& expected) {
    const auto workload = load_workload(GetParam().network);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const std::int64_t extra_pes = kClsaExtraPes[i];
      const ClsaSystem system(workload, extra_pes);
      const auto simulator = system.analyzer(
          "imbrex.overlap.simulator",
          {{"granularity", granularity}, {"block", std::vector<std::int64_t>{4, 4}}});
      EXPECT_EQ(makespan_cycles(*simulator, duplicated(system, extra_pes)), expected[i])
          << extra_pes << " extra PEs";
    }
  }
};

TEST_P(SimulatorGolden, RowMakespans) {
  expect_makespans("row", GetParam().row);
}
TEST_P(SimulatorGolden, BlockMakespans) {
  expect_makespans("block", GetParam().block);
}
TEST_P(SimulatorGolden, PixelMakespans) {
  expect_makespans("pixel", GetParam().pixel);
}

TEST_P(SimulatorGolden, RowSetsAndEdges) {
  const ClsaSystem system(load_workload(GetParam().network));
  const auto simulator =
      system.analyzer("imbrex.overlap.simulator", {{"granularity", std::string("row")}});
  Detail detail;
  makespan_cycles(*simulator, system.design(), &detail);
  EXPECT_EQ(detail.at("jobs"), GetParam().sets);
  EXPECT_EQ(detail.at("dependencies"), GetParam().edges);
}

INSTANTIATE_TEST_SUITE_P(AllNetworks, SimulatorGolden, testing::ValuesIn(kClsaMakespans),
                         [](const auto& parameter) {
                           return std::string(parameter.param.network);
                         });

}  // namespace
}  // namespace imbrex::test
