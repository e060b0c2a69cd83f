// The format of hand-written workloads: what it builds, and what it says about mistakes.
#include "written_workload.hpp"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::complaint;
using test::network;
using test::read_text;

std::vector<std::string> names(const Workload& workload) {
  std::vector<std::string> result;
  for (const Operator& op : workload.operators()) {
    result.push_back(op.name);
  }
  return result;
}

const Shape& shape_of(const Workload& workload, std::string_view name) {
  for (const Operator& op : workload.operators()) {
    if (op.name == name) {
      return workload.at(op.output).shape;
    }
  }
  throw std::runtime_error("no operator " + std::string(name));
}

Shape image(std::int64_t channels, std::int64_t rows, std::int64_t columns) {
  return {4, {1, channels, rows, columns, 1, 1}};
}

using Names = std::vector<std::string>;

TEST(TomlWorkload, NumbersUnnamedLayersByTheirWord) {
  const Workload w =
      network(R"({op="conv", filters=4}, {op="max_pool", kernel=2}, {op="conv", filters=2})");
  EXPECT_EQ(names(w), (Names{"conv1", "max_pool1", "conv2"}));
  EXPECT_EQ(shape_of(w, "conv2"), image(2, 8, 8));
}

TEST(TomlWorkload, AttachesBiasThenActivation) {
  const Workload w = network(R"({op="conv", filters=4, bias=true, activation="relu", name="a"})");
  EXPECT_EQ(names(w), (Names{"a", "a.bias", "a.relu"}));
  EXPECT_EQ(w.operators()[2].source_type, "relu");
  EXPECT_EQ(w.operators()[2].kind, OperatorKind::activation);
}

TEST(TomlWorkload, RefersToTheResultAfterTheActivation) {
  const Workload w = network(
      R"({op="conv", filters=4, activation="relu", name="a"}, {op="conv", filters=4}, {op="add", input=["conv1","a"]})");
  const Operator& add = w.operators().back();
  EXPECT_EQ(w.at(w.at(add.inputs[1]).producer).name, "a.relu");
}

TEST(TomlWorkload, ChainsRepetitions) {
  const Workload w =
      network(R"({op="conv", filters=4, repeat=3, name="c"}, {op="add", input=["c", "c1"]})");
  EXPECT_EQ(names(w), (Names{"c1", "c2", "c3", "add1"}));
  EXPECT_EQ(w.at(w.at(w.operators()[2].inputs[0]).producer).name, "c2");
  EXPECT_EQ(w.at(w.at(w.operators()[3].inputs[0]).producer).name, "c3");
}

TEST(TomlWorkload, ExpandsBlocksWithArguments) {
  const Workload w = network(R"({block="b", n=3}, {block="b", n=5, k=3, name="last"})", R"([block.b]
arguments = ["n"]
optional = { k = 1 }
layers = [{op="conv", filters="$n * 4", kernel="$k", pad="same"}, {op="conv", filters="$n"}])");
  EXPECT_EQ(names(w), (Names{"b1.conv1", "b1.conv2", "last.conv1", "last.conv2"}));
  EXPECT_EQ(shape_of(w, "b1.conv1"), image(12, 16, 16));
  EXPECT_EQ(w.operators()[2].bounds[Dim::R], 3);
  EXPECT_EQ(w.operators()[2].bounds[Dim::K], 20);
}

TEST(TomlWorkload, PassesLayersThroughNestedBlocks) {
  const Workload w = network(
      R"({op="conv", filters=8, name="a"}, {op="conv", filters=8}, {block="outer", skip="a"})",
      R"([block.outer]
arguments = ["skip"]
layers = [{op="conv", filters=8, name="a"}, {block="inner", skip="$skip"}]
[block.inner]
arguments = ["skip"]
layers = [{op="add", input=["in", "$skip"]}])");
  const Operator& add = w.operators().back();
  EXPECT_EQ(add.name, "outer1.inner1.add1");
  EXPECT_EQ(w.at(w.at(add.inputs[0]).producer).name, "outer1.a");
  EXPECT_EQ(w.at(w.at(add.inputs[1]).producer).name, "a");  // the caller's, not the block's own
}

TEST(TomlWorkload, TakesPadsInEveryForm) {
  const Workload w = network(
      R"({op="conv", filters=1, kernel=3, pad="same", input="x"}, {op="conv", filters=1, kernel=3, pad=2, input="x"}, {op="conv", filters=1, kernel=3, pad=[0,1,2,3], input="x"})");
  EXPECT_EQ(shape_of(w, "conv1"), image(1, 16, 16));
  EXPECT_EQ(shape_of(w, "conv2"), image(1, 18, 18));
  EXPECT_EQ(shape_of(w, "conv3"), image(1, 16, 18));
  EXPECT_EQ(w.operators()[2].pad_begin, (std::array<std::int64_t, 2>{0, 1}));
}

