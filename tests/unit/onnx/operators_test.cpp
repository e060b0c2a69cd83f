// One small network per family of operators: shapes, MACs and backward maps by hand.
#include "model_builder.hpp"

#include <gtest/gtest.h>

namespace imbrex::onnx_reader {
namespace {

// What rows [lo, hi) of axis `axis` of the operator's output need of input `i`, along the same
// axis.
Interval needs(const Workload& workload, std::string_view name, std::size_t axis, Interval rows,
               std::size_t i = 0, std::size_t input_axis = kMaxRank) {
  const Operator& op = operator_named(workload, name);
  Region region = Region::whole(workload.at(op.output).shape);
  region.axis[axis] = rows;
  return op.maps[i].apply(region).axis[input_axis == kMaxRank ? axis : input_axis];
}

TEST(Conv, HasGroupsDilationAndPads) {
  ModelBuilder model;
  model.input("x", {2, 8, 10, 9});
  model.weight("w", {12, 2, 3, 3});
  model.node("Conv", {"x", "w"}, {"y"})
      .name("conv")
      .integer("group", 4)
      .integers("dilations", {2, 1})
      .integers("strides", {1, 2})
      .integers("pads", {1, 0, 2, 1});
  const Workload workload = model.read();
  // rows: 10 + 3 - 5 + 1 = 9; columns: (9 + 1 - 3) / 2 + 1 = 4
  EXPECT_EQ(output_dims(workload, "conv"), (Dims{2, 12, 9, 4}));
  EXPECT_EQ(workload.macs(), 2 * 12 * 9 * 4 * 2 * 9);
  EXPECT_EQ(operator_named(workload, "conv").bounds[Dim::G], 4);
  EXPECT_EQ(needs(workload, "conv", 2, {3, 4}), (Interval{2, 7}));
  // Output channels 3..5 are group 1, which reads input channels 2 and 3.
  EXPECT_EQ(needs(workload, "conv", 1, {3, 6}), (Interval{2, 4}));
}

TEST(Conv, ResolvesAutoPad) {
  // extent 6, kernel 3, stride 2: output 3, total padding 2*2 + 3 - 6 = 1.
  for (const auto& [mode, first_row] : {std::pair("SAME_UPPER", 0), std::pair("SAME_LOWER", -1)}) {
    ModelBuilder model;
    model.input("x", {1, 1, 6});
    model.weight("w", {1, 1, 3});
    model.node("Conv", {"x", "w"}, {"y"})
        .name("conv")
        .text("auto_pad", mode)
        .integers("strides", {2});
    const Workload workload = model.read();
    EXPECT_EQ(output_dims(workload, "conv"), (Dims{1, 1, 3}));
    EXPECT_EQ(needs(workload, "conv", 2, {0, 1}), (Interval{0, first_row + 3})) << mode;
  }
}

TEST(Conv, RefusesWhatCannotBeMapped) {
  ModelBuilder volume;
  volume.input("x", {1, 1, 4, 4, 4});
  volume.weight("w", {1, 1, 3, 3, 3});
  volume.node("Conv", {"x", "w"}, {"y"}).name("conv");
  EXPECT_EQ(volume.complaint(),
            "node 'conv' (Conv): convolutions with three or more spatial axes cannot be mapped");
  ModelBuilder dynamic;
  dynamic.input("x", {1, 1, 4, 4});
  dynamic.input("w", {1, 1, 3, 3});
  dynamic.node("Conv", {"x", "w"}, {"y"}).name("conv");
  EXPECT_EQ(dynamic.complaint(),
            "node 'conv' (Conv): weights that are computed at run time cannot be mapped");
  ModelBuilder wrong;
  wrong.input("x", {1, 6, 4, 4});
  wrong.weight("w", {4, 3, 3, 3});
  wrong.node("Conv", {"x", "w"}, {"y"}).name("conv");
  EXPECT_EQ(wrong.complaint(),
            "node 'conv' (Conv): weights of shape [4, 3, 3, 3] do not fit data of shape "
            "[1, 6, 4, 4] in 1 groups");
}

TEST(ConvTranspose, HasOutputPaddingAndOutputShape) {
  ModelBuilder model;
  model.input("x", {1, 4, 5, 5});
  model.weight("w", {4, 6, 3, 3});
  model.node("ConvTranspose", {"x", "w"}, {"y"})
      .name("up")
      .integers("strides", {2, 2})
      .integers("pads", {1, 1, 1, 1})
      .integers("output_padding", {1, 0});
  model.node("ConvTranspose", {"x", "w"}, {"z"})
      .name("shaped")
      .integers("strides", {2, 2})
      .integers("output_shape", {10, 9});
  const Workload workload = model.read();
  // 4*2 + 3 - 2 = 9, one more row through output_padding.
  EXPECT_EQ(output_dims(workload, "up"), (Dims{1, 6, 10, 9}));
  // 11 without pads; one too many in rows, two in columns.
  EXPECT_EQ(output_dims(workload, "shaped"), (Dims{1, 6, 10, 9}));
}

TEST(Pool, RoundsUpAndDropsWindowsWithoutData) {
  ModelBuilder model;
  model.input("x", {1, 2, 6, 6});
  model.node("MaxPool", {"x"}, {"y", "i"})
      .name("pool")
      .integers("kernel_shape", {3, 1})
      .integers("strides", {2, 3})
      .integer("ceil_mode", 1);
  model.output("y");
  model.output("i");
  const Workload workload = model.read();
  // rows ceil(3/2)+1 = 3, the last starts at 4 < 6; columns ceil(5/3)+1 = 3, the last would start
  // at 6.
  EXPECT_EQ(output_dims(workload, "pool"), (Dims{1, 2, 3, 2}));
  EXPECT_EQ(output_dims(workload, "pool/indices"), (Dims{1, 2, 3, 2}));
  EXPECT_EQ(needs(workload, "pool", 2, {2, 3}), (Interval{4, 6}));
}

TEST(Pool, ReachesThreeSpatialAxes) {
  ModelBuilder model;
  model.input("x", {1, 2, 8, 8, 8});
  model.node("AveragePool", {"x"}, {"y"})
      .name("pool")
      .integers("kernel_shape", {2, 2, 2})
      .integers("strides", {2, 2, 2});
  const Workload workload = model.read();
  EXPECT_EQ(output_dims(workload, "pool"), (Dims{1, 2, 4, 4, 4}));
  EXPECT_EQ(needs(workload, "pool", 4, {1, 3}), (Interval{2, 6}));
}

TEST(Gemm, TransposesEitherSideAndAddsRunTimeBias) {
  ModelBuilder model;
  model.input("x", {5, 3});
  model.input("bias", {7});
  model.weight("w", {7, 5});
  model.node("Gemm", {"x", "w", "bias"}, {"y"})
      .name("gemm")
      .integer("transA", 1)
      .integer("transB", 1);
  const Workload workload = model.read();
  EXPECT_EQ(output_dims(workload, "gemm"), (Dims{3, 7}));
  EXPECT_EQ(workload.macs(), 3 * 5 * 7);
  EXPECT_EQ(operator_named(workload, "gemm").kind, OperatorKind::elementwise);
  EXPECT_EQ(operator_named(workload, "gemm/product").kind, OperatorKind::matmul);
}

TEST(MatMul, TellsStationaryFromDynamicOperands) {
  ModelBuilder model;
  model.input("x", {2, 5, 8});
  model.weight("w", {8, 8});
  model.node("MatMul", {"x", "w"}, {"q"}).name("project");
  model.node("Transpose", {"x"}, {"xt"}).name("turn").integers("perm", {0, 2, 1});
  model.node("MatMul", {"q", "xt"}, {"s"}).name("scores");
  const Workload workload = model.read();
  EXPECT_TRUE(operator_named(workload, "project").stationary_weights);
  EXPECT_FALSE(operator_named(workload, "scores").stationary_weights);
  EXPECT_EQ(output_dims(workload, "scores"), (Dims{2, 5, 5}));
  EXPECT_EQ(workload.macs(), 2 * 5 * 8 * 8 + 2 * 5 * 5 * 8);
}

TEST(MatMul, BroadcastsManyLeadingAxes) {
  ModelBuilder model;
  model.input("a", {2, 3, 4, 5, 6});
  model.input("b", {3, 1, 6, 7});
  model.node("MatMul", {"a", "b"}, {"y"}).name("product");
  model.output("y");
  const Workload workload = model.read();
  EXPECT_EQ(dims_of(workload.at(workload.outputs()[0]).shape), (Dims{2, 3, 4, 5, 7}));
  EXPECT_EQ(workload.macs(), 2 * 3 * 4 * 5 * 6 * 7);
}

TEST(MatMul, TakesVectorsAndConstantsOnTheLeft) {
  ModelBuilder model;
  model.input("x", {6, 4});
  model.weight("w", {3, 6});
  model.weight("v", {4});
  model.node("MatMul", {"w", "x"}, {"y"}).name("left");
  model.node("MatMul", {"y", "v"}, {"z"}).name("vector");
  model.output("y");
  model.output("z");
  const Workload workload = model.read();
  EXPECT_EQ(dims_of(workload.at(workload.outputs()[0]).shape), (Dims{3, 4}));
  EXPECT_EQ(dims_of(workload.at(workload.outputs()[1]).shape), (Dims{3}));
  EXPECT_EQ(workload.macs(), 3 * 6 * 4 + 3 * 4);
  EXPECT_TRUE(operator_named(workload, "left").stationary_weights);
}

TEST(MatMul, KeepsOneWeightMatrixPerGroup) {
  ModelBuilder model;
  model.input("x", {2, 3, 5, 4});
  model.weight("w", {3, 4, 6});
  model.node("MatMul", {"x", "w"}, {"y"}).name("grouped");
  model.output("y");
  const Workload workload = model.read();
  const Operator& op = operator_named(workload, "grouped");
  EXPECT_EQ(op.bounds[Dim::G], 3);
  EXPECT_TRUE(op.stationary_weights);
  EXPECT_EQ(op.weight_elements(), 3 * 4 * 6);
  EXPECT_EQ(workload.macs(), 2 * 3 * 5 * 4 * 6);
  EXPECT_EQ(dims_of(workload.at(workload.outputs()[0]).shape), (Dims{2, 3, 5, 6}));
}

TEST(Recurrent, CountsTheGatesOfBothDirections) {
  // 7 steps, batch 2, 5 inputs, 3 hidden: per direction 4*3 rows times (5 + 3) columns.
  ModelBuilder model;
  model.input("x", {7, 2, 5});
  model.weight("w", {2, 12, 5});
  model.weight("r", {2, 12, 3});
  model.node("LSTM", {"x", "w", "r"}, {"y", "h"})
      .name("lstm")
      .text("direction", "bidirectional")
      .integer("hidden_size", 3);
  model.output("y");
  model.output("h");
  const Workload workload = model.read();
  EXPECT_EQ(workload.macs(), 2 * 7 * 2 * 12 * (5 + 3));
  EXPECT_EQ(output_dims(workload, "lstm"), (Dims{7, 2, 2, 3}));
  EXPECT_EQ(output_dims(workload, "lstm/last_hidden"), (Dims{2, 2, 3}));
  ModelBuilder gated;
  gated.input("x", {7, 2, 5});
  gated.weight("w", {1, 9, 5});
  gated.weight("r", {1, 9, 3});
  gated.node("GRU", {"x", "w", "r"}, {"", "h"}).name("gru").integer("hidden_size", 3);
  EXPECT_EQ(gated.read().macs(), 7 * 2 * 9 * (5 + 3));
}

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
