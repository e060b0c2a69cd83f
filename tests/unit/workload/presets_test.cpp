// The networks of configs/workloads against the tables of specification clsa-cim section 8.
#include "clsa_figures.hpp"
#include "clsa_layers.hpp"
#include "toml_workload.hpp"

#include <imbrex/toolkit/segments/crossbar.hpp>

#include <span>

#include <gtest/gtest.h>

namespace imbrex {

namespace {
using test::ClsaLayer;
using test::kTinyYoloV3Layers;
using test::kTinyYoloV4Layers;

std::vector<const Operator*> base_operators(const Workload& workload) {
  std::vector<const Operator*> result;
  for (const Operator& op : workload.operators()) {
    if (segments::runs_on_crossbars(op)) {
      result.push_back(&op);
    }
  }
  return result;
}

std::vector<ClsaLayer> base_layers(const Workload& workload) {
  std::vector<ClsaLayer> result;
  for (const Operator* op : base_operators(workload)) {
    result.push_back({segments::crossbar_tiling(op->bounds, 256, 256, 1).crossbars(),
                      op->bounds[Dim::N] * op->bounds[Dim::P] * op->bounds[Dim::Q]});
  }
  return result;
}

std::vector<ClsaLayer> table(std::span<const ClsaLayer> layers) {
  return {layers.begin(), layers.end()};
}

class PresetTotals : public testing::TestWithParam<test::ClsaFigures> {};

TEST_P(PresetTotals, EqualThePublishedTable) {
  const test::ClsaFigures& expected = GetParam();
  const Workload workload = imbrex_test::preset(expected.network);
  std::int64_t pe_min = 0;
  std::int64_t work = 0;
  std::int64_t cycles = 0;
  for (const ClsaLayer& base : base_layers(workload)) {
    pe_min += base.crossbars;
    work += base.crossbars * base.cycles;
    cycles += base.cycles;
  }
  EXPECT_EQ(base_layers(workload).size(), expected.layers);
  EXPECT_EQ(pe_min, expected.minimum_pes);
  EXPECT_EQ(work, expected.work);
  EXPECT_EQ(cycles, expected.layer_by_layer_cycles);
}

// Specification clsa-cim section 8.2.
INSTANTIATE_TEST_SUITE_P(Section82, PresetTotals, testing::ValuesIn(test::kClsaFigures),
                         [](const auto& test) { return std::string(test.param.network); });

TEST(TinyYoloV4, EqualsTheTableRowByRow) {
  EXPECT_EQ(base_layers(imbrex_test::preset("tinyyolov4")), table(kTinyYoloV4Layers));
}

struct Row {
  std::int64_t kernel, channels, rows, columns, filters;
  friend bool operator==(const Row&, const Row&) = default;
};

std::vector<Row> shapes(const Workload& workload) {
  std::vector<Row> result;
  for (const Operator* op : base_operators(workload)) {
    const LoopBounds& b = op->bounds;
    EXPECT_EQ(b[Dim::R], b[Dim::S]);
    result.push_back({b[Dim::R], b[Dim::C], b[Dim::P], b[Dim::Q], b[Dim::K]});
  }
  return result;
}

// Columns k, C -> OH, OW, K of section 8.1.
TEST(TinyYoloV4, HasTheShapesOfTheTable) {
  const std::vector<Row> expected = {
      {3, 3, 208, 208, 32},  {3, 32, 104, 104, 64}, {3, 64, 104, 104, 64}, {3, 32, 104, 104, 32},
      {3, 32, 104, 104, 32}, {1, 64, 104, 104, 64}, {3, 128, 52, 52, 128}, {3, 64, 52, 52, 64},
      {3, 64, 52, 52, 64},   {1, 128, 52, 52, 128}, {3, 256, 26, 26, 256}, {3, 128, 26, 26, 128},
      {3, 128, 26, 26, 128}, {1, 256, 26, 26, 256}, {3, 512, 13, 13, 512}, {1, 512, 13, 13, 256},
      {3, 256, 13, 13, 512}, {1, 512, 13, 13, 255}, {1, 256, 13, 13, 128}, {3, 384, 26, 26, 256},
      {1, 256, 26, 26, 255}};
  EXPECT_TRUE(shapes(imbrex_test::preset("tinyyolov4")) == expected);
}

TEST(TinyYoloV3, EqualsTheList) {
  EXPECT_EQ(base_layers(imbrex_test::preset("tinyyolov3")), table(kTinyYoloV3Layers));
}

// Section 9.3: a stride-2 "same" convolution on an even input has no padding at the top and left.
TEST(TinyYoloV4, PadsStridedConvolutionsAtTheEnd) {
  const Workload workload = imbrex_test::preset("tinyyolov4");
  const Operator& first = *base_operators(workload)[0];
  EXPECT_EQ(first.pad_begin, (std::array<std::int64_t, 2>{0, 0}));
  const Operator& third = *base_operators(workload)[2];
  EXPECT_EQ(third.pad_begin, (std::array<std::int64_t, 2>{1, 1}));
}

TEST(TinyYolo, HasTwoHeads) {
  for (const char* name : {"tinyyolov3", "tinyyolov4"}) {
    const Workload workload = imbrex_test::preset(name);
    ASSERT_EQ(workload.outputs().size(), 2u) << name;
    const Shape coarse{4, {1, 255, 13, 13, 1, 1}};
    const Shape fine{4, {1, 255, 26, 26, 1, 1}};
    EXPECT_EQ(workload.at(workload.outputs()[0]).shape, coarse) << name;
    EXPECT_EQ(workload.at(workload.outputs()[1]).shape, fine) << name;
  }
}

// Upper channel half of A -> B; concat(C, B) -> D; concat(A, D) -> pool (section 8.1, wiring).
TEST(TinyYoloV4, WiresTheFirstCrossStageBlock) {
  const Workload workload = imbrex_test::preset("tinyyolov4");
  const auto base = base_operators(workload);
  const auto producer = [&](TensorId id) -> const Operator& {
    const Operator* op = &workload.at(workload.at(id).producer);
    while (op->kind == OperatorKind::activation) {
      op = &workload.at(workload.at(op->inputs[0]).producer);
    }
    return *op;
  };
  const Operator& half = producer(base[3]->inputs[0]);
  ASSERT_EQ(half.kind, OperatorKind::slice);
  EXPECT_EQ(&producer(half.inputs[0]), base[2]);
  const Region all = Region::whole(workload.at(half.output).shape);
  EXPECT_EQ(half.maps[0].apply(all).axis[1], (Interval{32, 64}));
  EXPECT_EQ(&producer(base[4]->inputs[0]), base[3]);
  const Operator& inner = producer(base[5]->inputs[0]);
  ASSERT_EQ(inner.kind, OperatorKind::concat);
  EXPECT_EQ(&producer(inner.inputs[0]), base[4]);
  EXPECT_EQ(&producer(inner.inputs[1]), base[3]);
  const Operator& pool = producer(base[6]->inputs[0]);
  ASSERT_EQ(pool.kind, OperatorKind::pool);
  const Operator& outer = producer(pool.inputs[0]);
  EXPECT_EQ(&producer(outer.inputs[0]), base[2]);
  EXPECT_EQ(&producer(outer.inputs[1]), base[5]);
}

// Section 9.3: stem, then per block [projection if any, 1x1, 3x3, 1x1].
TEST(ResNet50, NumbersTheProjectionBeforeItsBlock) {
  const std::vector<Row> all = shapes(imbrex_test::preset("resnet50"));
  const std::vector<Row> expected = {
      {7, 3, 112, 112, 64}, {1, 64, 56, 56, 256}, {1, 64, 56, 56, 64},  {3, 64, 56, 56, 64},
      {1, 64, 56, 56, 256}, {1, 256, 56, 56, 64}, {3, 64, 56, 56, 64},  {1, 64, 56, 56, 256},
      {1, 256, 56, 56, 64}, {3, 64, 56, 56, 64},  {1, 64, 56, 56, 256}, {1, 256, 28, 28, 512},
      {1, 256, 28, 28, 128}};
  ASSERT_EQ(all.size(), 53u);
  EXPECT_TRUE(std::equal(expected.begin(), expected.end(), all.begin()));
}

// 17 convolutions of the plain form plus 3 projections; MACs of the published 1.81 G without the
// 512 x 1000 classifier.
TEST(ResNet18, HasTheUsualShape) {
  const Workload workload = imbrex_test::preset("resnet18");
  EXPECT_EQ(base_layers(workload).size(), 20u);
  EXPECT_EQ(workload.macs(), 1'813'561'344);
  const Shape last{4, {1, 512, 7, 7, 1, 1}};
  ASSERT_EQ(workload.outputs().size(), 1u);
  EXPECT_EQ(workload.at(workload.outputs()[0]).shape, last);
}

// 53 layers, 17 of them depthwise. The paper's table 4 says 300 M multiply-adds and 3.4 M
// parameters.
TEST(MobileNetV2, HasThePublishedSize) {
  const Workload workload = imbrex_test::preset("mobilenetv2");
  std::int64_t layers = 0;
  std::int64_t depthwise = 0;
  for (const Operator& op : workload.operators()) {
    layers += op.macs() > 0 ? 1 : 0;
    depthwise += op.macs() > 0 && op.bounds[Dim::G] > 1 ? 1 : 0;
  }
  EXPECT_EQ(layers, 53);
  EXPECT_EQ(depthwise, 17);
  EXPECT_EQ(workload.macs(), 300'774'272);
  EXPECT_EQ(workload.weight_bits(), 8 * 3'469'760);
  EXPECT_EQ(workload.at(workload.outputs()[0]).shape, (Shape{2, {1, 1000, 1, 1, 1, 1}}));
}

// Four products with 4096 x 4096 weights, three with 4096 x 11008, and 32 heads of 128 that meet
// 2048 keys and values.
TEST(DecoderStep, DoesOneTokensWork) {
  const Workload workload = imbrex_test::preset("llama-7b-decode");
  EXPECT_EQ(workload.macs(), 4 * 4096 * 4096 + 3 * 4096 * 11008 + 2 * 32 * 128 * 2048);
  EXPECT_EQ(workload.weight_bits(), 8LL * (4 * 4096 * 4096 + 3 * 4096 * 11008));
}

TEST(Presets, ReadTwiceGiveTheSameCanonicalText) {
  EXPECT_EQ(imbrex_test::preset("resnet50").canonical_text(),
            imbrex_test::preset("resnet50").canonical_text());
  EXPECT_NE(imbrex_test::preset("vgg16").canonical_text(),
            imbrex_test::preset("vgg19").canonical_text());
}

// Four images: four times the work, on tensors with four times the leading axis, same weights.
TEST(Presets, ConvolutionalNetworksRunOnBatches) {
  for (const char* name : {"vgg16", "resnet18", "tinyyolov3"}) {
    const Workload one = imbrex_test::preset(name);
    const Workload four = imbrex_test::preset(name, 4);
    EXPECT_EQ(four.macs(), 4 * one.macs()) << name;
    EXPECT_EQ(four.weight_bits(), one.weight_bits()) << name;
    EXPECT_EQ(four.at(four.outputs()[0]).shape[0], 4) << name;
    EXPECT_EQ(four.operators()[0].bounds[Dim::N], 4) << name;
  }
}

}  // namespace

}  // namespace imbrex
