// Makespans, sets and edges of specification clsa-cim section 9.3, by both implementations.
#include "clsa_makespans.hpp"
#include "clsa_networks.hpp"
#include "duplication_fixture.hpp"

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

class GoldenIntegers : public testing::TestWithParam<ClsaMakespans> {
 protected:
  // Expects the three makespans from both implementations.
  void expect_makespans(const char* granularity, const std::array<std::int64_t, 3>& expected) {
    const auto workload = load_workload(GetParam().network);
    for (std::size_t i = 0; i < kClsaExtraPes.size(); ++i) {
      const ClsaSystem system(workload, kClsaExtraPes[i]);
      const Design design = duplicated(system);
      for (const char* implementation : {"explicit", "availability"}) {
        const auto analyzer = system.clsa({{"granularity", granularity},
                                           {"block", std::vector<std::int64_t>{4, 4}},
                                           {"implementation", implementation}});
        EXPECT_EQ(makespan_cycles(*analyzer, design), expected[i])
            << implementation << ", " << kClsaExtraPes[i] << " extra PEs";
      }
    }
  }
};

INSTANTIATE_TEST_SUITE_P(Networks, GoldenIntegers, testing::ValuesIn(kClsaMakespans),
                         [](const auto& chosen) { return std::string(chosen.param.network); });

TEST_P(GoldenIntegers, RowMakespans) {
  expect_makespans("row", GetParam().row);
}
TEST_P(GoldenIntegers, BlockMakespans) {
  expect_makespans("block", GetParam().block);
}
TEST_P(GoldenIntegers, PixelMakespans) {
  expect_makespans("pixel", GetParam().pixel);
}

TEST_P(GoldenIntegers, RowSetsAndEdges) {
  const ClsaSystem system(load_workload(GetParam().network));
  const auto analyzer = system.clsa({{"implementation", "explicit"}});
  Detail detail;
  makespan_cycles(*analyzer, system.design(), &detail);
  EXPECT_EQ(detail.at("sets"), GetParam().sets);
  EXPECT_EQ(detail.at("edges"), GetParam().edges);
  EXPECT_EQ(static_cast<std::int64_t>(detail.jobs.size()), GetParam().sets);
}

// Both implementations agree on every single job, not only on the last.
TEST_P(GoldenIntegers, EveryJobRunsAtTheSameTimeInBothImplementations) {
  const ClsaSystem system(load_workload(GetParam().network), 32);
  const Design design = duplicated(system);
  Detail by_graph;
  Detail by_map;
  makespan_cycles(*system.clsa({{"implementation", "explicit"}}), design, &by_graph);
  makespan_cycles(*system.clsa({{"implementation", "availability"}}), design, &by_map);
  ASSERT_EQ(by_graph.jobs.size(), by_map.jobs.size());
  for (std::size_t i = 0; i < by_graph.jobs.size(); ++i) {
    const TimedJob& a = by_graph.jobs[i];
    const TimedJob& b = by_map.jobs[i];
    ASSERT_TRUE(a.id == b.id && a.server == b.server && a.step == b.step) << "job " << i;
    ASSERT_EQ(a.start_ps, b.start_ps) << "job " << i;
    ASSERT_EQ(a.end_ps, b.end_ps) << "job " << i;
  }
}

// The hand-written file and the calls of clsa_networks.hpp describe the same network.
TEST_P(GoldenIntegers, WorkloadFileAgreesWithTheNetworkBuiltCallByCall) {
  const ClsaSystem from_file(load_workload(GetParam().network));
  const ClsaSystem by_call(build_network(GetParam().network));
  EXPECT_EQ(by_call.minimum_pes(), from_file.minimum_pes());
  EXPECT_EQ(by_call.work_cycles(), from_file.work_cycles());
  Detail detail;
  makespan_cycles(*by_call.clsa({{"implementation", "explicit"}}), by_call.design(), &detail);
  EXPECT_EQ(detail.at("sets"), GetParam().sets);
  EXPECT_EQ(detail.at("edges"), GetParam().edges);
}

}  // namespace
}  // namespace imbrex::test
