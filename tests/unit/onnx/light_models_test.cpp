// The nine light ImageNet networks against the facts in the README beside them, and every shape in
// them against whole-graph inference by the ONNX library.
#include "model_builder.hpp"
#include "model_file.hpp"

#include <cmath>
#include <map>
#include <set>

#include <gtest/gtest.h>
#include <onnx/defs/schema.h>
#include <onnx/shape_inference/implementation.h>

namespace imbrex::onnx_reader {
namespace {

struct Facts {
  const char* file;
  int nodes;
  int convolutions, depthwise, grouped, gemms;
  const char* gmac;
  int folded, kept, scales;  // of batch normalisations; by hand from the architecture
  std::map<std::string, int> others;
};

void PrintTo(const Facts& facts, std::ostream* out) {
  *out << facts.file;
}

// DenseNet-121: 58 dense layers with two normalisations each, the first behind a concat or pool,
// the second behind a 1x1 convolution; the stem's follows a convolution; three transitions and the
// last follow a concat. 1 + 58 fold, 58 + 3 + 1 stay. Elsewhere every one follows a convolution.
const std::vector<Facts> kFacts = {
    {"bvlc_alexnet",
     40,
     5,
     0,
     3,
     3,
     "0.655",
     0,
     0,
     0,
     {{"LRN", 2}, {"MaxPool", 3}, {"Relu", 7}, {"Dropout", 2}, {"Reshape", 1}, {"Softmax", 1}}},
    {"densenet121",
     1746,
     121,
     0,
     0,
     0,
     "2.834",
     59,
     62,
     242,
     {{"BatchNormalization", 62},
      {"AveragePool", 3},
      {"Concat", 58},
      {"GlobalAveragePool", 1},
      {"MaxPool", 1},
      {"Relu", 121}}},
    {"inception_v1",
     237,
     57,
     0,
     0,
     1,
     "1.432",
     0,
     0,
     0,
     {{"AveragePool", 1},
      {"Concat", 9},
      {"Dropout", 1},
      {"LRN", 2},
      {"MaxPool", 13},
      {"Relu", 57},
      {"Reshape", 1},
      {"Softmax", 1}}},  // the other Reshape is of weights
    {"inception_v2",
     916,
     69,
     0,
     0,
     1,
     "2.019",
     69,
     0,
     138,
     {{"AveragePool", 8},
      {"Concat", 10},
      {"MaxPool", 5},
      {"Relu", 69},
      {"Reshape", 1},
      {"Softmax", 1}}},
    {"resnet50",
     415,
     53,
     0,
     0,
     1,
     "4.089",
     53,
     0,
     0,
     {{"AveragePool", 1},
      {"MaxPool", 1},
      {"Relu", 49},
      {"Reshape", 1},
      {"Softmax", 1},
      {"Sum", 16}}},
    {"shufflenet",
     446,
     49,
     16,
     32,
     1,
     "0.125",
     49,
     0,
     0,
     {{"AveragePool", 4},
      {"Concat", 3},
      {"MaxPool", 1},
      {"Relu", 33},
      {"Reshape", 33},
      {"Softmax", 1},
      {"Sum", 13},
      {"Transpose", 16}}},
    {"squeezenet",
     105,
     26,
     0,
     0,
     0,
     "0.349",
     0,
     0,
     0,
     {{"Concat", 8},
      {"Dropout", 1},
      {"GlobalAveragePool", 1},
      {"MaxPool", 3},
      {"Relu", 26},
      {"Softmax", 1}}},
    {"vgg19",
     82,
     16,
     0,
     0,
     3,
     "19.632",
     0,
     0,
     0,
     {{"Dropout", 2}, {"MaxPool", 5}, {"Relu", 18}, {"Reshape", 1}, {"Softmax", 1}}},
    {"zfnet512",
     38,
     5,
     0,
     0,
     3,
     "1.482",
     0,
     0,
     0,
     {{"LRN", 2}, {"MaxPool", 3}, {"Relu", 7}, {"Reshape", 1}, {"Softmax", 1}}},
};

std::string path_of(const Facts& facts) {
  return std::string(IMBREX_MODELS_DIR) + "/light_" + facts.file + ".onnx";
}

class LightModel : public testing::TestWithParam<Facts> {
 protected:
  Workload read(bool fold = true) {
    Config config;
    config.file.value = path_of(GetParam());
    config.fold_batch_norm = fold;
    WorkloadBuilder builder(GetParam().file);
    folding_ = read_onnx(config, builder).folding;
    return builder.finish();
  }
  BatchNormFolding folding_;
};

TEST_P(LightModel, CountsMatchTheReadme) {
  const Workload workload = read();
  int convolutions = 0, depthwise = 0, grouped = 0, products = 0;
  for (const Operator& op : workload.operators()) {
    const std::int64_t groups = op.bounds[Dim::G];
    convolutions += op.kind == OperatorKind::convolution;
    depthwise += op.kind == OperatorKind::convolution && groups > 1 && op.bounds[Dim::C] == 1;
    grouped += op.kind == OperatorKind::convolution && groups > 1 && op.bounds[Dim::C] > 1;
    products += op.has_macs() && op.kind != OperatorKind::convolution;
    EXPECT_TRUE(!op.has_macs() || op.stationary_weights) << op.name;
  }
  EXPECT_EQ(convolutions, GetParam().convolutions);
  EXPECT_EQ(depthwise, GetParam().depthwise);
  EXPECT_EQ(grouped, GetParam().grouped);
  EXPECT_EQ(products, GetParam().gemms);
  char gmac[32];
  std::snprintf(gmac, sizeof gmac, "%.3f", static_cast<double>(workload.macs()) / 1e9);
  EXPECT_STREQ(gmac, GetParam().gmac);
}

TEST_P(LightModel, OtherOperatorsAreKeptAndConstantsAreNot) {
  const Workload workload = read();
  std::map<std::string, int> others;
  for (const Operator& op : workload.operators()) {
    if (!op.has_macs() && op.source_type != "Gemm") {
      ++others[op.source_type];
      EXPECT_NE(op.kind, OperatorKind::barrier) << op.name;
    }
  }
  EXPECT_EQ(others, GetParam().others);
  ASSERT_EQ(workload.inputs().size(), 1u);
  EXPECT_EQ(dims_of(workload.at(workload.inputs()[0]).shape), (Dims{1, 3, 224, 224}));
  EXPECT_EQ(workload.outputs().size(), 1u);
}

TEST_P(LightModel, FoldsBatchNormalisationsOnlyWhenAsked) {
  const Workload folded = read(true);
  EXPECT_EQ(folding_.folded, GetParam().folded);
  EXPECT_EQ(folding_.kept, GetParam().kept);
  EXPECT_EQ(folding_.scales, GetParam().scales);
  const std::size_t absorbed = static_cast<std::size_t>(folding_.folded + folding_.scales);
  const Workload plain = read(false);
  EXPECT_EQ(plain.operators().size(), folded.operators().size() + absorbed);
  EXPECT_EQ(plain.macs(), folded.macs());
  EXPECT_EQ(folding_.folded, 0);
}

// The library's inference over the whole graph is the twin of the reader's shape rules.
TEST_P(LightModel, ShapesEqualInferenceOfTheOnnxLibrary) {
  const Model model = load_model(path_of(GetParam()));
  EXPECT_EQ(model->graph().node_size(), GetParam().nodes);
  const Network network = flatten(*model, {});
  ::onnx::ModelProto inferred = *model;
  inferred.mutable_graph()->clear_value_info();
  ::onnx::shape_inference::InferShapes(inferred, ::onnx::OpSchemaRegistry::Instance(),
                                       {false, 0, true});
  std::map<std::string, Dims> expected;
  for (const auto& info : inferred.graph().value_info()) {
    for (const auto& dim : info.type().tensor_type().shape().dim()) {
      expected[info.name()].push_back(dim.dim_value());
    }
  }
  int compared = 0;
  for (const Node& node : network.nodes) {
    const Value& value = network.at(node.outputs[0]);
    if (expected.contains(value.name)) {
      EXPECT_EQ(value.dims, expected[value.name]) << value.name;
      ++compared;
    }
  }
  EXPECT_GE(compared + 1, static_cast<int>(network.nodes.size()));
}

INSTANTIATE_TEST_SUITE_P(Onnx, LightModel, testing::ValuesIn(kFacts),
                         [](const auto& instance) { return std::string(instance.param.file); });

}  // namespace
}  // namespace imbrex::onnx_reader
