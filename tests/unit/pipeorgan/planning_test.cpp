// Loop orders, tiles and patterns of pipelined neighbours: specification pipeorgan, sections 4.2
// and 6.1. Expected values by hand.
#include "dataflow.hpp"
#include "layers.hpp"
#include "pattern.hpp"

#include <imbrex/toolkit/segments/layer_sequence.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <algorithm>

#include <gtest/gtest.h>

namespace imbrex {

namespace {
using pipeorgan::Dataflow;
using segments::LayerSequence;

struct Layer {
  std::int64_t kernel = 1;
  std::int64_t filters = 32;
  std::int64_t stride = 1;
  bool depthwise = false;
};

// Convolutions one behind the other, padded so that a stride of 1 keeps the size.
Workload chain(std::int64_t channels, std::int64_t height, std::int64_t width,
               const std::vector<Layer>& layers) {
  WorkloadBuilder builder("chain");
  TensorId last = builder.input("x", Shape{4, {1, channels, height, width}});
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const Layer& layer = layers[i];
    ConvolutionParams params;
    params.window.kernel = {layer.kernel, layer.kernel};
    params.window.stride = {layer.stride, layer.stride};
    params.window.pad_begin = {layer.kernel / 2, layer.kernel / 2};
    params.window.pad_end = {layer.kernel / 2, layer.kernel / 2};
    params.groups = layer.depthwise ? channels : 1;
    params.output_channels = layer.depthwise ? channels : layer.filters;
    last = builder.convolution("conv" + std::to_string(i), last, params);
    channels = params.output_channels;
  }
  builder.output(last);
  return builder.finish();
}

std::vector<Dataflow> flows_of(const Workload& workload, bool positions_only = false) {
  std::vector<OperatorId> layers;
  for (std::size_t i = 0; i < workload.operators().size(); ++i) {
    layers.push_back(operator_id(i));
  }
  const segments::LayerSequence sequence = segments::layer_sequence(workload, layers);
  const auto edges = pipeorgan::edges_of(sequence, 0, layers.size());
  return pipeorgan::dataflows(workload, sequence, 0, layers.size(), edges, positions_only);
}

bool is_by_channels(const Dataflow& flow) {
  return flow.shapes.front().kind == JobShape::Kind::output_channels;
}

TEST(Dataflows, OfRitNetsFirstPairKeepTwoRows) {
  // 3x3 on 160 x 100 with 32 channels: 2 * 100 * 32 words stay with the consumer (section 4.2).
  const Workload workload = chain(32, 160, 100, {{1}, {3}});
  const std::vector<Dataflow> flows = flows_of(workload, true);
  ASSERT_EQ(flows.size(), 7U) << "1, 2, 4, ... 64 of 160 rows";
  EXPECT_EQ(flows[0].intervals, 160);
  EXPECT_EQ(flows[0].edges.at(0).words_per_interval, 100 * 32);
  EXPECT_EQ(flows[0].edges.at(0).kept_words, 6400);
  EXPECT_EQ(flows[3].shapes[0], (JobShape{JobShape::Kind::rows, 8}));
  EXPECT_EQ(flows[3].intervals, 20);
  EXPECT_EQ(flows[3].edges.at(0).words_per_interval, 8 * 100 * 32);
  EXPECT_EQ(flows[3].edges.at(0).kept_words, 6400) << "whatever the tile";
}

TEST(Dataflows, OfAPairAlsoGoChannelByChannel) {
  const std::vector<Dataflow> flows = flows_of(chain(16, 4, 8, {{1, 16}, {1, 16}}));
  const auto finest = std::find_if(flows.begin(), flows.end(), is_by_channels);
  ASSERT_NE(finest, flows.end());
  EXPECT_EQ(finest->intervals, 16);
  EXPECT_EQ(finest->edges.at(0).words_per_interval, 4 * 8);
  EXPECT_EQ(finest->edges.at(0).kept_words, 0);
  EXPECT_EQ(finest->shapes[1], (JobShape{JobShape::Kind::input_channels, 1}));
}

// Fusing channels leaves the consumer's result unfinished until its end (section 4.2).
TEST(Dataflows, OfThreeLayersHavePositionsOutermostEverywhere) {
  const std::vector<Dataflow> flows = flows_of(chain(16, 8, 8, {{1, 16}, {1, 16}, {1, 16}}));
  ASSERT_FALSE(flows.empty());
  EXPECT_TRUE(std::none_of(flows.begin(), flows.end(), is_by_channels));
}

TEST(Dataflows, OfLayersWithoutPositionsGoChannelByChannel) {
  const std::vector<Dataflow> flows = flows_of(chain(64, 1, 1, {{1, 32}, {1, 8}}));
  ASSERT_FALSE(flows.empty());
  EXPECT_TRUE(std::all_of(flows.begin(), flows.end(), is_by_channels));
  EXPECT_EQ(flows.front().intervals, 32);
  EXPECT_TRUE(flows_of(chain(64, 1, 1, {{1, 32}, {1, 8}}), true).empty());
  EXPECT_TRUE(flows_of(chain(64, 1, 1, {{1, 32}, {1, 8}, {1, 8}})).empty());
}

TEST(Dataflows, DoNotMixTheChannelsOfGroups) {
  const std::vector<Dataflow> flows = flows_of(chain(16, 8, 8, {{1, 16}, {3, 16, 1, true}}));
  ASSERT_FALSE(flows.empty());
  EXPECT_TRUE(std::none_of(flows.begin(), flows.end(), is_by_channels));
}

TEST(Dataflows, ScaleRowsThroughStrides) {
  const std::vector<Dataflow> flows = flows_of(chain(8, 16, 16, {{1, 8}, {3, 8, 2}}), true);
  ASSERT_FALSE(flows.empty());
  EXPECT_EQ(flows[0].shapes[0].height, 2) << "two rows of the producer for one of the consumer";
  EXPECT_EQ(flows[0].shapes[1].height, 1);
  EXPECT_EQ(flows[0].intervals, 8);
  EXPECT_EQ(flows[0].edges.at(0).kept_words, (3 - 2) * 16 * 8);
}

TEST(Dataflows, CutColumnsWhereThereIsOneRow) {
  const std::vector<Dataflow> flows = flows_of(chain(8, 1, 12, {{1, 8}, {1, 8}}), true);
  ASSERT_FALSE(flows.empty());
  EXPECT_EQ(flows[0].shapes[0], (JobShape{JobShape::Kind::block, 1, 1}));
  EXPECT_EQ(flows[0].intervals, 12);
}

TEST(Dataflows, OfOneLayerAreTheLayer) {
  const std::vector<Dataflow> flows = flows_of(chain(8, 4, 4, {{1, 8}}));
  ASSERT_EQ(flows.size(), 1U);
  EXPECT_EQ(flows[0].shapes[0].kind, JobShape::Kind::layer);
}

TEST(Dataflows, KeepWhatSkipsWaitFor) {
  // x -> a -> b -> c -> (+) <- a: what a made waits until c has caught up, b's and c's halo
  // included.
  WorkloadBuilder builder("skip");
  ConvolutionParams params;
  params.output_channels = 4;
  params.window.kernel = {3, 3};
  params.window.pad_begin = params.window.pad_end = {1, 1};
  const TensorId x = builder.input("x", Shape{4, {1, 4, 8, 8}});
  const TensorId a = builder.convolution("a", x, params);
  const TensorId b = builder.convolution("b", a, params);
  const TensorId c = builder.convolution("c", b, params);
  const std::vector<TensorId> operands{a, c};
  const TensorId sum = builder.elementwise("sum", operands);
  builder.output(builder.convolution("d", sum, params));
  const Workload workload = builder.finish();
  const segments::LayerSequence sequence =
      segments::layer_sequence(workload, test::operators_with_macs(workload));
  const auto edges = pipeorgan::edges_of(sequence, 0, 4);
  ASSERT_EQ(edges.size(), 4U);
  EXPECT_EQ(edges[3].producer, 0);
  EXPECT_EQ(edges[3].consumer, 3);
  const std::vector<Dataflow> flows = pipeorgan::dataflows(workload, sequence, 0, 4, edges, false);
  ASSERT_FALSE(flows.empty());
  // Rows: every stage is one interval and one halo row behind the one before it.
  EXPECT_EQ(flows[0].edges.at(3).words_per_interval, 4 * 8);
  EXPECT_EQ(flows[0].edges.at(3).kept_words, 3 * (1 + 1) * 4 * 8);
}

// --- Patterns ----------------------------------------------------------------------------------

struct Array {
  std::vector<StorageLevel> levels{3};
  ResourcePool pool{"PE", 64, 1};
  Architecture architecture;
  Array() {
    levels[2].instances = 64;
    architecture.levels = levels;
    architecture.resources = {&pool, 1};
    architecture.grid = {8, 8};
  }
};

Mapping spread(std::initializer_list<Loop> loops) {
  Mapping mapping;
  for (const Loop& loop : loops) {
    mapping.loops[mapping.count++] = loop;
  }
  return mapping;
}

TEST(Pattern, FollowsWhatTheConsumerSpreadsOverElements) {
  const Array array;
  const Workload workload = chain(16, 8, 8, {{1, 64}, {3, 64}});
  const Operator& pointwise = workload.operators()[0];
  const Operator& window = workload.operators()[1];
  const auto pattern = [&](const Operator& op, std::initializer_list<Loop> loops) {
    return pipeorgan::pattern_of(op, spread(loops), array.architecture);
  };
  const Loop columns{Dim::Q, LoopKind::spatial, 1, 8};
  const Loop rows{Dim::P, LoopKind::spatial, 1, 8};
  const Loop inputs{Dim::C, LoopKind::spatial, 1, 8};
  EXPECT_EQ(pattern(pointwise, {columns, rows}), FlowPattern::one_to_one);
  EXPECT_EQ(pattern(window, {columns, rows}), FlowPattern::halo);
  EXPECT_EQ(pattern(window, {inputs}), FlowPattern::one_to_one) << "windows lie in one element";
  EXPECT_EQ(pattern(pointwise, {{Dim::K, LoopKind::spatial, 1, 8}, inputs}),
            FlowPattern::row_multicast);
  EXPECT_EQ(pattern(pointwise, {{Dim::K, LoopKind::spatial, 1, 32}}), FlowPattern::all_multicast);
  EXPECT_EQ(pattern(pointwise, {{Dim::K, LoopKind::temporal, 1, 32}}), FlowPattern::one_to_one);
  EXPECT_EQ(pattern(pointwise, {columns, {Dim::K, LoopKind::spatial, 2, 8}}),
            FlowPattern::one_to_one)
      << "lanes inside an element share what it got";
}

}  // namespace

}  // namespace imbrex
