// Makespans, sets and edges of specification clsa-cim section 9.3, by both implementations.
#include "clsa_networks.hpp"
#include "duplication_fixture.hpp"

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

struct Golden {
  const char* network;
  std::int64_t sets;
  std::int64_t edges;
  // By extra PEs 0, 16, 32.
  std::array<std::int64_t, 3> row;
  std::array<std::int64_t, 3> block;
  std::array<std::int64_t, 3> pixel;
};
constexpr std::array<std::int64_t, 3> kExtraPes = {0, 16, 32};

constexpr Golden kGolden[] = {
    {"tinyyolov3", 936, 2674, {174148, 13572, 8060}, {173820, 13724, 7980}, {173676, 12898, 7345}},
    {"tinyyolov4", 1157, 3361, {44837, 7709, 5109}, {45956, 8420, 5700}, {43945, 6749, 4125}},
    {"vgg16", 966, 2824, {51660, 13916, 8540}, {52660, 14660, 8836}, {50942, 13152, 7652}},
    {"vgg19", 1064, 3112, {51856, 14112, 8736}, {53148, 15148, 9324}, {51046, 13256, 7756}},
    {"resnet50", 1372, 3151, {13986, 4578, 3010}, {15024, 5536, 3712}, {12892, 3471, 1865}},
    {"resnet101", 2086, 7877, {14938, 5530, 3962}, {17064, 7576, 5752}, {13198, 3777, 2171}},
    {"resnet152", 2968, 15501, {16114, 6706, 5138}, {19328, 9840, 8016}, {13560, 4139, 2533}},
};

class GoldenIntegers : public testing::TestWithParam<Golden> {
 protected:
  // Expects the three makespans from both implementations.
  void expect_makespans(const char* granularity, const std::array<std::int64_t, 3>& expected) {
    const auto workload = load_workload(GetParam().network);
    for (std::size_t i = 0; i < kExtraPes.size(); ++i) {
      const ClsaSystem system(workload, kExtraPes[i]);
      const Design design = duplicated(system);
      for (const char* implementation : {"explicit", "availability"}) {
        const auto analyzer = system.clsa({{"granularity", granularity},
                                           {"block", std::vector<std::int64_t>{4, 4}},
                                           {"implementation", implementation}});
        EXPECT_EQ(makespan_cycles(*analyzer, design), expected[i])
            << implementation << ", " << kExtraPes[i] << " extra PEs";
      }
    }
  }
};

INSTANTIATE_TEST_SUITE_P(Networks, GoldenIntegers, testing::ValuesIn(kGolden),
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
