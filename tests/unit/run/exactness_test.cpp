// Where regions are larger than needs, found by looking at the network, and where that changes
// nothing. The producer A works row by row or pixel by pixel; what reads it decides.
#include "run/exactness.hpp"

#include "hand_made.hpp"
#include "run/reading_holes.hpp"

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

using Reasons = std::vector<std::string>;

struct Layer {
  std::int64_t kernel = 1;
  std::int64_t stride = 1;
  std::int64_t dilation = 1;
};

ConvolutionParams convolution(const Layer& layer) {
  ConvolutionParams params;
  params.output_channels = 2;
  params.window.kernel = {layer.kernel, layer.kernel};
  params.window.stride = {layer.stride, layer.stride};
  params.window.dilation = {layer.dilation, layer.dilation};
  const std::int64_t pad = layer.dilation * (layer.kernel - 1) / 2;
  params.window.pad_begin = params.window.pad_end = {pad, pad};
  return params;
}

constexpr Shape kImage{4, {1, 2, 8, 8, 1, 1}};

// A, what `between` makes of it, then B.
Workload network(
    const Layer& b, const std::function<TensorId(WorkloadBuilder&, TensorId)>& between =
                        [](WorkloadBuilder&, TensorId data) { return data; }) {
  WorkloadBuilder builder("n");
  const TensorId a = builder.convolution("A", builder.input("image", kImage), convolution({}));
  builder.convolution("B", between(builder, a), convolution(b));
  return builder.finish();
}

Reasons reasons(Workload workload, JobShape::Kind kind = JobShape::Kind::row) {
  HandMade system(std::move(workload));
  const Design design = system.design();
  AnalysisRequest request;
  request.shape.kind = kind;
  return run::reading_holes(WorkGraph(design, system.machine().view(), request));
}

TEST(ReadingHoles, NoneInDenseWindows) {
  for (const Layer& layer : {Layer{1, 1, 1}, Layer{3, 1, 1}, Layer{3, 2, 1}, Layer{2, 2, 1}}) {
    EXPECT_EQ(reasons(network(layer)), Reasons{}) << layer.kernel << layer.stride;
    EXPECT_EQ(reasons(network(layer), JobShape::Kind::pixel), Reasons{});
  }
}

TEST(ReadingHoles, DilationLeavesRowsOut) {
  EXPECT_EQ(reasons(network({3, 1, 2})), Reasons{"dilation in B"});
  EXPECT_EQ(reasons(network({3, 1, 2}), JobShape::Kind::pixel), Reasons{"dilation in B"});
  EXPECT_EQ(reasons(network({1, 1, 2})), Reasons{});  // one tap has nothing to spread
  // A producer that makes everything at once cannot be read too late.
  EXPECT_EQ(reasons(network({3, 1, 2}), JobShape::Kind::layer), Reasons{});
}

// Taps 9 apart over 8 rows: between the first tap and the last there is all of A, and one position
// reads a single pixel of it. The distance is what counts, not whether A's jobs cut the axis.
TEST(ReadingHoles, AShortAxisLiesBetweenTaps) {
  const auto one_job = [](const Layer& layer, JobShape::Kind kind) {
    HandMade system(network(layer));
    Design design = system.design();
    Mapping all;
    all.job_extent = design.workload().operators()[0].bounds.bound;
    design.mapping(operator_id(0)) = all;
    AnalysisRequest request;
    request.shape.kind = kind;
    return run::reading_holes(WorkGraph(design, system.machine().view(), request));
  };
  const Reasons dilated{"dilation in B"};
  EXPECT_EQ(one_job({3, 1, 9}, JobShape::Kind::pixel), dilated);
  // With 8 between taps, one of three always lies inside.
  EXPECT_EQ(one_job({3, 1, 8}, JobShape::Kind::pixel), Reasons{});
  EXPECT_EQ(one_job({3, 1, 2}, JobShape::Kind::pixel), Reasons{});
  // Rows: the columns of a row fill the distance, the rows do not.
  EXPECT_EQ(one_job({3, 1, 9}, JobShape::Kind::row), dilated);
  EXPECT_EQ(one_job({3, 1, 9}, JobShape::Kind::layer), Reasons{});
  // A single tap every 9 rows reads row 0 and no other.
  EXPECT_EQ(one_job({1, 9, 1}, JobShape::Kind::layer), Reasons{});
}

// 1x1 with stride 2: a row of B needs one row of A, every second pixel of it. A's jobs are rows too
// and do not see the pixels; with 2x2 blocks they do; single pixels have no gap inside.
TEST(ReadingHoles, StridesBeyondTheWindow) {
  const Layer projection{1, 2, 1};
  EXPECT_EQ(reasons(network(projection)), Reasons{});
  EXPECT_EQ(reasons(network(projection), JobShape::Kind::pixel), Reasons{});
  HandMade system(network(projection));
  const Design design = system.design();
  AnalysisRequest request;
  request.shape = {JobShape::Kind::block, 2, 2};
  EXPECT_EQ(run::reading_holes(WorkGraph(design, system.machine().view(), request)),
            Reasons{"strides beyond the window of B"});
}

