// [workload.shape]: shapes that the file leaves open; a list arrives as one entry per axis. And
// shapes that the file stores, against those computed.
#include "model_builder.hpp"

#include <gtest/gtest.h>

namespace imbrex::onnx_reader {
namespace {

// x [4, 16] -> an operator nobody knows -> y -> product with [32, 8].
ModelBuilder strange() {
  ModelBuilder model;
  model.input("x", {4, 16});
  model.weight("w", {32, 8});
  model.node("Strange", {"x"}, {"y"}).domain("acme").name("strange");
  model.node("MatMul", {"y", "w"}, {"z"}).name("product");
  return model;
}

Config barrier(std::vector<NamedInteger> shape) {
  Config config;
  config.on_unknown = OnUnknown::barrier;
  config.shape = std::move(shape);
  return config;
}

TEST(GivenShape, IsThatOfAResultNobodyKnows) {
  const Workload workload = strange().read(barrier({{"y.0", 4}, {"y.1", 32}}));
  EXPECT_EQ(workload.macs(), 4 * 32 * 8);
  EXPECT_EQ(workload.unmapped(), 1);
  EXPECT_EQ(output_dims(workload, "strange"), (Dims{4, 32}));
  // Another: three axes, so 5 * 3 rows.
  EXPECT_EQ(strange().read(barrier({{"y.0", 5}, {"y.1", 3}, {"y.2", 32}})).macs(), 5 * 3 * 32 * 8);
  ModelBuilder scalar = strange();
  scalar.proto().mutable_graph()->mutable_node()->RemoveLast();
  EXPECT_EQ(output_dims(scalar.read(barrier({{"y.", 0}})), "strange"), (Dims{}));
}

TEST(GivenShape, IsAskedForWhereNothingElseSaysIt) {
  EXPECT_EQ(strange().complaint(barrier({})),
            "node 'strange' (Strange): the shape of its result 'y' is neither known nor stored in "
            "the file; export the network with inferred shapes, or give it in the recipe, for "
            "example:\n  [workload.shape]\n  \"y\" = [1, 64]");
}

TEST(GivenShape, ContradictsNeitherFileNorArithmetic) {
  ModelBuilder stored = strange();
  stored.stored_shape("y", {4, 32});
  EXPECT_EQ(stored.read(barrier({})).macs(), 4 * 32 * 8);
  EXPECT_EQ(stored.complaint(barrier({{"y.0", 5}, {"y.1", 32}})),
            "node 'strange' (Strange): its result 'y' has shape [4, 32], but [workload.shape] says "
            "[5, 32]");
  EXPECT_EQ(stored.complaint(barrier({{"z.0", 4}, {"z.1", 9}})),
            "node 'product' (MatMul): its result 'z' has shape [4, 8], but [workload.shape] says "
            "[4, 9]");
}

TEST(GivenShape, NamesATensorOfTheFile) {
  EXPECT_EQ(
      strange().complaint(barrier({{"y.0", 4}, {"y.1", 32}, {"zz.0", 1}})),
      "[workload.shape] names 'zz', which is neither an input nor a result of a node; did you "
      "mean 'z'?");
  EXPECT_EQ(strange().complaint(barrier({{"y", 4}})),
            "[workload.shape] needs a list of extents for every tensor, for example:\n  "
            "[workload.shape]\n  \"y\" = [1, 64, 7, 7]");
  EXPECT_EQ(strange().complaint(barrier({{"y.1", 4}})),
            "[workload.shape] needs a list of extents for every tensor, for example:\n  "
            "[workload.shape]\n  \"y\" = [1, 64, 7, 7]");
  EXPECT_EQ(strange().complaint(barrier({{"y.0", 4}, {"y.1", 32}, {"y.0", 5}})),
            "[workload.shape] gives axis 0 of 'y' twice");
  EXPECT_EQ(strange().complaint(barrier({{"y.0", -4}})),
            "[workload.shape] gives 'y' the extent -4; it cannot be negative");
}

TEST(GivenShape, FillsWhatInputsLeaveOpen) {
  ModelBuilder model;
  model.symbolic_input("x", {"rows", "", "16"});
  model.weight("w", {16, 8});
  model.node("MatMul", {"x", "w"}, {"z"}).name("product");
  const auto with = [](std::vector<NamedInteger> shape, std::vector<NamedInteger> bind = {}) {
    Config config;
    config.shape = std::move(shape);
    config.bind = std::move(bind);
    return config;
  };
  const std::vector<NamedInteger> shape{{"x.0", 3}, {"x.1", 5}, {"x.2", 16}};
  EXPECT_EQ(model.read(with(shape)).macs(), 3 * 5 * 16 * 8);
  EXPECT_EQ(model.read(with(shape, {{"rows", 3}})).macs(), 3 * 5 * 16 * 8);
  EXPECT_EQ(model.complaint(with(shape, {{"rows", 4}})),
            "axis 0 of input 'x' is 3 in [workload.shape], but 4 in [workload.bind]");
  EXPECT_EQ(model.complaint(with({{"x.0", 3}, {"x.1", 5}, {"x.2", 17}})),
            "input 'x' has shape [?, ?, 16] in the file, but [workload.shape] says [3, 5, 17]");
  EXPECT_EQ(model.complaint(with({{"x.0", 3}, {"x.1", 16}})),
            "input 'x' has shape [?, ?, 16] in the file, but [workload.shape] says [3, 16]");

  ModelBuilder bare;
  bare.symbolic_input("x", {});
  bare.weight("w", {16, 8});
  bare.node("MatMul", {"x", "w"}, {"z"}).name("product");
  auto& input = *bare.proto().mutable_graph()->mutable_input(0);
  input.mutable_type()->mutable_tensor_type()->clear_shape();
  EXPECT_EQ(bare.read(with(shape)).macs(), 3 * 5 * 16 * 8);
  EXPECT_EQ(bare.complaint(),
            "input 'x' has no shape; export the network with the shapes of its inputs, or give it "
            "in the recipe, for example:\n  [workload.shape]\n  x = [1, 64]");
}

// Of any operator, and of results of the network as well as between its nodes.
TEST(StoredShape, IsComparedWhateverTheOperator) {
  const auto complaint = [](const Dims& stored, auto add) {
    ModelBuilder model;
    model.input("x", {2, 4, 6, 6});
    model.weight("w", {8, 4, 3, 3});
    model.integers("sizes", {2, 4, 9, 9});
    model.integers("flat", {2, -1});
    add(model);
    model.stored_shape("y", stored);
    const std::string text = model.complaint();
    return text.substr(text.find(": ") + 2);
  };
  EXPECT_EQ(complaint({2, 8, 6, 6},
                      [](ModelBuilder& m) {
                        m.node("Conv", {"x", "w"}, {"y"}).name("n");
                      }),
            "its result 'y' has shape [2, 8, 4, 4], but the file stores [2, 8, 6, 6]");
  EXPECT_EQ(complaint({2, 4, 8, 8},
                      [](ModelBuilder& m) {
                        m.node("Resize", {"x", "", "", "sizes"}, {"y"}).name("n");
                      }),
            "its result 'y' has shape [2, 4, 9, 9], but the file stores [2, 4, 8, 8]");
  EXPECT_EQ(complaint({2, 143},
                      [](ModelBuilder& m) {
                        m.node("Reshape", {"x", "flat"}, {"y"}).name("n");
                      }),
            "its result 'y' has shape [2, 144], but the file stores [2, 143]");
  EXPECT_EQ(complaint({2, 4, 6, 7},
                      [](ModelBuilder& m) {
                        m.node("Concat", {"x", "x"}, {"y"}).name("n").integer("axis", 3);
                      }),
            "its result 'y' has shape [2, 4, 6, 12], but the file stores [2, 4, 6, 7]");
}

TEST(StoredShape, IsComparedWithTheComputedOne) {
  const auto complaint = [](const Dims& stored) {
    ModelBuilder model;
    model.input("x", {1, 3, 8, 8});
    model.node("MaxPool", {"x"}, {"p"})
        .name("pool")
        .integers("kernel_shape", {2, 2})
        .integers("strides", {2, 2});
    model.node("Relu", {"p"}, {"y"}).name("relu");
    model.stored_shape("p", stored);
    return model.complaint();
  };
  EXPECT_EQ(complaint({1, 3, 4, 4}), "accepted");
  EXPECT_EQ(complaint({1, 3, -1, 0}), "accepted");  // some exporters write "any" like that
  EXPECT_EQ(complaint({}), "accepted");
  EXPECT_EQ(complaint({1, 3, 5, 4}),
            "node 'pool' (MaxPool): its result 'p' has shape [1, 3, 4, 4], but the file stores "
            "[1, 3, 5, 4]");
  EXPECT_EQ(complaint({1, 3, 16}),
            "node 'pool' (MaxPool): its result 'p' has shape [1, 3, 4, 4], but the file stores "
            "[1, 3, 16]");
}

}  // namespace
}  // namespace imbrex::onnx_reader
