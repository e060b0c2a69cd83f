// One small network per family of operators that move or combine data: shapes and backward maps by
// hand.
#include "model_builder.hpp"

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex::onnx_reader {
namespace {

TEST(Pointwise, IsOneOperandWhenTheOtherIsConstant) {
  ModelBuilder model;
  model.input("x", {1, 4, 1});
  model.weight("c", {4, 1});
  model.weight("wide", {4, 5});
  model.node("Add", {"x", "c"}, {"a"}).name("bias");
  model.node("Mul", {"a", "wide"}, {"b"}).name("widened");
  const Workload workload = model.read();
  EXPECT_EQ(operator_named(workload, "bias").kind, OperatorKind::activation);
  EXPECT_EQ(output_dims(workload, "widened"), (Dims{1, 4, 5}));
  EXPECT_EQ(needs(workload, "widened", 2, {3, 4}), (Interval{0, 1}));
}

TEST(Pointwise, RefusesShapesThatDoNotBroadcast) {
  ModelBuilder model;
  model.input("x", {2, 3});
  model.input("z", {2, 4});
  model.node("Add", {"x", "z"}, {"y"}).name("sum");
  EXPECT_EQ(model.complaint(),
            "node 'sum' (Add): [2, 3] and [2, 4] cannot be broadcast to one shape");
}

TEST(Concat, LeavesRoomForConstants) {
  ModelBuilder model;
  model.input("x", {1, 4});
  model.weight("token", {1, 2});
  model.node("Concat", {"token", "x"}, {"y"}).name("join").integer("axis", -1);
  const Workload workload = model.read();
  EXPECT_EQ(output_dims(workload, "join"), (Dims{1, 6}));
  EXPECT_TRUE(needs(workload, "join", 1, {0, 2}).empty());
  EXPECT_EQ(needs(workload, "join", 1, {1, 4}), (Interval{0, 2}));
}

TEST(Split, DividesByAttributeByInputAndEvenly) {
  ModelBuilder old(11);
  old.input("x", {1, 6});
  old.node("Split", {"x"}, {"a", "b"}).name("split").integer("axis", 1).integers("split", {2, 4});
  EXPECT_EQ(output_dims(old.read(), "split"), (Dims{1, 2}));
  ModelBuilder model(13);
  model.input("x", {1, 6});
  model.integers("parts", {1, 5});
  model.node("Split", {"x", "parts"}, {"a", "b"}).name("split").integer("axis", 1);
  model.node("Split", {"x"}, {"c", "d", "e"}).name("even").integer("axis", 1);
  for (const char* name : {"a", "b", "c", "d", "e"}) {
    model.output(name);
  }
  const Workload workload = model.read();
  EXPECT_EQ(needs(workload, "split/1", 1, {0, 5}), (Interval{1, 6}));
  EXPECT_EQ(needs(workload, "even/2", 1, {1, 2}), (Interval{5, 6}));
}

TEST(Slice, ReadsAttributesAndInputsAndNegativeSteps) {
  ModelBuilder old(9);
  old.input("x", {1, 10});
  old.node("Slice", {"x"}, {"y"})
      .name("slice")
      .integers("starts", {2})
      .integers("ends", {9223372036854775807})
      .integers("axes", {1});
  EXPECT_EQ(output_dims(old.read(), "slice"), (Dims{1, 8}));
  ModelBuilder model;
  model.input("x", {4, 10});
  model.integers("starts", {-1, 1});
  model.integers("ends", {-9223372036854775807 - 1, 9});
  model.integers("axes", {0, 1});
  model.integers("steps", {-2, 3});
  model.node("Slice", {"x", "starts", "ends", "axes", "steps"}, {"y"}).name("slice");
  const Workload workload = model.read();
  // rows 3, 1; columns 1, 4, 7
  EXPECT_EQ(output_dims(workload, "slice"), (Dims{2, 3}));
  EXPECT_EQ(needs(workload, "slice", 1, {1, 3}), (Interval{4, 8}));
  EXPECT_EQ(needs(workload, "slice", 0, {0, 1}), (Interval{1, 4}));
  EXPECT_EQ(operator_named(workload, "slice").maps[0].exactness(), Exactness::conservative);
}

__extension__ typedef __int128 Wide;

// What the definition of Slice picks, walked index by index in integers that cannot overflow.
std::vector<std::int64_t> picked(std::int64_t extent, std::int64_t start, std::int64_t end,
                                 std::int64_t step) {
  const auto bounded = [&](Wide at, Wide low, Wide high) {
    return std::clamp(at < 0 ? at + extent : at, low, high);
  };
  std::vector<std::int64_t> out;
  const bool up = step > 0;
  const Wide stop = bounded(end, up ? 0 : -1, up ? extent : extent - 1);
  for (Wide at = bounded(start, 0, up ? extent : extent - 1); up ? at < stop : at > stop;
       at += step) {
    out.push_back(static_cast<std::int64_t>(at));
  }
  return out;
}

TEST(Slice, PicksWhatItsDefinitionPicksWhateverTheNumbers) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  const std::vector<std::int64_t> numbers = {
      -kMost - 1, -kMost, -(kMost / 2), -7, -2, -1, 0, 1, 2, 3, 7, kMost / 2, kMost - 1, kMost};
  std::mt19937 random(3);
  const auto any = [&] { return numbers[random() % numbers.size()]; };
  std::size_t whole = 0;
  for (int round = 0; round < 400; ++round) {
    const std::int64_t extent = 1 + static_cast<std::int64_t>(random() % 6);
    const std::int64_t start = any();
    const std::int64_t end = any();
    const std::int64_t step = any();
    ModelBuilder model;
    model.input("x", {2, extent});
    model.integers("starts", {start});
    model.integers("ends", {end});
    model.integers("axes", {1});
    model.integers("steps", {step});
    model.node("Slice", {"x", "starts", "ends", "axes", "steps"}, {"y"}).name("slice");
    const std::vector<std::int64_t> expected =
        step == 0 ? std::vector<std::int64_t>() : picked(extent, start, end, step);
    if (expected.empty()) {
      EXPECT_NE(model.complaint(), "") << start << " " << end << " " << step;
      continue;
    }
    ++whole;
    const Workload workload = model.read();
    const auto count = static_cast<std::int64_t>(expected.size());
    EXPECT_EQ(output_dims(workload, "slice"), (Dims{2, count}))
        << start << " " << end << " " << step;
    const auto [low, high] = std::minmax_element(expected.begin(), expected.end());
    EXPECT_EQ(needs(workload, "slice", 1, {0, count}), (Interval{*low, *high + 1}));
  }
  EXPECT_GT(whole, 80U);
}

TEST(Pad, ReadsBothFormsAndStaysSafeWhenItReflects) {
  ModelBuilder old(9);
  old.input("x", {1, 1, 4});
  old.node("Pad", {"x"}, {"y"}).name("pad").integers("pads", {0, 0, 2, 0, 0, -1});
  const Workload zeros = old.read();
  EXPECT_EQ(output_dims(zeros, "pad"), (Dims{1, 1, 5}));
  EXPECT_TRUE(needs(zeros, "pad", 2, {0, 2}).empty());
  ModelBuilder model;
  model.input("x", {1, 1, 4});
  model.integers("pads", {0, 0, 2, 0, 0, 0});
  model.node("Pad", {"x", "pads"}, {"y"}).name("pad").text("mode", "reflect");
  EXPECT_EQ(needs(model.read(), "pad", 2, {0, 1}), (Interval{0, 4}));
}

TEST(Resize, KeepsNearestExactAndLinearWithinItsNeighbours) {
  ModelBuilder model(11);
  model.input("x", {1, 1, 4, 4});
  model.weight("roi", {0});
  model.reals("scales", {1, 1, 2, 2});
  model.node("Resize", {"x", "roi", "scales"}, {"y"})
      .name("nearest")
      .text("coordinate_transformation_mode", "asymmetric")
      .text("nearest_mode", "floor");
  model.node("Resize", {"x", "roi", "scales"}, {"z"}).name("linear").text("mode", "linear");
  model.node("Resize", {"x", "roi", "scales"}, {"c"}).name("cubic").text("mode", "cubic");
  const Workload workload = model.read();
  EXPECT_EQ(output_dims(workload, "nearest"), (Dims{1, 1, 8, 8}));
  EXPECT_EQ(needs(workload, "nearest", 2, {3, 5}), (Interval{1, 3}));
  // Row 3 lies at 1.25: rows 1 and 2; cubic takes one more on either side.
  EXPECT_EQ(needs(workload, "linear", 2, {3, 4}), (Interval{1, 3}));
  EXPECT_EQ(needs(workload, "cubic", 2, {3, 4}), (Interval{0, 4}));
}

TEST(Resize, ReadsOldUpsample) {
  ModelBuilder model(7);
  model.input("x", {1, 1, 3, 3});
  model.node("Upsample", {"x"}, {"y"}).name("up").reals("scales", {1, 1, 2, 3});
  EXPECT_EQ(output_dims(model.read(), "up"), (Dims{1, 1, 6, 9}));
}

TEST(Layout, KeepsReshapeZerosAndMinusOne) {
  ModelBuilder model;
  model.input("x", {2, 6, 4});
  model.integers("shape", {0, -1, 2, 2});
  model.integers("axes", {0, 3});
  model.node("Reshape", {"x", "shape"}, {"a"}).name("reshape");
  model.node("Flatten", {"a"}, {"b"}).name("flatten").integer("axis", 2);
  model.node("Unsqueeze", {"b", "axes"}, {"c"}).name("unsqueeze");
  model.node("Squeeze", {"c", "axes"}, {"d"}).name("squeeze");
  const Workload workload = model.read();
  EXPECT_EQ(output_dims(workload, "reshape"), (Dims{2, 6, 2, 2}));
  EXPECT_EQ(output_dims(workload, "flatten"), (Dims{12, 4}));
  EXPECT_EQ(output_dims(workload, "unsqueeze"), (Dims{1, 12, 4, 1}));
  EXPECT_EQ(output_dims(workload, "squeeze"), (Dims{12, 4}));
}

TEST(Layout, ShufflesBlocks) {
  ModelBuilder model;
  model.input("x", {1, 8, 4, 6});
  model.node("SpaceToDepth", {"x"}, {"a"}).name("in").integer("blocksize", 2);
  model.node("DepthToSpace", {"x"}, {"b"}).name("out").integer("blocksize", 2);
  const Workload workload = model.read();
  EXPECT_EQ(output_dims(workload, "in"), (Dims{1, 32, 2, 3}));
  EXPECT_EQ(output_dims(workload, "out"), (Dims{1, 2, 8, 12}));
}

TEST(Gather, NeedsTheHullOfKnownIndices) {
  ModelBuilder model;
  model.input("x", {3, 9});
  model.integers("indices", {-2, 4});
  model.integer("one", 5);
  model.weight("table", {100, 16});
  model.input("tokens", {7}, ::onnx::TensorProto::INT64);
  model.node("Gather", {"x", "indices"}, {"a"}).name("columns").integer("axis", 1);
  model.node("Gather", {"x", "one"}, {"b"}).name("column").integer("axis", 1);
  model.node("Gather", {"table", "tokens"}, {"c"}).name("embed");
  const Workload workload = model.read();
  EXPECT_EQ(output_dims(workload, "columns"), (Dims{3, 2}));
  EXPECT_EQ(needs(workload, "columns", 1, {0, 1}), (Interval{4, 8}));
  EXPECT_EQ(output_dims(workload, "column"), (Dims{3}));
  EXPECT_EQ(needs(workload, "column", 0, {1, 2}, 0, 1), (Interval{5, 6}));
  EXPECT_EQ(output_dims(workload, "embed"), (Dims{7, 16}));
  EXPECT_EQ(needs(workload, "embed", 0, {2, 4}), (Interval{2, 4}));
}

TEST(Gather, ExpandsAndTiles) {
  ModelBuilder model;
  model.input("x", {1, 3});
  model.integers("shape", {4, 1});
  model.integers("repeats", {1, 3});
  model.node("Expand", {"x", "shape"}, {"a"}).name("expand");
  model.node("Tile", {"x", "repeats"}, {"b"}).name("tile");
  const Workload workload = model.read();
  EXPECT_EQ(output_dims(workload, "expand"), (Dims{4, 3}));
  EXPECT_EQ(output_dims(workload, "tile"), (Dims{1, 9}));
  EXPECT_EQ(needs(workload, "tile", 1, {4, 6}), (Interval{1, 3}));
  EXPECT_EQ(needs(workload, "tile", 1, {5, 7}), (Interval{0, 3}));
}

TEST(Reduce, ReadsAxesFromAttributeOrInput) {
  ModelBuilder old(11);
  old.input("x", {2, 3, 4});
  old.node("ReduceMean", {"x"}, {"y"}).name("mean").integers("axes", {1}).integer("keepdims", 0);
  old.node("ArgMax", {"x"}, {"z"}).name("arg").integer("axis", -1);
  const Workload workload = old.read();
  EXPECT_EQ(output_dims(workload, "mean"), (Dims{2, 4}));
  EXPECT_EQ(output_dims(workload, "arg"), (Dims{2, 3, 1}));
  ModelBuilder model(18);
  model.input("x", {2, 3, 4});
  model.integers("axes", {0, 2});
  model.node("ReduceMean", {"x", "axes"}, {"y"}).name("mean");
  EXPECT_EQ(output_dims(model.read(), "mean"), (Dims{1, 3, 1}));
}

TEST(Softmax, RunsOverEverythingBehindItsAxisUntilOpset12) {
  for (const std::int64_t opset : {11, 13}) {
    ModelBuilder model(opset);
    model.input("x", {2, 3, 4});
    model.node("Softmax", {"x"}, {"y"}).name("softmax").integer("axis", 1);
    const Workload workload = model.read();
    EXPECT_EQ(needs(workload, "softmax", 1, {0, 1}), (Interval{0, 3}));
    EXPECT_EQ(needs(workload, "softmax", 2, {0, 1}),
              opset < 13 ? (Interval{0, 4}) : (Interval{0, 1}));
  }
}

TEST(Normalization, NeedsItsAxesWhole) {
  ModelBuilder model(17);
  model.input("x", {2, 4, 6});
  model.weight("scale", {6});
  model.weight("channels", {4});
  model.node("LayerNormalization", {"x", "scale"}, {"a"}).name("layer");
  model.node("InstanceNormalization", {"x", "channels", "channels"}, {"b"}).name("instance");
  model.node("LRN", {"x"}, {"c"}).name("local").integer("size", 3);
  const Workload workload = model.read();
  EXPECT_EQ(needs(workload, "layer", 2, {0, 1}), (Interval{0, 6}));
  EXPECT_EQ(needs(workload, "layer", 1, {0, 1}), (Interval{0, 1}));
  EXPECT_EQ(needs(workload, "instance", 2, {0, 1}), (Interval{0, 6}));
  EXPECT_EQ(needs(workload, "local", 1, {1, 2}), (Interval{0, 3}));
}

TEST(Newer, OpsetsThanTheLibraryKnowsAreRead) {
  ModelBuilder model(21);
  model.proto().set_ir_version(10);
  model.input("x", {1, 3, 8, 8});
  model.weight("w", {4, 3, 1, 1});
  model.node("Conv", {"x", "w"}, {"c"}).name("conv");
  model.node("Gelu", {"c"}, {"y"}).name("gelu");
  const Workload workload = model.read();
  EXPECT_EQ(output_dims(workload, "gelu"), (Dims{1, 4, 8, 8}));
}

}  // namespace
}  // namespace imbrex::onnx_reader