TEST(ReadingHoles, MovementOnTheWay) {
  using Mode = WorkloadBuilder::ResizeMode;
  const auto resized = [](std::int64_t extent, Mode mode = Mode::nearest) {
    return [extent, mode](WorkloadBuilder& builder, TensorId data) {
      Shape shape = kImage;
      shape.extent[2] = shape.extent[3] = extent;
      return builder.resize("up", data, shape, mode);
    };
  };
  // 8 -> 16: every row is there twice; 8 -> 4: every second is left out.
  EXPECT_EQ(reasons(network({3, 1, 1}, resized(16))), Reasons{});
  EXPECT_EQ(reasons(network({3, 1, 1}, resized(4))), Reasons{"resize up"});
  // Linear: 8 -> 16 takes a quarter of one neighbour and three of the other everywhere; 8 -> 24 has
  // positions that fall on a row of the input and need no neighbour.
  EXPECT_EQ(reasons(network({3, 1, 1}, resized(16, Mode::linear))), Reasons{});
  EXPECT_EQ(reasons(network({3, 1, 1}, resized(24, Mode::linear))), Reasons{"resize up"});
  const auto pooled = [](std::int64_t kernel, std::int64_t dilation) {
    return [kernel, dilation](WorkloadBuilder& builder, TensorId data) {
      Window window;
      window.kernel = {kernel, kernel};
      window.stride = {2, 2};
      window.dilation = {dilation, dilation};
      return builder.pool("pool", data, window);
    };
  };
  EXPECT_EQ(reasons(network({3, 1, 1}, pooled(2, 1))), Reasons{});
  EXPECT_EQ(reasons(network({3, 1, 1}, pooled(1, 1))), Reasons{"pool pool"});
  EXPECT_EQ(reasons(network({1, 1, 1}, pooled(1, 1))), Reasons{});  // one row at a time
  EXPECT_EQ(reasons(network({1, 1, 1}, pooled(3, 2))), Reasons{"pool pool"});
}

// All of a reshaped tensor is all of it; a part of it may be spread over more than it needs.
TEST(ReadingHoles, ReshapesThatMoveElements) {
  WorkloadBuilder builder("n");
  const TensorId a = builder.convolution("A", builder.input("image", kImage), convolution({}));
  builder.dense("fc", builder.reshape("flat", a, Shape{2, {1, 128, 1, 1, 1, 1}}), 4);
  EXPECT_EQ(reasons(builder.finish()), Reasons{});
  EXPECT_EQ(reasons(network({1, 1, 1},
                            [](WorkloadBuilder& b, TensorId data) {
                              return b.reshape("fold", data, Shape{4, {1, 2, 4, 16, 1, 1}});
                            })),
            Reasons{"reshape fold"});
}

// Rows 2 and 3 of 8 as one axis of two: a part of them is spread over both, and consumers that read
// all that is left do not read all of A.
TEST(ReadingHoles, ReshapesBehindSlices) {
  const auto sliced = [](std::int64_t begin, std::int64_t end) {
    return [begin, end](WorkloadBuilder& builder, TensorId data) {
      const Shape flat{4, {1, 2, 64, 1, 1, 1}};
      const TensorId line = builder.reshape("line", data, flat);
      const TensorId part = builder.slice("part", line, 2, begin, end);
      return builder.activation("same", part);
    };
  };
  EXPECT_EQ(reasons(network({1, 1, 1}, sliced(0, 64)), JobShape::Kind::layer), Reasons{});
  EXPECT_EQ(reasons(network({1, 1, 1}, sliced(20, 27)), JobShape::Kind::row),
            Reasons{"reshape line"});
}

// Only layers that are mapped here count.
TEST(Exactness, IsAnEstimateWhereALayerTakesLongerThanItsNestSays) {
  WorkloadBuilder builder("n");
  const TensorId a = builder.convolution("A", builder.input("image", kImage), convolution({}));
  builder.understated(builder.convolution("B", a, convolution({})));
  HandMade system(builder.finish());
  const Design design = system.design();
  const auto graphs = run::segment_graphs(design, system.machine().view(), {});
  const run::Trust trust = run::trust_in(HandMade::place(), system.analyzer(), graphs);
  EXPECT_EQ(trust.exactness, Exactness::estimate);
  EXPECT_EQ(trust.reasons, Reasons{"B takes longer than its loop nest says"});
}

TEST(Exactness, IsTheLeastOfAnalyzerAndMaps) {
  HandMade system(network({3, 1, 2}));
  const Design design = system.design();
  const auto graphs = run::segment_graphs(design, system.machine().view(), {});
  const auto trust = [&] { return run::trust_in(HandMade::place(), system.analyzer(), graphs); };
  EXPECT_EQ(trust().exactness, Exactness::conservative);
  EXPECT_EQ(trust().reasons, Reasons{"dilation in B"});
  EXPECT_EQ(trust().said, Exactness::exact);
  answers().fidelity = {Verdict::feasible, Exactness::estimate, {"guesses"}, false};
  EXPECT_EQ(trust().exactness, Exactness::estimate);
  EXPECT_EQ(trust().reasons, (Reasons{"guesses", "dilation in B"}));
}

}  // namespace
}  // namespace imbrex::test
