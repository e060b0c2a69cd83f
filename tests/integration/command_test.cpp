// File: command_test.cpp
//
// Usage, help, and the commands that only look.
#include "command_fixture.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex {
namespace {

using Command = test::CommandFixture;

TEST_F(Command, PrintsItsVersion) {
  const auto result = imbrex("--version");
  EXPECT_EQ(result.code, 0);
  EXPECT_EQ(result.out, "imbrex 0.1.0\n");
}

TEST_F(Command, PrintsHelpForEveryCommand) {
  for (const std::string command : {"", "run ", "check ", "plugins ", "describe "}) {
    const auto result = imbrex(command + "--help");
    EXPECT_EQ(result.code, 0) << command;
    EXPECT_NE(result.out.find("EXAMPLES"), std::string::npos) << command;
    EXPECT_NE(result.out.find("ENVIRONMENT"), std::string::npos) << command;
    EXPECT_EQ(result.err, "") << command;
  }
}

TEST_F(Command, SuggestsTheCommandThatWasMeant) {
  const auto result = imbrex("rnu recipe.toml");
  EXPECT_EQ(result.code, 2);
  EXPECT_EQ(result.err,
            "imbrex: error: no command 'rnu'; did you mean 'run'?\nTry 'imbrex --help'.\n");
}

TEST_F(Command, SuggestsTheOptionThatWasMeant) {
  const auto result = imbrex("run recipe.toml --sett a=1");
  EXPECT_EQ(result.code, 2);
  EXPECT_EQ(result.err,
            "imbrex: error: no option '--sett'; did you mean '--set'?\n"
            "Try 'imbrex run --help'.\n");
}

TEST_F(Command, RefusesEveryOtherUsageErrorWithCode2) {
  for (const char* words : {"", "run", "run a.toml b.toml", "run a.toml --threads many",
                            "run a.toml --log-level loud", "describe", "--nothing"}) {
    const auto result = imbrex(words);
    EXPECT_EQ(result.code, 2) << words << "\n" << result.err;
  }
}

TEST_F(Command, NamesARecipeThatIsMissing) {
  const auto result = imbrex("run nowhere.toml");
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.err.find("nowhere.toml"), std::string::npos) << result.err;
}

TEST_F(Command, ListsPluginsAndComponents) {
  const auto result = imbrex("plugins" + with_tests());
  EXPECT_EQ(result.code, 0);
  EXPECT_NE(result.out.find("overlap_clsa_cim.imbrex.so"), std::string::npos);
  EXPECT_NE(result.out.find("test.workload.chain"), std::string::npos);
}

TEST_F(Command, ListsBrokenPluginsWithTheReason) {
  write("broken.imbrex.so", "not a library");
  const auto result = imbrex("plugins", "IMBREX_PLUGIN_PATH='" + folder().string() + "'");
  EXPECT_EQ(result.code, 0);
  const std::size_t first = result.out.find("broken.imbrex.so");
  ASSERT_NE(first, std::string::npos) << result.out;
  EXPECT_NE(result.out.find("broken.imbrex.so\n  ", first), std::string::npos) << result.out;
}

TEST_F(Command, ListsPluginsAsJson) {
  const auto result = imbrex("plugins --json" + with_tests());
  const auto json = nlohmann::json::parse(result.out);
  EXPECT_EQ(json["imbrex"], "0.1.0");
  bool found = false;
  for (const auto& component : json["components"]) {
    found = found || component["id"] == "test.overlap.lossy";
  }
  EXPECT_TRUE(found);
}

TEST_F(Command, ShowsWhatCombines) {
  const auto result = imbrex("plugins --matrix" + with_tests());
  EXPECT_EQ(result.code, 0);
  EXPECT_NE(result.out.find("Columns are what came before"), std::string::npos);
  EXPECT_NE(result.out.find("imbrex.partition.weight-duplication"), std::string::npos);
}

TEST_F(Command, DescribesAComponent) {
  const auto result = imbrex("describe test.partition.copies" + with_tests());
  EXPECT_EQ(result.code, 0);
  EXPECT_NE(result.out.find("Copies of the first mapped operator"), std::string::npos);
  EXPECT_NE(result.out.find("test.components 1.0.0"), std::string::npos);
  const auto json =
      nlohmann::json::parse(imbrex("describe test.partition.copies --json" + with_tests()).out);
  EXPECT_EQ(json["parameters"][0]["name"], "copies");
  EXPECT_EQ(json["parameters"][0]["default"], 2);
}

TEST_F(Command, SuggestsTheComponentThatWasMeant) {
  const auto result = imbrex("describe imbrex.overlap.clsa-cmi");
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.err.find("did you mean 'imbrex.overlap.clsa-cim'"), std::string::npos)
      << result.err;
}

TEST_F(Command, ChecksARecipeWithoutRunningIt) {
  write("recipe.toml",
        chain_recipe(0, stage("test.partition.thrower") + stage("imbrex.overlap.clsa-cim")));
  const auto result = imbrex("check recipe.toml" + with_tests());
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_NE(result.out.find("test.partition.thrower"), std::string::npos);
}

TEST_F(Command, ConfirmsARecipeBySimulation) {
  write("recipe.toml",
        chain_recipe(1, stage("test.partition.copies") + stage("imbrex.overlap.clsa-cim")));
  const auto result = imbrex("check recipe.toml --simulate" + with_tests());
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_NE(result.out.find("simulation agrees: makespan 28000000 ps, simulated 28000000 ps"),
            std::string::npos)
      << result.out;
}

TEST_F(Command, FailsTheCheckWhenSimulationDisagrees) {
  write("recipe.toml", chain_recipe(0, stage("test.overlap.lossy", "stretch = 0.5\n")));
  const auto result = imbrex("check recipe.toml --simulate" + with_tests());
  EXPECT_EQ(result.code, 1);
  EXPECT_NE(result.out.find("simulation DISAGREES"), std::string::npos) << result.out;
}

TEST_F(Command, RefusesToSimulateAScheduleWithoutOverlap) {
  write("recipe.toml", chain_recipe(0, stage("imbrex.overlap.layer-by-layer")));
  const auto result = imbrex("check recipe.toml --simulate --quiet" + with_tests());
  EXPECT_EQ(result.code, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(
      result.err,
      "imbrex: error: stage 1 (imbrex.overlap.layer-by-layer) cannot be checked by simulation: "
      "it delays operators on purpose, while the simulation starts every job as early as its "
      "inputs allow; check a recipe that ends with an analyzer of overlap\n");
}

TEST_F(Command, NamesALibraryThatCannotBeLoadedOnceForAllMissingComponents) {
  write("broken.imbrex.so", "not a library");
  write("recipe.toml",
        chain_recipe(0, stage("vendor.search.first") + stage("vendor.overlap.second")));
  const auto result =
      imbrex("check recipe.toml" + with_tests(), "IMBREX_PLUGIN_PATH='" + folder().string() + "'");
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.err.find("no component 'vendor.search.first'"), std::string::npos);
  EXPECT_NE(result.err.find("no component 'vendor.overlap.second'"), std::string::npos);
  const std::size_t first = result.err.find("broken.imbrex.so");
  ASSERT_NE(first, std::string::npos) << result.err;
  EXPECT_EQ(result.err.find("broken.imbrex.so: ", first + 1), std::string::npos) << result.err;
  EXPECT_GT(first, result.err.find("vendor.overlap.second")) << "after what it explains";
}

}  // namespace
}  // namespace imbrex