TEST(TomlWorkload, BuildsEveryOperator) {
  const Workload w = network(R"(
    {op="depthwise_conv", kernel=3, pad=1, multiplier=2, name="dw"},
    {op="transposed_conv", filters=4, kernel=2, stride=2, name="up"},
    {op="average_pool", kernel=3, stride=2, pad=1, name="avg"},
    {op="pad", pad=1, name="padded"}, {op="resize", size=[9, 10], mode="linear", name="resized"},
    {op="local_response_norm", size=3}, {op="multiply", input=["resized", "resized"]},
    {op="slice", axis=2, begin=1, end=9, step=2, name="cut"}, {op="slice", axis=3, begin=2, name="even"},
    {op="space_to_depth", factor=2, name="deep"}, {op="depth_to_space", factor=2, name="flat"},
    {op="transpose", permutation=[0,2,3,1], name="last"}, {op="layer_norm"}, {op="softmax", axes=[1,2]},
    {op="elementwise", type="max", input=["last", "last"]}, {op="dense", units=7, name="fc"},
    {op="reshape", shape=[1, -1, 7], name="rows"}, {op="reduce", axes=[1], keep_axes=false, name="mean"},
    {op="global_pool", input="cut"}, {op="flatten", name="vector"}, {op="upsample", input="x", name="twice"})");
  EXPECT_EQ(shape_of(w, "dw"), image(16, 16, 16));
  EXPECT_EQ(shape_of(w, "up"), image(4, 32, 32));
  EXPECT_EQ(shape_of(w, "avg"), image(4, 16, 16));
  EXPECT_EQ(shape_of(w, "padded"), image(4, 18, 18));
  EXPECT_EQ(shape_of(w, "cut"), image(4, 4, 10));
  EXPECT_EQ(shape_of(w, "deep"), image(16, 2, 4));
  EXPECT_EQ(shape_of(w, "flat"), image(4, 4, 8));
  EXPECT_EQ(shape_of(w, "fc"), image(4, 8, 7));
  EXPECT_EQ(shape_of(w, "rows"), (Shape{3, {1, 32, 7, 1, 1, 1}}));
  EXPECT_EQ(shape_of(w, "mean"), (Shape{2, {1, 7, 1, 1, 1, 1}}));
  EXPECT_EQ(shape_of(w, "vector"), (Shape{2, {1, 4, 1, 1, 1, 1}}));
  EXPECT_EQ(shape_of(w, "twice"), image(8, 32, 32));
}

struct Mistake {
  const char* name;
  const char* layers;
  const char* more;
  const char* expected;  // part of the message, position first
};
std::ostream& operator<<(std::ostream& out, const Mistake& mistake) {
  return out << mistake.name;
}

class TomlMistake : public testing::TestWithParam<Mistake> {};

TEST_P(TomlMistake, IsReportedWithItsPlace) {
  const std::string text = complaint(GetParam().layers, GetParam().more);
  EXPECT_NE(text.find(GetParam().expected), std::string::npos) << text;
}

