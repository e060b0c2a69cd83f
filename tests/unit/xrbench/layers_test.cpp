// configs/workloads/xrbench-*.toml layer by layer against the artefact's shapes
// (../shared/models/xrbench-layers.json).
#include "xrbench_kit.hpp"

#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex {

namespace {

class XrbenchLayers : public testing::TestWithParam<xrbench::Network> {};

TEST_P(XrbenchLayers, AreThoseOfTheArtefact) {
  const xrbench::Network& network = GetParam();
  std::ifstream file(IMBREX_MODELS_DIR "/xrbench-layers.json");
  const auto layers =
      nlohmann::json::parse(file).at(network.name).get<std::vector<std::array<std::int64_t, 6>>>();
  const Workload workload = xrbench::load(network);
  const std::vector<OperatorId> ids = test::operators_with_macs(workload);
  ASSERT_EQ(ids.size(), layers.size());
  int grouped = 0;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const LoopBounds& bounds = workload.at(ids[i]).bounds;
    const std::int64_t groups = bounds[Dim::G];
    const std::array<std::int64_t, 6> got = {groups * bounds[Dim::K], groups * bounds[Dim::C],
                                             bounds[Dim::P],          bounds[Dim::Q],
                                             bounds[Dim::R],          bounds[Dim::S]};
    EXPECT_EQ(got, layers[i]) << network.file << " layer " << i;
    EXPECT_TRUE(groups == 1 || (network.corrected && groups == layers[i][0])) << i;
    grouped += groups > 1 ? 1 : 0;
  }
  EXPECT_EQ(grouped > 0, network.corrected);
}

INSTANTIATE_TEST_SUITE_P(Encoded, XrbenchLayers, testing::ValuesIn(xrbench::networks()));
INSTANTIATE_TEST_SUITE_P(Corrected, XrbenchLayers,
                         testing::ValuesIn(xrbench::corrected_networks()));

}  // namespace

}  // namespace imbrex
