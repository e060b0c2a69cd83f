// What a network says is kept to the end: recurrences, and operands computed at run time.
#include "network_command.hpp"

namespace imbrex {
namespace {

using namespace test;

const std::string kCopies = "[[stage]]\nuse = \"imbrex.partition.weight-duplication\"\n";
const std::string kManyUnits = "use = \"imbrex.architecture.tiled-cim\"\nextra_pes = 64\n";

// The input product of step 0, then one recurrent product after the other.
TEST_F(NetworkCommand, StepsOfARecurrenceComeOneAfterAnother) {
  for (const Recurrence& r :
       {Recurrence{"LSTM", 4, 7, 1}, Recurrence{"GRU", 3, 11, 1}, Recurrence{"RNN", 1, 5, 1},
        Recurrence{"LSTM", 4, 9, 1, "forward", 1}}) {
    SCOPED_TRACE(r.type);
    write_model(model_of(r));
    EXPECT_EQ(products(run("model.onnx")), 1 + r.steps);
    // Copies of the input product cannot help, and of the other there is one.
    EXPECT_EQ(products(run("model.onnx", "", kCopies, kManyUnits)), 1 + r.steps);
  }
}

// With three samples every step takes three products. Time first: all of them follow the first
// input product. Samples first: the input products of sample 2 start when those of the other two,
// 7 each, are done; its step 0 ends at 14 + 1 + 1, six steps of three products follow.
TEST_F(NetworkCommand, SamplesOfARecurrenceShareItsSteps) {
  write_model(model_of({"GRU", 3, 7, 3}));
  EXPECT_EQ(products(run("model.onnx")), 1 + 3 * 7);
  write_model(model_of({"GRU", 3, 7, 3, "forward", 1}));
  EXPECT_EQ(products(run("model.onnx")), 16 + 6 * 3);
}

// Backwards the last input comes first: nothing recurs before the last input product of a sample,
// for sample 0 of three the 19th of 21. All 21 recurrent ones follow.
TEST_F(NetworkCommand, BackwardDirectionsStartWithTheLastStep) {
  write_model(model_of({"RNN", 1, 5, 1, "reverse"}));
  EXPECT_EQ(products(run("model.onnx")), 5 + 5);
  write_model(model_of({"LSTM", 4, 7, 3, "bidirectional"}));
  EXPECT_EQ(products(run("model.onnx")), 19 + 21);
}

// The state after step t is there at t + 2; the second layer is two products behind.
TEST_F(NetworkCommand, LayersOfRecurrencesOverlap) {
  ModelBuilder model = model_of({"LSTM", 4, 6, 1});
  model.proto().mutable_graph()->clear_output();
  model.integers("axis", {1});
  model.node("Squeeze", {"y", "axis"}, {"s"});
  model.weight("w2", {1, 48, 12});
  model.weight("r2", {1, 48, 12});
  model.node("LSTM", {"s", "w2", "r2"}, {"", "h"}).name("second").integer("hidden_size", 12);
  model.output("h");
  write_model(model);
  EXPECT_EQ(products(run("model.onnx")), 2 + 1 + 6);
}

// Written by hand: 10 rows, a recurrent layer on part of what the first one makes.
TEST_F(NetworkCommand, TomlNetworksSayChains) {
  const auto network = [](const std::string& axis) {
    return "imbrex_workload = 1\ninput.x = { shape = [10, 2, 32] }\n[network]\nlayers = [\n"
           "  { op = \"dense\", units = 64 },\n"
           "  { op = \"slice\", axis = -1, begin = 0, end = 16 },\n"
           "  { op = \"dense\", units = 64, chain = " +
           axis + " },\n]\n";
  };
  write("net.toml", network("0"));
  EXPECT_EQ(products(run("net.toml", "", kCopies, kManyUnits)), 1 + 10 * 2);
  write("net.toml", network("-2"));  // two steps of ten
  EXPECT_EQ(products(run("net.toml", "", kCopies, kManyUnits)), 1 + 2 * 10);
  write("net.toml", network("2"));
  EXPECT_TRUE(run("net.toml").is_null());
  EXPECT_NE(error_.find("expected an axis of samples, rows or columns, given axis 2"),
            std::string::npos)
      << error_;
  write("net.toml", network("3"));
  EXPECT_TRUE(run("net.toml").is_null());
  EXPECT_NE(error_.find("expected an axis of the result in [-3, 3), given 3"), std::string::npos)
      << error_;
}

// What a network computes over 40 pixels, 40 products, is an operand of another node. The result of
// that node waits for it, and one product more is behind the result.
class RuntimeOperand : public NetworkCommand {
 protected:
  // `v`: four elements, `s`: one element, both of 40 products; `x`: [1, 4, 1, 1].
  static ModelBuilder start(std::int64_t opset = 17) {
    ModelBuilder model(opset);
    model.input("x", {1, 4, 1, 1});
    model.input("pixels", {1, 3, 1, 40});
    model.weight("wv", {4, 3, 1, 1});
    model.node("Conv", {"pixels", "wv"}, {"slow"}).name("slow");
    model.node("ReduceMax", {"slow"}, {"v"}).integers("axes", {0, 2, 3}).integer("keepdims", 0);
    model.node("ReduceMax", {"slow"}, {"s"}).integer("keepdims", 0);
    model.weight("wc", {4, 4, 1, 1});
    return model;
  }
  // A product behind `y` [1, 4, 1, 1].
  std::int64_t products_behind(ModelBuilder& model) {
    model.weight("wd", {4, 4, 1, 1});
    model.node("Conv", {"y", "wd"}, {"z"}).name("behind");
    model.output("z");
    write_model(model);
    return products(run("model.onnx"));
  }
};

TEST_F(RuntimeOperand, BiasOfAConvolution) {
  ModelBuilder model = start();
  model.node("Conv", {"x", "wc", "v"}, {"y"}).name("c");
  EXPECT_EQ(products_behind(model), 41);
}

TEST_F(RuntimeOperand, BiasOfATransposedConvolution) {
  ModelBuilder model = start();
  model.node("ConvTranspose", {"x", "wc", "v"}, {"y"}).name("c");
  EXPECT_EQ(products_behind(model), 41);
}

TEST_F(RuntimeOperand, BiasOfAGemm) {
  ModelBuilder model = start();
  model.node("Flatten", {"x"}, {"flat"});
  model.weight("wg", {4, 4});
  model.node("Gemm", {"flat", "wg", "v"}, {"g"}).name("c");
  model.integers("shape", {1, 4, 1, 1});
  model.node("Reshape", {"g", "shape"}, {"y"});
  EXPECT_EQ(products_behind(model), 41);
}

TEST_F(RuntimeOperand, ScaleOfABatchNormalization) {
  ModelBuilder model = start();
  model.weight("other", {4});
  model.node("BatchNormalization", {"x", "v", "other", "other", "other"}, {"y"}).name("c");
  EXPECT_EQ(products_behind(model), 41);
  ModelBuilder behind = start();  // which must not be folded into the convolution
  behind.weight("other", {4});
  behind.node("Conv", {"x", "wc"}, {"f"}).name("c");
  behind.node("BatchNormalization", {"f", "other", "other", "v", "other"}, {"y"}).name("n");
  EXPECT_EQ(products_behind(behind), 41);
}

TEST_F(RuntimeOperand, SlopeOfAPRelu) {
  ModelBuilder model = start();
  model.integers("shape", {4, 1, 1});
  model.node("Reshape", {"v", "shape"}, {"slope"});
  model.node("PRelu", {"x", "slope"}, {"y"}).name("c");
  EXPECT_EQ(products_behind(model), 41);
}

TEST_F(RuntimeOperand, BoundOfAClip) {
  ModelBuilder model = start();
  model.node("Clip", {"x", "", "s"}, {"y"}).name("c");
  EXPECT_EQ(products_behind(model), 41);
}

TEST_F(RuntimeOperand, ZeroPointOfAQuantisedConvolution) {
  ModelBuilder model = start();
  model.weight("scale", {});
  model.weight("zero", {}, ::onnx::TensorProto::UINT8);
  model.node("QLinearConv", {"x", "scale", "zero", "wc", "scale", "zero", "s", "zero"}, {"y"})
      .name("c");
  EXPECT_EQ(products_behind(model), 41);
}

TEST_F(RuntimeOperand, ScaleOfADequantisation) {
  ModelBuilder model = start();
  model.node("DequantizeLinear", {"x", "s"}, {"y"}).name("c");
  EXPECT_EQ(products_behind(model), 41);
}

// Two pixels: the one from the data waits, too, which is more than needed and never too early.
TEST_F(RuntimeOperand, ValueOfAPad) {
  ModelBuilder model = start();
  model.integers("pads", {0, 0, 0, 0, 0, 0, 0, 1});
  model.node("Pad", {"x", "pads", "s"}, {"y"}).name("c");
  const std::int64_t made = products_behind(model);
  EXPECT_GE(made, 41);
  EXPECT_LE(made, 42);
}

// The bias of a recurrence is needed by its first step: 40, then 5 steps.
TEST_F(RuntimeOperand, BiasOfARecurrence) {
  ModelBuilder model = start();
  model.input("t", {5, 1, 6});
  model.weight("w", {1, 2, 6});
  model.weight("r", {1, 2, 2});
  model.integers("shape", {1, 4});
  model.node("Reshape", {"v", "shape"}, {"bias"});
  model.node("RNN", {"t", "w", "r", "bias"}, {"", "h"}).name("c").integer("hidden_size", 2);
  model.output("h");
  write_model(model);
  EXPECT_EQ(products(run("model.onnx")), 40 + 5);
}

}  // namespace
}  // namespace imbrex
