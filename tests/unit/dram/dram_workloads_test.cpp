// Workloads with attention and classifiers: operators and multiply-accumulates by hand.
#include "dram_kit.hpp"

#include <gtest/gtest.h>

namespace imbrex {
namespace {

std::int64_t mapped_operators(const Workload& workload) {
  std::int64_t count = 0;
  for (const Operator& op : workload.operators()) {
    count += op.has_macs() ? 1 : 0;
  }
  return count;
}

TEST(DramWorkloads, BertEncoderHasTheKnownSize) {
  const auto bert = test::load_workload("bert-base-encoder");
  // Per layer Q, K, V, O of 768 x 768, two products of 12 heads, two feed-forward products.
  const std::int64_t per_layer = std::int64_t{4} * 128 * 768 * 768 +
                                 std::int64_t{2} * 12 * 128 * 128 * 64 +
                                 std::int64_t{2} * 128 * 768 * 3072;
  EXPECT_EQ(bert->macs(), 12 * per_layer);
  EXPECT_EQ(mapped_operators(*bert), 12 * 8);
  EXPECT_EQ(bert->weight_bits(), std::int64_t{12} * 8 * (4 * 768 * 768 + 2 * 768 * 3072));
}
TEST(DramWorkloads, BertHeadsAreGroupsOfTwoDynamicOperands) {
  const auto bert = test::load_workload("bert-base-encoder");
  int products = 0;
  for (const Operator& op : bert->operators()) {
    if (op.has_macs() && !op.stationary_weights) {
      ++products;
      EXPECT_EQ(op.bounds[Dim::G], 12) << op.name;
      EXPECT_EQ(op.inputs.size(), 2u) << op.name;
    }
  }
  EXPECT_EQ(products, 24);
}
TEST(DramWorkloads, Vgg16HasItsClassifier) {
  const auto full = test::load_workload("vgg16-full");
  const auto features = test::load_workload("vgg16");
  EXPECT_EQ(full->macs() - features->macs(), 25088 * 4096 + 4096 * 4096 + 4096 * 1000);
  EXPECT_EQ(mapped_operators(*full), 16);
}
TEST(DramWorkloads, ResNet50HasItsClassifier) {
  const auto full = test::load_workload("resnet50-full");
  EXPECT_EQ(full->macs() - test::load_workload("resnet50")->macs(), 2048 * 1000);
  EXPECT_EQ(mapped_operators(*full), 54);
}

}  // namespace
}  // namespace imbrex