INSTANTIATE_TEST_SUITE_P(
    All, TomlMistake,
    testing::Values(
        Mistake{"UnknownKey", R"({op="conv", filtres=3})", "",
                ":5:13: error: unknown key 'filtres' in operator 'conv'; did you mean 'filters'?"},
        Mistake{"UnknownOperator", R"({op="covn", filters=3})", "",
                ":5:5: error: unknown operator 'covn'; did you mean 'conv'?"},
        Mistake{"MissingKey", R"({op="conv"})", "", ":5:1: error: expected the key 'filters'"},
        Mistake{"WrongType", R"({op="conv", filters=true})", "",
                ":5:21: error: expected an integer, given a boolean"},
        Mistake{"OutOfRange", R"({op="conv", filters=0})", "",
                ":5:21: error: expected filters of at least 1, given 0"},
        Mistake{"BadPad", R"({op="conv", filters=1, pad="sane"})", "",
                ":5:28: error: expected pad as"},
        Mistake{"UnknownInput",
                R"({op="conv", filters=1, name="first"}, {op="relu", input="frist"})", "",
                "unknown operator 'relu'"},
        Mistake{"MisspeltInput",
                R"({op="conv", filters=1, name="first"}, {op="softmax", input="frist"})", "",
                "expected the name of an earlier layer, given 'frist'; did you mean 'first'?"},
        Mistake{"WindowTooLarge", R"({op="conv", filters=1, kernel=17})", "",
                ":5:1: error: operator 'conv1': expected a window of at most 16"},
        Mistake{"ShapesThatDoNotFit",
                R"({op="conv", filters=1, kernel=2}, {op="concat", input=["x", "conv1"]})", "",
                "expected operands equal to [1, 8, 16, 16] but for axis 1, given [1, 1, 15, 15]"},
        Mistake{"NameTaken", R"({op="softmax", name="a"}, {op="softmax", name="a"})", "",
                "expected a name of its own, 'a' is taken"},
        Mistake{"UnknownBlock", R"({block="bb"})", "[block.b]\nlayers=[]",
                "unknown block 'bb'; did you mean 'b'?"},
        Mistake{"UnknownArgument", R"({block="b"})",
                "[block.b]\nlayers=[{op=\"conv\", filters=\"$n\"}]",
                "argument '$n' is not known here"},
        Mistake{"MissingArgument", R"({block="b"})", "[block.b]\narguments=[\"n\"]\nlayers=[]",
                "expected the argument 'n' of block 'b'"},
        Mistake{"InexactDivision", R"({block="b", n=3})",
                "[block.b]\narguments=[\"n\"]\nlayers=[{op=\"conv\", filters=\"$n / 2\"}]",
                "3 / 2 is not a whole number"},
        Mistake{"Recursion", R"({block="b"})", "[block.b]\nlayers=[{block=\"b\"}]",
                "may call itself"},
        Mistake{"EndlessRepeat", R"({op="softmax", repeat=1000000000})", "",
                "expected at most 10000"},
        Mistake{"EndlessBlocks", R"({block="a", repeat=9999})",
                "[block.a]\nlayers=[{op=\"softmax\", repeat=9999}]",
                "expected at most 200000 operators"},
        Mistake{"MistakeInUnusedBlock", R"({op="softmax"})", "[block.b]\nlayers=[{op=\"sofmax\"}]",
                "unknown operator 'sofmax'; did you mean 'softmax'?"},
        Mistake{"TooFewInputs", R"({op="add"})", "",
                "expected at least 2 inputs of operator 'add', given 1"},
        Mistake{"NoLayers", "", "", "expected at least one operator"},
        Mistake{"HugeTensor", R"({op="upsample", factor=2000000000})", "", "2^48"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(TomlWorkload, ReportsEveryMistakeAtOnce) {
  const std::string text = complaint(
      "{op=\"conv\"},\n{op=\"softmax\", axes=[9], input=\"x\"},\n{op=\"slice\", begin=\"a\", "
      "input=\"x\"}");
  EXPECT_NE(text.find(":5:1: error: expected the key 'filters'"), std::string::npos) << text;
  EXPECT_NE(text.find(":6:1: error: operator 'softmax1': expected an axis in [-4, 4), given 9"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find(":7:20: error: expected a number or an $argument, given 'a'"),
            std::string::npos)
      << text;
}

TEST(TomlWorkload, ReportsARepeatedMistakeOnce) {
  const std::string text = complaint(R"({block="b", repeat=5})",
                                     "[block.b]\nlayers=[{op=\"conv\", filters=0, input=\"in\"}]");
  EXPECT_EQ(text.find("error:"), text.rfind("error:")) << text;
}

TEST(TomlWorkload, RefusesAnotherVersion) {
  try {
    read_text(
        "imbrex_workload = 2\ninput.x = { shape = [1, 2] }\n[network]\nlayers = "
        "[{op=\"softmax\"}]\n");
    FAIL() << "no complaint";
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find(":1:19: error: expected imbrex_workload = 1"),
              std::string::npos)
        << error.what();
  }
}

// Every network of the documentation can be read.
TEST(TomlWorkload, ReadsTheExamplesOfTheDocumentation) {
  std::ifstream file(std::string(IMBREX_SOURCE_DIR) + "/sdk/docs/workloads.md");
  std::stringstream stream;
  stream << file.rdbuf();
  const std::string document = stream.str();
  std::vector<Workload> examples;
  const std::string fence = "```toml\n";
  for (std::size_t at = document.find(fence); at != std::string::npos;
       at = document.find(fence, at)) {
    at += fence.size();
    examples.push_back(read_text(document.substr(at, document.find("```", at) - at)));
  }
  ASSERT_EQ(examples.size(), 2u);
  EXPECT_EQ(shape_of(examples[0], "scores"), (Shape{2, {1, 10, 1, 1, 1, 1}}));
  EXPECT_EQ(shape_of(examples[1], "attend1.softmax1"), image(4, 16, 16));
}

}  // namespace

}  // namespace imbrex
