// Every recipe on TinyYOLOv4 that ships runs; the known figures come out (specification clsa-cim
// section 5.6: 32 spare PEs, row sets: round robin 22.1x, vertical strips 24.2x, horizontal 7.8x).
#include "command_fixture.hpp"

#include <cmath>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex {
namespace {

class ShippedRecipe : public test::CommandFixture {
 protected:
  nlohmann::json result_of(const std::filesystem::path& recipe) const {
    const auto result = imbrex("run '" + recipe.string() + "' --quiet --out r --force");
    EXPECT_EQ(result.code, 0) << recipe << "\n" << result.err;
    return nlohmann::json::parse(read(folder() / "r" / "result.json"));
  }
};

TEST_F(ShippedRecipe, RunsInTheAblation) {
  int recipes = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(IMBREX_SOURCE_DIR "/configs/ablations/clsa-cim")) {
    if (entry.path().extension() != ".toml") {
      continue;
    }
    ++recipes;
    const auto json = result_of(entry.path());
    EXPECT_GT(json["speedup"].get<double>(), 1) << entry.path();
    const double by_work = json["metrics"]["utilisation"].get<double>() /
                           json["baseline"]["metrics"]["utilisation"].get<double>() *
                           json["metrics"]["units_total"].get<double>() /
                           json["baseline"]["metrics"]["units_total"].get<double>();
    EXPECT_NEAR(by_work / json["speedup"].get<double>(), 1, 1e-9) << entry.path();
  }
  EXPECT_GE(recipes, 14);
}

TEST_F(ShippedRecipe, GivesThePublishedFigures) {
  const std::filesystem::path folder_of = IMBREX_SOURCE_DIR "/configs/ablations/clsa-cim";
  const auto speedup = [&](const char* name) {
    return std::round(result_of(folder_of / name)["speedup"].get<double>() * 10) / 10;
  };
  EXPECT_EQ(speedup("wdup-32-xinf-row.toml"), 22.1);
  EXPECT_EQ(speedup("strip-w-32-xinf-row.toml"), 24.2);
  EXPECT_EQ(speedup("strip-h-32-xinf-row.toml"), 7.8);
}

}  // namespace
}  // namespace imbrex
