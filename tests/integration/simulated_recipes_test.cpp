// Every recipe and ablation that is shipped stands its check by simulation.
#include "command_fixture.hpp"
#include "folder_names.hpp"
#include "test_name.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

std::vector<std::string> shipped() {
  return test::recipes_below({"configs/recipes", "configs/ablations"});
}

class SimulatedRecipe : public test::CommandFixture,
                        public ::testing::WithParamInterface<std::string> {};

TEST_P(SimulatedRecipe, StandsItsCheck) {
  std::string words = "check --simulate '" IMBREX_SOURCE_DIR "/" + GetParam() + "'";
  if (GetParam().ends_with("onnx-clsa-cim.toml")) {  // names no network of its own
    words += " --set 'workload.file=" IMBREX_MODELS_DIR "/light_squeezenet.onnx'";
  }
  const auto result = imbrex(words);
  EXPECT_EQ(result.code, 0) << result.out << result.err;
  EXPECT_NE(result.out.find("simulation agrees: makespan "), std::string::npos) << result.out;
}

INSTANTIATE_TEST_SUITE_P(Shipped, SimulatedRecipe, ::testing::ValuesIn(shipped()),
                         [](const auto& one) { return test::as_test_name(one.param); });

TEST(SimulatedRecipes, AreAllThatThereAre) {
  EXPECT_GE(shipped().size(), 51u);
}

}  // namespace
}  // namespace imbrex
