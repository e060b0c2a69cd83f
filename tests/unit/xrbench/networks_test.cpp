// Sums of the XR-bench networks: specification pipeorgan, section 9.2.
#include "xrbench_kit.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace imbrex {

namespace {

class XrbenchNetwork : public testing::TestWithParam<xrbench::Network> {};

// The table prints three or four digits.
void expect_printed(double got, double want) {
  EXPECT_NEAR(got, want, 0.005 * want + 6e-4);
}

TEST_P(XrbenchNetwork, HasTheSumsOfTheTable) {
  const xrbench::Network& network = GetParam();
  const Workload workload = xrbench::load(network);
  std::int64_t weights = 0;
  std::int64_t activations = 0;
  int layers = 0;
  for (const OperatorId id : test::operators_with_macs(workload)) {
    weights += workload.at(id).weight_elements();
    activations += workload.at(workload.at(id).output).shape.elements();
    ++layers;
  }
  EXPECT_EQ(layers, network.layers);
  expect_printed(static_cast<double>(workload.macs()) / 1e9, network.gmac);
  expect_printed(static_cast<double>(weights) / 1e6, network.weights_million);
  expect_printed(static_cast<double>(activations) / 1e6, network.activations_million);
}

const auto kName = [](const auto& info) {
  std::string name = info.param.file;
  std::erase(name, '-');
  return name;
};

INSTANTIATE_TEST_SUITE_P(Encoded, XrbenchNetwork, testing::ValuesIn(xrbench::networks()), kName);
INSTANTIATE_TEST_SUITE_P(Corrected, XrbenchNetwork,
                         testing::ValuesIn(xrbench::corrected_networks()), kName);

TEST(XrbenchNetwork, RitNetIsOneChain) {
  const segments::LayerSequence sequence = xrbench::sequence(xrbench::networks()[0]);
  EXPECT_TRUE(sequence.skips.empty());
  for (std::size_t i = 0; i + 1 < sequence.layers.size(); ++i) {
    EXPECT_TRUE(sequence.layers[i].joins_next) << i;
  }
  // From 160 x 100 to 80 x 50: only what is picked is handed over.
  EXPECT_EQ(sequence.layers[4].handed_words, 32 * 80 * 50);
  EXPECT_EQ(sequence.layers[4].output_words, 32 * 160 * 100);
}

}  // namespace

}  // namespace imbrex
