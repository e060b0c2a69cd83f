// The builder: shapes, loop bounds, projections and the finished graph. Expected values are worked
// out by hand.
#include "builder_kit.hpp"

#include <gtest/gtest.h>

namespace imbrex {

namespace {
using test::conv;
using test::shape;
using test::square;

const LoopBounds& bounds(const Workload& workload) {
  return workload.operators()[0].bounds;
}

TEST(PadSame, PutsTheSurplusAtTheEnd) {
  Window window = square(3, 2, 0);
  pad_same(window, shape({1, 3, 416, 415}));
  EXPECT_EQ(window.pad_begin, (std::array<std::int64_t, 2>{0, 1}));  // total 1 and 2
  EXPECT_EQ(window.pad_end, (std::array<std::int64_t, 2>{1, 1}));
}

TEST(PadSame, CoversPool2Stride1) {
  Window window = square(2, 1, 0);
  pad_same(window, shape({1, 3, 13, 13}));
  EXPECT_EQ(window.pad_begin, (std::array<std::int64_t, 2>{0, 0}));
  EXPECT_EQ(window.pad_end, (std::array<std::int64_t, 2>{1, 1}));
}

TEST(Convolution, FillsTheLoopNest) {
  WorkloadBuilder builder("net");
  builder.convolution("c", builder.input("x", shape({2, 6, 11, 9})), conv(8, square(3, 2, 1), 2));
  const Workload w = builder.finish();
  const std::array<std::int64_t, kDimCount> expected = {2, 2, 4, 3, 6, 5, 3, 3};
  EXPECT_EQ(bounds(w).bound, expected);
  EXPECT_EQ(w.macs(), 2 * 2 * 4 * 3 * 6 * 5 * 9);
  EXPECT_EQ(w.weight_bits(), 8 * 2 * 4 * 3 * 9);
  EXPECT_EQ(w.at(w.outputs()[0]).shape, shape({2, 8, 6, 5}));
}

TEST(Convolution, ProjectsBoxes) {
  WorkloadBuilder builder("net");
  builder.convolution("c", builder.input("x", shape({1, 6, 11, 11})), conv(8, square(3, 2, 1), 2));
  const Workload w = builder.finish();
  DimBox box = bounds(w).whole();
  box[Dim::G] = {1, 2};
  box[Dim::K] = {2, 4};
  box[Dim::C] = {0, 1};
  box[Dim::P] = {2, 4};  // rows 3..5 and 5..7
  box[Dim::Q] = {0, 1};  // columns -1..1, clipped
  const Region out = w.output_region(OperatorId{0}, box);
  EXPECT_EQ(out.axis[1], (Interval{6, 8}));
  EXPECT_EQ(out.axis[2], (Interval{2, 4}));
  const Region in = w.input_region(OperatorId{0}, 0, box);
  EXPECT_EQ(in.axis[1], (Interval{3, 4}));
  EXPECT_EQ(in.axis[2], (Interval{3, 8}));
  EXPECT_EQ(in.axis[3], (Interval{0, 2}));
}

TEST(Convolution, WorksOnOneDimension) {
  WorkloadBuilder builder("net");
  ConvolutionParams params = conv(4, square(5, 2, 2));
  builder.convolution("c", builder.input("x", shape({1, 3, 100})), params);
  const Workload w = builder.finish();
  EXPECT_EQ(w.at(w.outputs()[0]).shape, shape({1, 4, 50}));
  EXPECT_EQ(bounds(w)[Dim::Q], 1);
  EXPECT_EQ(bounds(w)[Dim::S], 1);
  EXPECT_EQ(w.macs(), 4 * 3 * 50 * 5);
}

TEST(Convolution, SaysThatDilationSkipsElements) {
  WorkloadBuilder builder("net");
  Window window = square(3, 1, 0);
  window.dilation = {2, 1};
  builder.convolution("c", builder.input("x", shape({1, 1, 9, 9})), conv(1, window));
  const Workload w = builder.finish();
  EXPECT_EQ(w.operators()[0].maps[0].exactness(), Exactness::conservative);
}

// A 2x2 kernel at stride 2 without pads doubles the image; row 3 comes from row 1 alone.
TEST(TransposedConvolution, MapsOutputRowsBack) {
  WorkloadBuilder builder("net");
  builder.transposed_convolution("t", builder.input("x", shape({1, 3, 4, 4})),
                                 conv(5, square(2, 2, 0)));
  const Workload w = builder.finish();
  EXPECT_EQ(w.at(w.outputs()[0]).shape, shape({1, 5, 8, 8}));
  DimBox box = bounds(w).whole();
  box[Dim::P] = {3, 4};
  EXPECT_EQ(w.input_region(OperatorId{0}, 0, box).axis[2], (Interval{1, 2}));
}

TEST(Dense, PutsLeadingAxesIntoPositions) {
  WorkloadBuilder builder("net");
  builder.dense("d", builder.input("x", shape({1, 197, 768})), 3072);
  const Workload w = builder.finish();
  EXPECT_EQ(bounds(w)[Dim::P], 197);
  EXPECT_EQ(bounds(w)[Dim::C], 768);
  EXPECT_EQ(bounds(w)[Dim::K], 3072);
  EXPECT_EQ(w.macs(), 197ll * 768 * 3072);
  EXPECT_TRUE(w.operators()[0].stationary_weights);
}

TEST(Matmul, HasTwoDynamicOperands) {
  WorkloadBuilder builder("net");
  const TensorId q = builder.input("q", shape({2, 12, 50, 64}));
  const TensorId k = builder.input("k", shape({1, 12, 64, 70}));
  builder.matmul("m", q, k);
  const Workload w = builder.finish();
  EXPECT_EQ(w.at(w.outputs()[0]).shape, shape({2, 12, 50, 70}));
  EXPECT_EQ(w.macs(), 2ll * 12 * 50 * 70 * 64);
  EXPECT_EQ(w.weight_bits(), 0);
  DimBox box = bounds(w).whole();
  box[Dim::N] = {1, 2};
  box[Dim::G] = {3, 4};
  box[Dim::P] = {7, 9};
  box[Dim::K] = {10, 20};
  const Region left = w.input_region(OperatorId{0}, 0, box);
  EXPECT_EQ(left.axis[0], (Interval{1, 2}));
  EXPECT_EQ(left.axis[2], (Interval{7, 9}));
  const Region right = w.input_region(OperatorId{0}, 1, box);
  EXPECT_EQ(right.axis[0], (Interval{0, 1}));  // broadcast
  EXPECT_EQ(right.axis[1], (Interval{3, 4}));
  EXPECT_EQ(right.axis[3], (Interval{10, 20}));
}

// 6 + pads, kernel 3, stride 2: floor 2, ceil 3; a last window that sees only padding is dropped.
TEST(Pool, RoundsUpOnRequest) {
  WorkloadBuilder builder("net");
  const TensorId x = builder.input("x", shape({1, 1, 6, 6}));
  Window window = square(3, 2, 0);
  EXPECT_EQ(builder.at(builder.pool("floor", x, window)).shape, shape({1, 1, 2, 2}));
  window.ceil_mode = true;
  EXPECT_EQ(builder.at(builder.pool("ceil", x, window)).shape, shape({1, 1, 3, 3}));
  Window wide = square(2, 3, 0);
  wide.pad_end = {1, 1};
  wide.ceil_mode = true;  // starts 0, 3, 6: the third window would start behind the data
  EXPECT_EQ(builder.at(builder.pool("dropped", x, wide)).shape, shape({1, 1, 2, 2}));
}

TEST(Reshape, KeepsSplitAndMergedAxesApart) {
  WorkloadBuilder builder("net");
  const TensorId x = builder.input("x", shape({2, 12, 5}));
  builder.reshape("r", x, shape({2, 3, 4, 5}));
  const Workload w = builder.finish();
  Region out = Region::whole(shape({2, 3, 4, 5}));
  out.axis[1] = {1, 2};
  out.axis[2] = {1, 3};
  out.axis[3] = {4, 5};
  const Region in = w.operators()[0].maps[0].apply(out);
  EXPECT_EQ(in.axis[0], (Interval{0, 2}));
  EXPECT_EQ(in.axis[1], (Interval{5, 7}));
  EXPECT_EQ(in.axis[2], (Interval{4, 5}));
}

TEST(BackwardMap, OfAnEmptyRegionIsEmpty) {
  WorkloadBuilder builder("net");
  builder.global_pool("g", builder.input("x", shape({1, 4, 5, 5})));
  const Workload w = builder.finish();
  Region out = Region::whole(w.at(w.outputs()[0]).shape);
  out.axis[1] = {2, 2};
  EXPECT_TRUE(w.operators()[0].maps[0].apply(out).empty());
}

TEST(Finish, ListsUsesInOrder) {
  WorkloadBuilder builder("net");
  const TensorId x = builder.input("x", shape({1, 2, 4, 4}));
  const TensorId a = builder.activation("a", x);
  const TensorId b = builder.elementwise("b", std::array{a, x});
  builder.elementwise("c", std::array{a, b, a});
  const Workload w = builder.finish();
  ASSERT_EQ(w.uses(a).size(), 3u);
  EXPECT_EQ(w.uses(a)[0].consumer, OperatorId{1});
  EXPECT_EQ(w.uses(a)[1].consumer, OperatorId{2});
  EXPECT_EQ(w.uses(a)[1].input_index, 0);
  EXPECT_EQ(w.uses(a)[2].input_index, 2);
  EXPECT_EQ(w.uses(x).size(), 2u);
  ASSERT_EQ(w.outputs().size(), 1u);
  EXPECT_EQ(w.at(w.outputs()[0]).name, "c");
}

TEST(Finish, KeepsMarkedOutputsThatAreReadAsWell) {
  WorkloadBuilder builder("net");
  const TensorId a = builder.activation("a", builder.input("x", shape({1, 2})));
  builder.activation("b", a);
  builder.output(a);
  builder.output(a);
  const Workload w = builder.finish();
  ASSERT_EQ(w.outputs().size(), 1u);
  EXPECT_EQ(w.outputs()[0], a);
}

TEST(CanonicalText, ChangesWithEverythingAnAnalysisReads) {
  const auto text = [](std::int64_t filters, std::int64_t pad, std::int32_t bits,
                       const char* name) {
    WorkloadBuilder builder("net");
    ConvolutionParams params = conv(filters, square(3, 1, pad));
    params.weight_bits = bits;
    builder.convolution(name, builder.input("x", shape({1, 3, 8, 8})), params);
    return builder.finish().canonical_text();
  };
  EXPECT_EQ(text(4, 1, 8, "c"), text(4, 1, 8, "c"));
  EXPECT_NE(text(4, 1, 8, "c"), text(5, 1, 8, "c"));
  EXPECT_NE(text(4, 1, 8, "c"), text(4, 0, 8, "c"));
  EXPECT_NE(text(4, 1, 8, "c"), text(4, 1, 4, "c"));
  EXPECT_NE(text(4, 1, 8, "c"), text(4, 1, 8, "d"));
  EXPECT_NE(text(4, 1, 8, "a\n\"b"), text(4, 1, 8, "a\\x0a\\x22b"));  // escapes cannot be imitated
}

}  // namespace

}  // namespace imbrex
