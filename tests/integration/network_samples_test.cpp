// Which axis counts samples is said, and throughput, energy and energy-delay product follow.
#include "network_command.hpp"

namespace imbrex {
namespace {

using namespace test;

// Energy counts each product, so samples are seen in what a sample takes of it.
class Samples : public NetworkCommand {
 protected:
  void expect_samples(const json& result, std::int64_t count) const {
    ASSERT_FALSE(result.is_null()) << error_;
    const json& metrics = result["metrics"];
    EXPECT_EQ(metrics.value("batch", 1), count);
    const double energy = metrics["energy_pj"].get<double>();
    EXPECT_DOUBLE_EQ(metrics.value("energy_per_sample_pj", energy) * double(count), energy);
    const double delay_s = metrics["latency_ps"].get<double>() * 1e-12;
    EXPECT_NEAR(
        metrics["edp_js"].get<double>() / (energy * 1e-12 * delay_s / double(count * count)), 1,
        1e-9);
  }
  static std::string chip() {
    return "use = \"imbrex.architecture.sram-cim\"\ncores = 4\ncrossbars_per_core = 4\n"
           "rows = 64\ncolumns = 64\nweight_bits = 8\n";
  }
};

TEST_F(Samples, AreCountedAlongTheAxisThatIsSaid) {
  write_model(model_of({"GRU", 3, 10, 2}));
  expect_samples(run("model.onnx", "", "", chip()), 1);
  expect_samples(run("model.onnx", "batch_axis = 1\n", "", chip()), 2);
  write_model(model_of({"GRU", 3, 10, 2, "forward", 1}));
  expect_samples(run("model.onnx", "", "", chip()), 1);
  expect_samples(run("model.onnx", "batch_axis = 0\n", "", chip()), 2);
  expect_samples(run("model.onnx", "batch_axes = { x = 0 }\n", "", chip()), 2);
}

TEST_F(Samples, MultiplyInEitherLayout) {
  write_model(model_of({"LSTM", 4, 10, 2}));
  const auto macs = run("model.onnx", "", "", chip())["workload"]["macs"].get<std::int64_t>();
  EXPECT_EQ(macs, 10 * 2 * 48 * (20 + 12));
  const json four = run("model.onnx", "batch = 4\nbatch_axis = 1\n", "", chip());
  expect_samples(four, 8);
  EXPECT_EQ(four["workload"]["macs"], 4 * macs);
  EXPECT_TRUE(run("model.onnx", "batch = 4\n", "", chip()).is_null());
  EXPECT_NE(error_.find("40 steps instead of 10, so the axis counts steps"), std::string::npos)
      << error_;
  write_model(model_of({"LSTM", 4, 10, 2, "forward", 1}));
  const json first = run("model.onnx", "batch = 4\nbatch_axis = 0\n", "", chip());
  expect_samples(first, 8);
  EXPECT_EQ(first["workload"]["macs"], 4 * macs);
}

TEST_F(Samples, RefuseAnAxisThatIsNotThere) {
  write_model(model_of({"GRU", 3, 10, 2}));
  EXPECT_TRUE(run("model.onnx", "batch_axis = 3\n").is_null());
  EXPECT_NE(error_.find("'x' of shape [10, 2, 20] has no axis 3"), std::string::npos) << error_;
  EXPECT_TRUE(run("model.onnx", "batch_axes = { y = 0 }\n").is_null());
  EXPECT_NE(error_.find("[workload.batch_axes] names 'y', which is no input"), std::string::npos)
      << error_;
}

// 30 * 20 + 20 * 10 products per sample.
TEST_F(Samples, MultiplyAPerceptron) {
  const auto network = [](const std::string& input) {
    return "imbrex_workload = 1\ninput.x = " + input +
           "\n[network]\nlayers = [ { op = \"dense\", units = 20, activation = \"relu\" }, "
           "{ op = \"dense\", units = 10 } ]\n";
  };
  write("net.toml", network("{ shape = [1, 30] }"));
  const json four = run("net.toml", "batch = 4\n", "", chip());
  expect_samples(four, 4);
  EXPECT_EQ(four["workload"]["macs"], 4 * 800);
  write("net.toml", network("{ shape = [6, 30] }"));
  expect_samples(run("net.toml", "", "", chip()), 1);
  expect_samples(run("net.toml", "batch_axis = 0\n", "", chip()), 6);
  write("net.toml", network("{ shape = [6, 30], batch_axis = 0 }"));
  expect_samples(run("net.toml", "batch = 2\n", "", chip()), 12);
}

}  // namespace
}  // namespace imbrex
