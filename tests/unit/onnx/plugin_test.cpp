// The component as the kernel sees it: found, configured through its schema, run through the
// interface.
#include "plugin/registry.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

class OnnxPlugin : public testing::Test {
 protected:
  static plugin::PluginSearchPath path() {
    plugin::PluginSearchPath result;
    result.files = {std::filesystem::path(IMBREX_PLUGIN_DIR) / "workload_onnx.imbrex.so"};
    return result;
  }
  const ParamSpec& spec(std::string_view name) const {
    const auto found = std::find_if(component().params.begin(), component().params.end(),
                                    [&](const ParamSpec& one) { return one.name == name; });
    EXPECT_NE(found, component().params.end()) << name;
    return *found;
  }
  const Component& component() const { return *registry_.find("imbrex.workload.onnx"); }
  void set_text(const plugin::ConfigHandle& config, std::string_view name,
                std::string_view text) const {
    ParamValue value;
    value.type = spec(name).type;
    value.text = text;
    spec(name).store(config.get(), value);
  }
  plugin::Registry registry_{path()};
};

TEST_F(OnnxPlugin, OffersTheReaderWithItsParameters) {
  ASSERT_NE(registry_.find("imbrex.workload.onnx"), nullptr);
  EXPECT_EQ(component().kind, Kind::workload_reader);
  EXPECT_TRUE(spec("file").required);
  EXPECT_EQ(spec("bind").type, ParamType::integer_table);
  EXPECT_EQ(spec("on_unknown").choices.size(), 2u);
  EXPECT_EQ(spec("on_unknown").choices[0], "error");
  EXPECT_EQ(spec("weight_bits").maximum, 64);
}

TEST_F(OnnxPlugin, ReadsANetworkThroughTheInterface) {
  const plugin::ConfigHandle config(component());
  set_text(config, "file", std::string(IMBREX_MODELS_DIR) + "/light_squeezenet.onnx");
  ParamValue bits;
  bits.type = ParamType::integer;
  bits.integer = 4;
  spec("weight_bits").store(config.get(), bits);
  auto reader = plugin::make_instance<WorkloadReader>(config, Context());
  WorkloadBuilder builder("squeezenet");
  reader->read(builder);
  const Workload workload = builder.finish();
  // First layer: 64 filters of 3x3x3, stride 2 without pads on 224: (224 - 3) / 2 + 1 = 111.
  const Operator& first = workload.operators()[0];
  EXPECT_EQ(first.kind, OperatorKind::convolution);
  EXPECT_EQ(first.weight_bits(), 64 * 27 * 4);
  EXPECT_EQ(first.macs(), std::int64_t{111} * 111 * 64 * 27);
}

TEST_F(OnnxPlugin, ErrorsCrossTheBoundaryAsInputErrors) {
  const plugin::ConfigHandle config(component());
  set_text(config, "file", "/nowhere/at-all.onnx");
  auto reader = plugin::make_instance<WorkloadReader>(config, Context());
  WorkloadBuilder builder("none");
  try {
    reader->read(builder);
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(), "/nowhere/at-all.onnx: no such file");
    EXPECT_EQ(error.code(), ErrorCode::bad_input);
  }
}

// Most of these files reshape to [1, ...]: written for one sample, but only the leading axis says
// so.
TEST_F(OnnxPlugin, RunsNetworksOnBatches) {
  for (const char* name : {"squeezenet", "bvlc_alexnet", "densenet121", "inception_v1",
                           "inception_v2", "resnet50", "shufflenet", "vgg19", "zfnet512"}) {
    const auto read = [&](std::int64_t samples) {
      const plugin::ConfigHandle config(component());
      set_text(config, "file", std::string(IMBREX_MODELS_DIR) + "/light_" + name + ".onnx");
      ParamValue batch;
      batch.type = ParamType::integer;
      batch.integer = samples;
      spec("batch").store(config.get(), batch);
      auto reader = plugin::make_instance<WorkloadReader>(config, Context());
      WorkloadBuilder builder(name);
      reader->read(builder);
      return builder.finish();
    };
    const Workload one = read(1);
    const Workload three = read(3);
    EXPECT_EQ(three.macs(), 3 * one.macs()) << name;
    EXPECT_EQ(three.weight_bits(), one.weight_bits()) << name;
    EXPECT_EQ(three.operators()[0].bounds[Dim::N], 3) << name;
    EXPECT_EQ(three.at(three.outputs()[0]).shape[0], 3) << name;
  }
}

}  // namespace
}  // namespace imbrex
