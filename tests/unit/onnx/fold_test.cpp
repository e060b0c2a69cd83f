// Folding of constants and of batch normalisation.
#include "model_builder.hpp"

#include <gtest/gtest.h>

namespace imbrex::onnx_reader {
namespace {

TEST(Fold, EvaluatesShapeArithmetic) {
  ModelBuilder model;
  model.input("x", {2, 6, 5, 4});
  model.integer("zero", 0);
  model.integers("axis0", {0});
  model.integers("minus", {-1});
  model.node("Shape", {"x"}, {"shape"});
  model.node("Gather", {"shape", "zero"}, {"batch"});
  model.node("Unsqueeze", {"batch", "axis0"}, {"batch1"});
  model.node("Concat", {"batch1", "minus"}, {"target"}).integer("axis", 0);
  model.node("Reshape", {"x", "target"}, {"y"}).name("flat");
  const Workload workload = model.read();
  EXPECT_EQ(workload.operators().size(), 1u);
  EXPECT_EQ(output_dims(workload, "flat"), (Dims{2, 120}));
}

TEST(Fold, EvaluatesFloatScalesLikeTheExporter) {
  // floor(float(5) * 2.0) = 10 through Cast, Mul, Floor, Cast.
  ModelBuilder model;
  model.input("x", {1, 1, 5, 5});
  model.reals("two", {2.0f});
  model.integers("from", {2});
  model.integers("to", {4});
  model.integers("head", {1, 1});
  model.node("Shape", {"x"}, {"shape"});
  model.node("Slice", {"shape", "from", "to"}, {"spatial"});
  model.node("Cast", {"spatial"}, {"real"}).integer("to", ::onnx::TensorProto::FLOAT);
  model.node("Mul", {"real", "two"}, {"scaled"});
  model.node("Floor", {"scaled"}, {"floored"});
  model.node("Cast", {"floored"}, {"sizes2"}).integer("to", ::onnx::TensorProto::INT64);
  model.node("Concat", {"head", "sizes2"}, {"sizes"}).integer("axis", 0);
  model.node("Resize", {"x", "", "", "sizes"}, {"y"}).name("up");
  EXPECT_EQ(output_dims(model.read(), "up"), (Dims{1, 1, 10, 10}));
}

TEST(Fold, ComparesSelectsAndCounts) {
  // where([-1, 4] == -1, [9, 9], [-1, 4]) = [9, 4]; range(0, 3, 1)[::-1] = [2, 1, 0]; all in one
  // shape.
  ModelBuilder model;
  model.input("x", {36});
  model.integers("given", {-1, 4});
  model.integers("minus", {-1});
  model.integers("nine", {9});
  model.node("Equal", {"given", "minus"}, {"is_minus"});
  model.node("Where", {"is_minus", "nine", "given"}, {"target"});
  model.node("Reshape", {"x", "target"}, {"y"}).name("reshape");
  model.integer("start", 0);
  model.integer("limit", 2);
  model.integer("step", 1);
  model.node("Range", {"start", "limit", "step"}, {"range"});
  model.integers("last", {-1});
  model.integers("before", {-9});
  model.integers("axis", {0});
  model.integers("back", {-1});
  model.node("Slice", {"range", "last", "before", "axis", "back"}, {"reversed"});
  model.node("Unsqueeze", {"y", "reversed"}, {"z"}).name("wide");
  EXPECT_EQ(output_dims(model.read(), "reshape"), (Dims{9, 4}));
  EXPECT_EQ(output_dims(model.read(), "wide"), (Dims{1, 1, 9, 4}));
}

TEST(Fold, RefusesShapesThatDependOnRunTimeData) {
  ModelBuilder model;
  model.input("x", {4});
  model.input("target", {2}, ::onnx::TensorProto::INT64);
  model.node("Reshape", {"x", "target"}, {"y"}).name("reshape");
  EXPECT_EQ(model.complaint(),
            "node 'reshape' (Reshape): its shape 'target' depends on run-time data, so the "
            "shape of its result is not known");
}

TEST(Fold, TreatsUnfoldedConstantChainsAsWeights) {
  // weights = transpose(dequantise(w)) with no content at all
  ModelBuilder model;
  model.input("x", {3, 5});
  model.weight("w", {7, 5}, ::onnx::TensorProto::INT8);
  model.weight("scale", {});
  model.node("DequantizeLinear", {"w", "scale"}, {"real"});
  model.node("Transpose", {"real"}, {"turned"});
  model.node("MatMul", {"x", "turned"}, {"y"}).name("product");
  const Workload workload = model.read();
  ASSERT_EQ(workload.operators().size(), 1u);
  EXPECT_TRUE(workload.operators()[0].stationary_weights);
  EXPECT_EQ(workload.macs(), 3 * 5 * 7);
}

TEST(BatchNorm, StaysWhenItsProducerHasAnotherReader) {
  ModelBuilder model;
  model.input("x", {1, 3, 4, 4});
  model.weight("w", {3, 3, 1, 1});
  for (const char* name : {"scale", "bias", "mean", "var"}) {
    model.weight(name, {3});
  }
  model.weight("channel", {3, 1, 1});
  model.node("Conv", {"x", "w"}, {"c"}).name("conv");
  model.node("BatchNormalization", {"c", "scale", "bias", "mean", "var"}, {"n"}).name("norm");
  model.node("Mul", {"channel", "n"}, {"s"}).name("scale");
  model.node("Add", {"s", "c"}, {"y"}).name("sum");
  const Workload workload = model.read();
  ASSERT_EQ(workload.operators().size(), 3u);  // the scale merges into the normalisation
  EXPECT_EQ(workload.operators()[1].kind, OperatorKind::normalization);
  const Operator& sum = operator_named(workload, "sum");
  EXPECT_EQ(workload.at(sum.inputs[0]).producer, operator_id(1));
  // With stored statistics an element needs itself alone.
  Region pixel = Region::whole(workload.at(workload.operators()[1].output).shape);
  pixel.axis[2] = {1, 2};
  EXPECT_EQ(workload.operators()[1].maps[0].apply(pixel), pixel);
}

TEST(BatchNorm, DoesNotSwallowScalesAlongOtherAxes) {
  ModelBuilder model;
  model.input("x", {1, 3, 4, 4});
  model.weight("w", {3, 3, 1, 1});
  for (const char* name : {"scale", "bias", "mean", "var"}) {
    model.weight(name, {3});
  }
  model.weight("columns", {4});
  model.node("Conv", {"x", "w"}, {"c"}).name("conv");
  model.node("BatchNormalization", {"c", "scale", "bias", "mean", "var"}, {"n"}).name("norm");
  model.node("Mul", {"n", "columns"}, {"y"}).name("mask");
  const Workload workload = model.read();
  ASSERT_EQ(workload.operators().size(), 2u);
  EXPECT_EQ(workload.operators()[1].name, "mask");
  EXPECT_EQ(workload.operators()[1].inputs[0], workload.operators()[0].output);
}

}  // namespace
}  // namespace imbrex::onnx_reader
