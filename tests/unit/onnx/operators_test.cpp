// One small network per family of operators that compute: shapes, MACs and backward maps by hand.
#include "model_builder.hpp"

#include <gtest/gtest.h>

namespace imbrex::onnx_reader {
namespace {

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
  volume.input("x", {1, 1, 4, 4, 4, 4});
  volume.weight("w", {1, 1, 3, 3, 3, 3});
  volume.node("Conv", {"x", "w"}, {"y"}).name("conv");
  EXPECT_EQ(volume.complaint(),
            "node 'conv' (Conv): convolutions with 4 spatial axes cannot be mapped");
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

// Every input position meets every tap once, whatever is cropped or appended:
// batch * rows * columns * channels * outputs of a group * taps.
TEST(ConvTranspose, CountsWhatItsInputsMeet) {
  const auto macs = [](const Dims& data, const Dims& weights, auto set) {
    ModelBuilder model;
    model.input("x", data);
    model.weight("w", weights);
    auto node = model.node("ConvTranspose", {"x", "w"}, {"y"}).name("up");
    set(node.integers("strides", Dims(data.size() - 2, 2)));
    return model.read().macs();
  };
  // By output positions these would be 288, 648 and 1008.
  EXPECT_EQ(macs({1, 2, 3, 3}, {2, 1, 2, 2}, [](NodeHandle n) { n.text("auto_pad", "VALID"); }),
            9 * 2 * 1 * 4);
  EXPECT_EQ(
      macs({1, 1, 3, 3}, {1, 2, 3, 3}, [](NodeHandle n) { n.text("auto_pad", "SAME_UPPER"); }),
      9 * 1 * 2 * 9);
  EXPECT_EQ(macs({1, 1, 3, 3}, {1, 2, 3, 3},
                 [](NodeHandle n) {
                   n.integers("output_shape", {8, 7});
                 }),
            9 * 1 * 2 * 9);
  EXPECT_EQ(macs({2, 6, 5, 4}, {6, 3, 3, 1}, [](NodeHandle n) { n.integer("group", 3); }),
            2 * 20 * 6 * 3 * 3);
  EXPECT_EQ(macs({3, 2, 7}, {2, 5, 4},
                 [](NodeHandle n) {
                   n.integers("pads", {1, 1});
                 }),
            3 * 7 * 2 * 5 * 4);
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

// The default of the format is 0: two products per step, which one chain cannot say. Results with
// it are estimates.
TEST(Recurrent, SaysThatTwoProductsPerStepAreUnderstated) {
  for (const std::int64_t before : {0, 1}) {
    ModelBuilder model;
    model.input("x", {5, 1, 6});
    model.weight("w", {1, 6, 6});
    model.weight("r", {1, 6, 2});
    model.node("GRU", {"x", "w", "r"}, {"y"})
        .name("cell")
        .integer("hidden_size", 2)
        .integer("linear_before_reset", before);
    model.output("y");
    const Workload workload = model.read();
    const auto understated = [&](const char* name) {
      return operator_named(workload, name).understated;
    };
    EXPECT_EQ(understated("cell/forward/recurrent_gates"), before == 0);
    EXPECT_FALSE(understated("cell/forward/input_gates"));
  }
}

TEST(Recurrent, WarnsOfAStateThatIsResetBeforeTheProduct) {
  const auto gru = [](const char* type, std::int64_t before) {
    ModelBuilder model;
    const std::int64_t gates = std::string(type) == "GRU" ? 3 : 4;
    model.input("x", {5, 1, 6});
    model.weight("w", {1, gates * 2, 6});
    model.weight("r", {1, gates * 2, 2});
    auto node = model.node(type, {"x", "w", "r"}, {"y"}).name("cell").integer("hidden_size", 2);
    if (before >= 0) {
      node.integer("linear_before_reset", before);
    }
    return model.warnings();
  };
  EXPECT_EQ(gru("GRU", 1).size(), 0u);
  EXPECT_EQ(gru("LSTM", -1).size(), 0u);
  EXPECT_EQ(gru("GRU", 0), gru("GRU", -1));
  ASSERT_EQ(gru("GRU", 0).size(), 1u);
  EXPECT_TRUE(gru("GRU", 0)[0].starts_with("'cell' resets its state before")) << gru("GRU", 0)[0];
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

}  // namespace
}  // namespace imbrex::onnx_reader
