// Every recipe and ablation that is shipped stands its check by simulation.
#include "command_fixture.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> shipped() {
  std::vector<std::string> files;
  for (const char* folder : {"configs/recipes", "configs/ablations"}) {
    for (const auto& entry :
         fs::recursive_directory_iterator(fs::path(IMBREX_SOURCE_DIR) / folder)) {
      if (entry.path().extension() == ".toml") {
        files.push_back(fs::relative(entry.path(), IMBREX_SOURCE_DIR).string());
      }
    }
  }
  std::sort(files.begin(), files.end());
  return files;
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

std::string name_of(const ::testing::TestParamInfo<std::string>& file) {
  std::string name = file.param;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Shipped, SimulatedRecipe, ::testing::ValuesIn(shipped()), name_of);

TEST(SimulatedRecipes, AreAllThatThereAre) {
  EXPECT_GE(shipped().size(), 51u);
}

}  // namespace
}  // namespace imbrex
