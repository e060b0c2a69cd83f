// `imbrex inspect`, and what result.json says of work and weights that a reader could not map or
// found shared. Expected values by hand.
#include "network_command.hpp"

namespace imbrex {
namespace {

using namespace test;

using Inspect = NetworkCommand;

// Two products of 5 rows with one 6 x 6 matrix, then something nobody knows.
ModelBuilder shared_and_unknown() {
  ModelBuilder model;
  model.input("x", {5, 6});
  model.weight("w", {6, 6});
  model.node("MatMul", {"x", "w"}, {"a"}).name("first");
  model.node("MatMul", {"a", "w"}, {"b"}).name("second");
  model.node("Magic", {"b"}, {"y"}).name("trick").domain("acme");
  model.stored_shape("y", {5, 6});
  model.output("y");
  return model;
}

TEST_F(Inspect, PrintsLayersAndSums) {
  write_model(shared_and_unknown());
  const auto result = imbrex("inspect model.onnx --set on_unknown=barrier");
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out,
            "model: 3 operators, 1 sample per run\n"
            "  input x [5, 6] x 8 bit\n"
            "  360 MACs\n"
            "  288 bit of weights, 576 bit mapped: layers share some\n"
            "  1 operators UNMAPPED: their work is in no figure\n"
            "\n"
            "  LAYER   KIND      SOURCE  INPUTS  OUTPUT  MACS  WEIGHTS\n"
            "  first   matmul    MatMul  [5, 6]  [5, 6]   180  36 x 8 bit, shared\n"
            "  second  matmul    MatMul  [5, 6]  [5, 6]   180  36 x 8 bit, shared\n"
            "  trick   UNMAPPED  Magic   [5, 6]  [5, 6]     -  -\n");
  EXPECT_NE(result.err.find("the work of 1 operators is unmapped and in no figure: trick"),
            std::string::npos)
      << result.err;
}

TEST_F(Inspect, PrintsJson) {
  write_model(shared_and_unknown());
  const auto result =
      imbrex("inspect model.onnx --json --set on_unknown=barrier --set weight_bits=0");
  ASSERT_EQ(result.code, 0) << result.err;
  const json network = json::parse(result.out);
  EXPECT_EQ(network["macs"], 360);
  EXPECT_EQ(network["weight_bits"], 36 * 32);
  EXPECT_EQ(network["mapped_weight_bits"], 72 * 32);
  EXPECT_EQ(network["unmapped"], 1);
  EXPECT_EQ(network["layers"][1]["output"], (json::array({5, 6})));
  EXPECT_EQ(network["layers"][2]["unmapped"], true);
  EXPECT_FALSE(network["layers"][0].contains("unmapped"));
}

TEST_F(Inspect, ReadsNetworksWrittenByHand) {
  write("net.toml",
        "imbrex_workload = 1\ninput.x = { shape = [1, 3, 8, 8] }\n[network]\nlayers = [\n"
        "  { op = \"conv\", filters = 4, kernel = 3, name = \"conv\" },\n]\n");
  const auto result = imbrex("inspect net.toml --json");
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(json::parse(result.out)["macs"], 4 * 3 * 9 * 36);
}

TEST_F(Inspect, RefusesFilesAndParametersByName) {
  write("net.xyz", "");
  EXPECT_EQ(imbrex("inspect net.xyz").err,
            "imbrex: error: no workload reader is named after the ending '.xyz' of 'net.xyz'; name "
            "one with --reader\n");
  EXPECT_EQ(imbrex("inspect net.xyz --reader imbrex.cost.crossbar").err,
            "imbrex: error: imbrex.cost.crossbar reads no networks\n");
  write_model(shared_and_unknown());
  const auto unknown = imbrex("inspect model.onnx --set weigth_bits=4");
  EXPECT_EQ(unknown.code, 2);
  EXPECT_NE(unknown.err.find("did you mean 'weight_bits'?"), std::string::npos) << unknown.err;
  const auto missing = imbrex("inspect nowhere.onnx");
  EXPECT_EQ(missing.code, 2);
  EXPECT_NE(missing.err.find("nowhere.onnx"), std::string::npos) << missing.err;
}

TEST_F(Inspect, NeverTurnsOrEndsALine) {
  ModelBuilder model;
  model.input("x\x1b[2J", {5, 6});
  model.weight("w", {6, 6});
  model.node("MatMul", {"x\x1b[2J", "w"}, {"y"}).name("a\xe2\x80\xae\nb");
  write_model(model);
  const auto result = imbrex("inspect model.onnx");
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_NE(result.out.find("  a??b   matmul"), std::string::npos) << result.out;
  EXPECT_EQ(result.out.find('\x1b'), std::string::npos);
  EXPECT_EQ(result.out.find("\xe2\x80\xae"), std::string::npos);
}

TEST_F(Inspect, ResultsSayWhatIsSharedAndUnmapped) {
  write_model(shared_and_unknown());
  const json result = run("model.onnx", "on_unknown = \"barrier\"\n");
  ASSERT_FALSE(result.is_null()) << error_;
  EXPECT_EQ(result["workload"]["weight_bits"], 36 * 8);
  EXPECT_EQ(result["workload"]["mapped_weight_bits"], 72 * 8);
  EXPECT_EQ(result["workload"]["unmapped"], 1);
}

// An operator nobody knows, whose result [3, 8] only the recipe tells: 3 products of 8 x 4 weights.
TEST_F(Inspect, ShapesMayComeFromTheRecipe) {
  ModelBuilder model;
  model.input("x", {3, 8});
  model.weight("w", {8, 4});
  model.node("Strange", {"x"}, {"/enc/out.0"}).domain("acme").name("strange");
  model.node("MatMul", {"/enc/out.0", "w"}, {"y"}).name("product");
  write_model(model);
  const json result =
      run("model.onnx", "on_unknown = \"barrier\"\nshape = { \"/enc/out.0\" = [3, 8] }\n");
  ASSERT_FALSE(result.is_null()) << error_;
  EXPECT_EQ(result["workload"]["macs"], 3 * 8 * 4);
  EXPECT_EQ(result["workload"]["unmapped"], 1);
  // What was written as the plan runs again.
  const auto again = imbrex("run r/plan.toml --quiet --out again");
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_TRUE(run("model.onnx", "on_unknown = \"barrier\"\n").is_null());
  EXPECT_NE(error_.find("[workload.shape]"), std::string::npos) << error_;
}

}  // namespace
}  // namespace imbrex
