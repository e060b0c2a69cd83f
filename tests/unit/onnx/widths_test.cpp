// Widths of weights and results as the file has them, weights that layers share, and names.
// Expected values: bits of the element types of onnx.proto, by hand.
#include "model_builder.hpp"
#include "text.hpp"

#include <gtest/gtest.h>

namespace imbrex::onnx_reader {
namespace {

constexpr int kInt4 = 22;

Config widths(std::int64_t weights, std::int64_t activations) {
  Config config;
  config.weight_bits = weights;
  config.activation_bits = activations;
  return config;
}

TEST(Widths, OfWeightsAreThoseOfTheirTypes) {
  struct Case {
    int type;
    std::int64_t stored;  // weight_bits = 0
    std::int64_t usual;   // nothing said
  };
  using Proto = ::onnx::TensorProto;
  for (const Case& c : {Case{Proto::FLOAT, 32, 8}, Case{Proto::DOUBLE, 64, 8},
                        Case{Proto::FLOAT16, 16, 16}, Case{Proto::BFLOAT16, 16, 16},
                        Case{Proto::INT8, 8, 8}, Case{Proto::INT16, 16, 16}, Case{kInt4, 4, 4}}) {
    ModelBuilder model;
    model.input("x", {5, 6});
    model.weight("w", {6, 7}, c.type);
    model.node("MatMul", {"x", "w"}, {"y"}).name("product");
    EXPECT_EQ(model.read(widths(0, 8)).weight_bits(), 42 * c.stored) << c.type;
    EXPECT_EQ(model.read().weight_bits(), 42 * c.usual) << c.type;
    EXPECT_EQ(model.read(widths(3, 8)).weight_bits(), 42 * 3) << c.type;
  }
}

TEST(Widths, OfQuantisedWeightsAreThoseBeforeTheyAreScaled) {
  for (const auto& [type, bits] : {std::pair<int, std::int64_t>(::onnx::TensorProto::INT8, 8),
                                   {kInt4, 4},
                                   {::onnx::TensorProto::INT16, 16}}) {
    ModelBuilder model;
    model.input("x", {1, 3, 5, 5});
    model.weight("q", {4, 3, 3, 3}, type);
    model.weight("s", {});
    model.node("DequantizeLinear", {"q", "s"}, {"w"});
    model.node("Conv", {"x", "w"}, {"y"}).name("conv");
    EXPECT_EQ(model.read(widths(0, 0)).weight_bits(), 108 * bits);
  }
}

TEST(Widths, OfResultsFollowConversions) {
  ModelBuilder model;
  model.input("x", {4, 6}, ::onnx::TensorProto::FLOAT16);
  model.weight("s", {});
  model.weight("z", {}, ::onnx::TensorProto::INT8);
  model.node("Cast", {"x"}, {"f"}).name("cast").integer("to", ::onnx::TensorProto::FLOAT);
  model.node("QuantizeLinear", {"f", "s", "z"}, {"q"}).name("quantise");
  model.node("DequantizeLinear", {"q", "s", "z"}, {"d"}).name("scale");
  model.node("Add", {"d", "f"}, {"a"}).name("add");
  const Workload workload = model.read(widths(0, 0));
  const auto bits = [&](const char* name) {
    return workload.at(operator_named(workload, name).output).bits_per_element;
  };
  EXPECT_EQ(workload.at(workload.inputs()[0]).bits_per_element, 16);
  EXPECT_EQ(bits("cast"), 32);
  EXPECT_EQ(bits("quantise"), 8);
  EXPECT_EQ(bits("scale"), 8);  // eight bits that were scaled
  EXPECT_EQ(bits("add"), 32);
  const Workload said = model.read(widths(8, 5));
  for (const Tensor& tensor : said.tensors()) {
    EXPECT_EQ(tensor.bits_per_element, 5);
  }
}

// What nobody knows has the types that the file stores, else that of its first operand.
TEST(Widths, OfResultsNobodyKnowsAreStored) {
  using ::onnx::TensorProto;
  ModelBuilder model;
  model.input("x", {4, 16}, TensorProto::FLOAT16);
  model.node("Strange", {"x"}, {"a", "b", "c"}).domain("acme").name("strange");
  for (const char* name : {"a", "b", "c"}) {
    model.node("Relu", {name}, {std::string(name) + "r"}).name(std::string("relu_") + name);
    model.output(std::string(name) + "r");
    model.stored_shape(name, {4, 16});
  }
  auto& graph = *model.proto().mutable_graph();
  const auto type_of = [&](int i) {
    return graph.mutable_value_info(i)->mutable_type()->mutable_tensor_type();
  };
  type_of(0)->set_elem_type(TensorProto::INT8);
  type_of(1)->set_elem_type(TensorProto::DOUBLE);
  type_of(2)->clear_elem_type();
  Config config;
  config.on_unknown = OnUnknown::barrier;
  config.activation_bits = 0;
  const Workload workload = model.read(config);
  const auto bits = [&](const char* name) {
    return workload.at(operator_named(workload, name).output).bits_per_element;
  };
  EXPECT_EQ(bits("strange"), 8);
  EXPECT_EQ(bits("strange/b"), 64);
  EXPECT_EQ(bits("strange/c"), 16);
  EXPECT_EQ(bits("relu_a"), 8);
  EXPECT_EQ(bits("relu_b"), 64);
  EXPECT_EQ(bits("relu_c"), 16);
  // Its shape may come from the recipe all the same.
  type_of(0)->clear_shape();
  config.shape = {{"a.0", 4}, {"a.1", 16}};
  const Workload again = model.read(config);
  EXPECT_EQ(again.at(operator_named(again, "strange").output).bits_per_element, 8);
}

TEST(SharedWeights, CountOnceAndAreMappedAsOftenAsUsed) {
  ModelBuilder model;
  model.input("x", {5, 6});
  model.weight("w", {6, 6});
  model.weight("own", {6, 6});
  model.node("MatMul", {"x", "w"}, {"a"}).name("first");
  model.node("MatMul", {"a", "w"}, {"b"}).name("second");
  model.node("Transpose", {"w"}, {"t"});
  model.node("MatMul", {"b", "t"}, {"c"}).name("tied");
  model.node("MatMul", {"c", "own"}, {"d"}).name("alone");
  const Workload workload = model.read();
  EXPECT_EQ(workload.weight_bits(), 2 * 36 * 8);
  EXPECT_EQ(workload.mapped_weight_bits(), 4 * 36 * 8);
  EXPECT_EQ(operator_named(workload, "alone").shared_weights, kOwnWeights);
  ModelBuilder convolutions;
  convolutions.input("x", {1, 2, 6, 6});
  convolutions.weight("w", {2, 2, 3, 3});
  convolutions.node("Conv", {"x", "w"}, {"a"}).name("first");
  convolutions.node("Conv", {"a", "w"}, {"b"}).name("second");
  EXPECT_EQ(convolutions.read().weight_bits(), 36 * 8);
  EXPECT_EQ(convolutions.read().mapped_weight_bits(), 2 * 36 * 8);
}

TEST(Names, NeverMoveTheCursorOrTurnTheText) {
  EXPECT_EQ(printable("a\x1b[31mb"), "a?[31mb");
  EXPECT_EQ(printable("a\xe2\x80\xae"
                      "b"),
            "a?b");                                          // right-to-left override
  EXPECT_EQ(printable("\xe2\x81\xa6x\xe2\x81\xa9"), "?x?");  // isolates
  EXPECT_EQ(printable("\xc2\x9b"
                      "1m"),
            "?1m");                                            // control sequence introducer
  EXPECT_EQ(printable("x\xe2\x80\x8by\xef\xbb\xbf"), "x?y?");  // cannot be seen
  EXPECT_EQ(printable("\xd7\xa9\xce\xb1\xe2\x82\xac"), "\xd7\xa9\xce\xb1\xe2\x82\xac");
}

TEST(Names, OfManyEqualNodesAreMadeOneByOne) {
  UniqueNames names;
  EXPECT_EQ(names.make("n#3"), "n#3");
  std::string last;
  constexpr int kCount = 200'000;  // quadratic work would take hours
  for (int i = 0; i < kCount; ++i) {
    last = names.make("n");
  }
  EXPECT_EQ(last, "n#200001");  // n, n#2, then n#4: n#3 was taken
  EXPECT_EQ(names.make("n#2"), "n#2#2");
}

}  // namespace
}  // namespace imbrex::onnx_reader
