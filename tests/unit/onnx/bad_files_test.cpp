// Files that are no network: one message each, never a crash.
#include "model_builder.hpp"

#include <fmt/core.h>
#include <gtest/gtest.h>

namespace imbrex::onnx_reader {
namespace {

std::string complaint_about(const std::string& path) {
  Config config;
  config.file.value = path;
  WorkloadBuilder builder("bad");
  try {
    read_onnx(config, builder);
  } catch (const InputError& error) {
    const std::string message = error.what();
    EXPECT_EQ(message.substr(0, path.size() + 2), path + ": ");
    return message.substr(path.size() + 2);
  }
  return "accepted";
}

std::string complaint_about_bytes(const std::string& bytes) {
  const TemporaryFolder folder;
  return complaint_about(folder.write("bad.onnx", bytes).string());
}

ModelBuilder one_relu() {
  ModelBuilder model;
  model.input("x", {1, 4});
  model.node("Relu", {"x"}, {"y"}).name("relu");
  model.output("y");
  return model;
}

TEST(BadFile, IsRefusedWhenItDoesNotExist) {
  const TemporaryFolder folder;
  EXPECT_EQ(complaint_about((folder.path() / "none.onnx").string()), "no such file");
}

TEST(BadFile, IsRefusedWhenItIsAFolder) {
  const TemporaryFolder folder;
  EXPECT_EQ(complaint_about(folder.path().string()), "is a folder, not an ONNX file");
}

TEST(BadFile, IsRefusedWhenItIsEmpty) {
  EXPECT_EQ(complaint_about_bytes(""), "is empty (0 bytes), not an ONNX file");
}

TEST(BadFile, IsRefusedWhenItIsAGitLfsPointer) {
  EXPECT_EQ(
      complaint_about_bytes("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n"),
      "is a Git LFS pointer, not the model itself; fetch it with 'git lfs pull'");
}

TEST(BadFile, IsRefusedWhenItIsText) {
  EXPECT_EQ(complaint_about_bytes("hello, world"),
            "is not an ONNX model, or is damaged: its 12 bytes cannot be parsed");
}

TEST(BadFile, IsRefusedWhenItIsCutOff) {
  const std::string bytes = one_relu().bytes();
  const std::string half = bytes.substr(0, bytes.size() / 2);
  EXPECT_EQ(complaint_about_bytes(half),
            fmt::format("is not an ONNX model, or is damaged: its {} bytes cannot be parsed",
                        half.size()));
}

TEST(BadFile, IsRefusedAtEveryLengthItCanBeCutOffAt) {
  const std::string bytes = one_relu().bytes();
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_NE(complaint_about_bytes(bytes.substr(0, length)), "accepted") << length;
  }
}

TEST(BadFile, IsRefusedWithoutGraph) {
  ::onnx::ModelProto model;
  model.set_ir_version(8);
  EXPECT_EQ(complaint_about_bytes(model.SerializeAsString()),
            "holds no graph, so it is not an ONNX model");
}

TEST(BadFile, IsRefusedWithoutNodes) {
  ModelBuilder model;
  model.input("x", {1});
  EXPECT_EQ(model.complaint(), "holds a graph without nodes");
}

TEST(BadFile, IsRefusedWithoutOperatorSet) {
  ModelBuilder model = one_relu();
  model.proto().clear_opset_import();
  EXPECT_EQ(model.complaint(), "names no operator set (opset_import); the file is incomplete");
}

TEST(BadGraph, IsRefusedWithACycle) {
  ModelBuilder model;
  model.input("x", {1, 4});
  model.node("Add", {"x", "b"}, {"a"}).name("first");
  model.node("Relu", {"a"}, {"b"}).name("second");
  model.output("b");
  EXPECT_EQ(model.complaint(),
            "the graph has a cycle through nodes 'second' (Relu) and 'first' (Add)");
}

TEST(BadGraph, IsRefusedWhenANodeReadsItself) {
  ModelBuilder model;
  model.node("Relu", {"a"}, {"a"}).name("self");
  EXPECT_EQ(model.complaint(), "the graph has a cycle through node 'self' (Relu)");
}

TEST(BadGraph, IsRefusedWhenAnOperandHasNoSource) {
  ModelBuilder model;
  model.input("x", {1, 4});
  model.node("Add", {"x", "ghost"}, {"y"}).name("sum");
  EXPECT_EQ(model.complaint(),
            "node 'sum' (Add) reads 'ghost', which no node, input or constant provides");
}

TEST(BadGraph, IsRefusedWhenAValueIsWrittenTwice) {
  ModelBuilder model;
  model.input("x", {1, 4});
  model.node("Relu", {"x"}, {"y"}).name("one");
  model.node("Relu", {"x"}, {"y"}).name("two");
  EXPECT_EQ(model.complaint(),
            "value 'y' is written twice, by node 'one' (Relu) and by node 'two' (Relu)");
}

TEST(BadGraph, IsRefusedWhenAnOutputHasNoSource) {
  ModelBuilder model = one_relu();
  model.output("z");
  EXPECT_EQ(model.complaint(), "output 'z' is provided by no node, input or constant");
}

TEST(BadGraph, IsRefusedWhenNothingDependsOnAnInput) {
  ModelBuilder model;
  model.integers("c", {1, 2});
  model.node("Neg", {"c"}, {"y"});
  model.output("y");
  EXPECT_EQ(model.complaint(), "nothing it computes depends on its inputs");
}

TEST(BadGraph, IsRefusedWithHugeExtents) {
  ModelBuilder model;
  const std::int64_t huge = std::int64_t{1} << 40;
  model.input("x", {huge, huge});
  model.node("Relu", {"x"}, {"y"});
  EXPECT_EQ(model.complaint(),
            "input 'x' is too large: [1099511627776, 1099511627776] has more than "
            "1099511627776 elements");
}

TEST(BadGraph, IsRefusedWithNegativeExtentsOfWeights) {
  ModelBuilder model = one_relu();
  model.weight("w", {4, -4});
  EXPECT_EQ(model.complaint(), "tensor 'w' has a negative extent: [4, -4]");
}

TEST(BadGraph, IsRefusedWhenAConstantHasTheWrongSize) {
  ModelBuilder model = one_relu();
  model.weight("shape", {3}, ::onnx::TensorProto::INT64).add_int64_data(1);
  EXPECT_EQ(model.complaint(), "tensor 'shape' of shape [3] needs 3 values, but 1 are stored");
}

TEST(BadGraph, DoesNotAllocateWhatAConstantOfShapeClaims) {
  ModelBuilder model = one_relu();
  model.integers("extent", {1, 1'000'000'000'000});
  model.node("ConstantOfShape", {"extent"}, {"fill"});
  EXPECT_NO_THROW(model.read());
}

TEST(BadGraph, IsRefusedWhenFunctionsMultiplyWithoutEnd) {
  ModelBuilder model;
  model.input("x", {1});
  model.node("F0", {"x"}, {"y"}).domain("local");
  model.output("y");
  for (int level = 0; level < 40; ++level) {
    auto& function = *model.proto().add_functions();
    function.set_name(fmt::format("F{}", level));
    function.set_domain("local");
    function.add_input("a");
    function.add_output("c");
    for (const auto& [from, to] : {std::pair("a", "b"), std::pair("b", "c")}) {
      auto& node = *function.add_node();
      node.set_op_type(level == 39 ? "Relu" : fmt::format("F{}", level + 1));
      node.set_domain(level == 39 ? "" : "local");
      node.add_input(from);
      node.add_output(to);
    }
  }
  EXPECT_EQ(model.complaint(), "its functions and branches expand to more than 200000 nodes");
}

TEST(BadGraph, IsRefusedWhenAFunctionCallsItself) {
  ModelBuilder model;
  model.input("x", {1});
  model.node("F", {"x"}, {"y"}).domain("local").name("f");
  auto& function = *model.proto().add_functions();
  function.set_name("F");
  function.set_domain("local");
  function.add_input("a");
  function.add_output("b");
  auto& node = *function.add_node();
  node.set_op_type("F");
  node.set_name("f");
  node.set_domain("local");
  node.add_input("a");
  node.add_output("b");
  EXPECT_NE(model.complaint().find("is nested more than 64 levels deep"), std::string::npos);
}

TEST(BadGraph, IsRefusedWhenItIsForTraining) {
  ModelBuilder model = one_relu();
  model.node("SoftmaxGrad", {"x", "y"}, {"g"}).domain("com.microsoft").name("back");
  EXPECT_EQ(model.complaint(),
            "is a training graph: node 'back' (SoftmaxGrad) belongs to training; export "
            "the network for inference");
}

TEST(BadGraph, IsRefusedWithWindowsThatDoNotFit) {
  ModelBuilder model;
  model.input("x", {1, 1, 4, 4});
  model.node("MaxPool", {"x"}, {"y"}).name("pool").integers("kernel_shape", {5, 1});
  EXPECT_EQ(model.complaint(),
            "node 'pool' (MaxPool): a window of 5 does not fit into 4 elements of spatial "
            "axis 0 (pads included)");
}

TEST(BadGraph, IsRefusedWithAStrideOfZero) {
  ModelBuilder model;
  model.input("x", {1, 1, 4, 4});
  model.node("MaxPool", {"x"}, {"y"})
      .name("pool")
      .integers("kernel_shape", {1, 1})
      .integers("strides", {0, 1});
  EXPECT_EQ(model.complaint(),
            "node 'pool' (MaxPool): 'strides' is [0, 1]; each entry must be in [1, 2147483648]");
}

TEST(BadGraph, IsPrintableWhateverItsNamesHold) {
  ModelBuilder model;
  model.input("x", {1, 4});
  model.node("Bad\x01\xff", {"x"}, {"y"}).name("na\nme");
  const std::string message = model.complaint();
  EXPECT_EQ(message.find('\n'), std::string::npos);
  EXPECT_EQ(message.substr(0, 35),
            "node 'na?me' (Bad?"
            "?): operator 'Bad");
}

}  // namespace
}  // namespace imbrex::onnx_reader
