// What a correct recipe resolves to: values, defaults, bases, overrides, baselines.
#include "fake_components.hpp"
#include "recipe/parsed_recipe.hpp"
#include "temporary_folder.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

constexpr std::string_view kRecipe = R"(imbrex = 1
seed = 42

[workload]
use = "imbrex.workload.toml"
file = "network.toml"

[architecture]
use = "imbrex.architecture.tiled-cim"
extra_pes = 32

[cost]
use = "imbrex.cost.crossbar"

[[stage]]
use = "imbrex.search.anneal"
temperature = 7

[[stage]]
use = "imbrex.overlap.clsa-cim"
granularity = "rows"
block = [2, 3]
)";

template <class Config>
const Config& config_of(const recipe::PlannedComponent& component) {
  return *static_cast<const Config*>(component.config.get());
}

class Resolve : public testing::Test {
 protected:
  Resolve() { folder_.write("network.toml", "content"); }

  recipe::ResolvedPlan resolve_text(std::string_view text,
                                    std::vector<std::string> overrides = {}) {
    return recipe::resolve({folder_.write("recipe.toml", text), std::move(overrides)}, lookup_);
  }
  std::string error_of(std::string_view text, std::vector<std::string> overrides = {}) {
    try {
      resolve_text(text, std::move(overrides));
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  }

  test::TemporaryFolder folder_;
  test::FakeLookup lookup_;
};

TEST_F(Resolve, StoresWhatIsWrittenAndKeepsDefaultsOfTheRest) {
  const recipe::ResolvedPlan plan = resolve_text(kRecipe);
  EXPECT_EQ(plan.seed, 42u);
  EXPECT_EQ(plan.objective, "latency");
  EXPECT_EQ(plan.architecture.id(), "imbrex.architecture.tiled-cim");
  const auto& architecture = config_of<test::ArchitectureConfig>(plan.architecture);
  EXPECT_EQ(architecture.extra_pes, 32);
  EXPECT_EQ(architecture.rows, 256);
  ASSERT_EQ(plan.stages.size(), 2u);
  EXPECT_EQ(config_of<test::AnnealConfig>(plan.stages[0]).temperature, 7.0);
  const auto& sets = config_of<test::SetsConfig>(plan.stages[1]);
  EXPECT_EQ(sets.granularity, test::Granularity::rows);
  EXPECT_EQ(sets.block, (std::vector<std::int64_t>{2, 3}));
  EXPECT_FALSE(plan.baseline.has_value());
}

TEST_F(Resolve, NamesThePlaceOfEveryComponent) {
  const recipe::ResolvedPlan plan =
      resolve_text(std::string(kRecipe) +
                   "[baseline]\nstages = [{ use = \"imbrex.overlap.layer-by-layer\" }]\n");
  EXPECT_EQ(plan.workload.where, "workload (imbrex.workload.toml)");
  EXPECT_EQ(plan.stages[1].where, "stage 2 (imbrex.overlap.clsa-cim)");
  EXPECT_EQ(plan.baseline->stages[0].where, "baseline stage 1 (imbrex.overlap.layer-by-layer)");
}

TEST_F(Resolve, TakesTheNameOfTheFileWhenTheRecipeHasNone) {
  EXPECT_EQ(resolve_text(kRecipe).name, "recipe");
  EXPECT_EQ(recipe::resolve({folder_.write("a b.toml", kRecipe), {}}, lookup_).name, "a-b");
}

TEST_F(Resolve, MakesPathsAbsoluteFromTheFolderOfTheRecipe) {
  const recipe::ResolvedPlan plan = resolve_text(kRecipe);
  EXPECT_EQ(config_of<test::WorkloadConfig>(plan.workload).file.value,
            (folder_.path() / "network.toml").string());
  EXPECT_EQ(config_of<test::WorkloadConfig>(plan.workload).weights.value, "");
}

TEST_F(Resolve, HashesTheFilesItNames) {
  const recipe::ResolvedPlan plan = resolve_text(kRecipe);
  ASSERT_EQ(plan.file_sha256.size(), 1u);
  EXPECT_EQ(plan.file_sha256.begin()->first, (folder_.path() / "network.toml").string());
  // printf content | sha256sum
  EXPECT_EQ(plan.file_sha256.begin()->second,
            "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73");
}

TEST_F(Resolve, ReadsATableOfIntegersWithQuotedKeysAndBooleans) {
  const recipe::ResolvedPlan plan =
      resolve_text(std::string(kRecipe) +
                   "[workload.bind]\n\"batch size\" = 4\ntraining = false\nfast = true\n");
  const auto& bind = config_of<test::WorkloadConfig>(plan.workload).bind;
  ASSERT_EQ(bind.size(), 3u);
  EXPECT_TRUE(bind[0].name == "batch size" && bind[0].value == 4);
  EXPECT_EQ(bind[1].value, 0);
  EXPECT_EQ(bind[2].value, 1);
}

// One entry per element, so that the shape of a tensor is written as a list.
TEST_F(Resolve, ReadsListsInATableElementByElement) {
  const recipe::ResolvedPlan plan =
      resolve_text(std::string(kRecipe) + "[workload.bind]\n\"a/b\" = [1, 64]\nscalar = []\n");
  const auto& bind = config_of<test::WorkloadConfig>(plan.workload).bind;
  ASSERT_EQ(bind.size(), 3u);
  EXPECT_EQ(bind[0].name, "a/b.0");
  EXPECT_EQ(bind[0].value, 1);
  EXPECT_EQ(bind[1].name, "a/b.1");
  EXPECT_EQ(bind[1].value, 64);
  EXPECT_EQ(bind[2].name, "scalar.");
  const std::string text = error_of(std::string(kRecipe) + "[workload.bind]\nx = [1, \"two\"]\n");
  EXPECT_NE(text.find("element 2 of 'x' in 'bind' expects an integer, found a string"),
            std::string::npos)
      << text;
}

TEST_F(Resolve, MissesAFileBelowAMissingFolder) {
  const std::string text = error_of(kRecipe, {"workload.file=/nowhere/at/all.toml"});
  EXPECT_NE(text.find("the file '/nowhere/at/all.toml' does not exist (there is no folder "
                      "'/nowhere/at')"),
            std::string::npos)
      << text;
}

// --- extends
// ---------------------------------------------------------------------------------------

TEST_F(Resolve, MergesTablesOfABaseKeyByKey) {
  folder_.write("base.toml", kRecipe);
  const recipe::ResolvedPlan plan =
      resolve_text("extends = \"base.toml\"\nname = \"variant\"\n[architecture]\nrows = 128\n");
  const auto& architecture = config_of<test::ArchitectureConfig>(plan.architecture);
  EXPECT_EQ(plan.name, "variant");
  EXPECT_EQ(plan.seed, 42u);
  EXPECT_EQ(architecture.rows, 128);
  EXPECT_EQ(architecture.extra_pes, 32);
}

TEST_F(Resolve, ReplacesTheStagesOfABaseAsAWhole) {
  folder_.write("base.toml", kRecipe);
  const recipe::ResolvedPlan plan =
      resolve_text("extends = \"base.toml\"\n[[stage]]\nuse = \"imbrex.overlap.layer-by-layer\"\n");
  ASSERT_EQ(plan.stages.size(), 1u);
  EXPECT_EQ(plan.stages[0].id(), "imbrex.overlap.layer-by-layer");
}

TEST_F(Resolve, FollowsAChainOfBases) {
  folder_.write("one.toml", kRecipe);
  folder_.write("two.toml", "extends = \"one.toml\"\nseed = 2\n[architecture]\nrows = 2\n");
  const recipe::ResolvedPlan plan =
      resolve_text("extends = \"two.toml\"\n[architecture]\nextra_pes = 3\n");
  const auto& architecture = config_of<test::ArchitectureConfig>(plan.architecture);
  EXPECT_EQ(plan.seed, 2u);
  EXPECT_EQ(architecture.rows, 2);
  EXPECT_EQ(architecture.extra_pes, 3);
}

TEST_F(Resolve, KeepsPathsOfABaseRelativeToTheBase) {
  folder_.write("bases/base.toml", kRecipe);
  folder_.write("bases/network.toml", "another");
  const recipe::ResolvedPlan plan = resolve_text("extends = \"bases/base.toml\"\n");
  EXPECT_EQ(config_of<test::WorkloadConfig>(plan.workload).file.value,
            (folder_.path() / "bases/network.toml").string());
}

TEST_F(Resolve, DropsInheritedParametersThatANewComponentDoesNotHave) {
  folder_.write("base.toml", kRecipe);
  const recipe::ResolvedPlan plan = resolve_text(
      "extends = \"base.toml\"\n[architecture]\nuse = \"imbrex.architecture.pe-array\"\n"
      "[cost]\nuse = \"acme.cost.roofline\"\n");
  EXPECT_EQ(plan.architecture.id(), "imbrex.architecture.pe-array");
  EXPECT_NE(error_of("extends = \"base.toml\"\n[architecture]\n"
                     "use = \"imbrex.architecture.pe-array\"\nextra_pes = 1\n")
                .find("recipe.toml:4:1: error: unknown parameter 'extra_pes'"),
            std::string::npos);
}

TEST_F(Resolve, LetsAVariantTakeBackAPath) {
  folder_.write("base.toml", std::string(kRecipe) + "[workload.bind]\n");
  folder_.write("weights.bin", "w");
  const std::string with = "extends = \"base.toml\"\n[workload]\nweights = \"weights.bin\"\n";
  EXPECT_EQ(resolve_text(with).file_sha256.size(), 2u);
  EXPECT_EQ(resolve_text(with, {"workload.weights=\"\""}).file_sha256.size(), 1u);
}

// --- overrides
// -------------------------------------------------------------------------------------

TEST_F(Resolve, OverridesByPath) {
  const recipe::ResolvedPlan plan =
      resolve_text(kRecipe, {"seed=7", "architecture.extra_pes=16", "stage.2.granularity=pixel",
                             "stage.2.block.2 = 9", "name=other", "stage.1.restart=true",
                             "workload.bind.\"batch size\"=3"});
  EXPECT_EQ(plan.seed, 7u);
  EXPECT_EQ(plan.name, "other");
  EXPECT_EQ(config_of<test::ArchitectureConfig>(plan.architecture).extra_pes, 16);
  EXPECT_TRUE(config_of<test::AnnealConfig>(plan.stages[0]).restart);
  const auto& sets = config_of<test::SetsConfig>(plan.stages[1]);
  EXPECT_EQ(sets.granularity, test::Granularity::pixel);
  EXPECT_EQ(sets.block, (std::vector<std::int64_t>{2, 9}));
  EXPECT_EQ(config_of<test::WorkloadConfig>(plan.workload).bind.at(0).name, "batch size");
}

TEST_F(Resolve, OverridesByComponentId) {
  const recipe::ResolvedPlan plan = resolve_text(
      kRecipe,
      {"imbrex.overlap.clsa-cim.granularity=pixel", "imbrex.architecture.tiled-cim.rows=64"});
  EXPECT_EQ(config_of<test::SetsConfig>(plan.stages[1]).granularity, test::Granularity::pixel);
  EXPECT_EQ(config_of<test::ArchitectureConfig>(plan.architecture).rows, 64);
}

TEST_F(Resolve, LetsTheLastOverrideWin) {
  EXPECT_EQ(resolve_text(kRecipe, {"seed=1", "seed=2"}).seed, 2u);
}

TEST_F(Resolve, SwapsAComponentWhateverTheOrderOfOverrides) {
  const recipe::ResolvedPlan plan = resolve_text(
      kRecipe, {"stage.1.solver=min-sum", "stage.1.use=imbrex.partition.weight-duplication"});
  EXPECT_EQ(plan.stages[0].id(), "imbrex.partition.weight-duplication");
  EXPECT_EQ(config_of<test::DuplicationConfig>(plan.stages[0]).solver, test::Solver::min_sum);
}

TEST_F(Resolve, DropsTheParametersOfAReplacedComponent) {
  const recipe::ResolvedPlan plan = resolve_text(kRecipe, {"stage.1.use=imbrex.overlap.clsa-cim"});
  EXPECT_EQ(plan.stages[0].id(), "imbrex.overlap.clsa-cim");  // which has no 'temperature'
}

TEST_F(Resolve, TakesBareWordsAsStrings) {
  const auto note = [&](const std::string& value) {
    const recipe::ResolvedPlan plan = resolve_text(kRecipe, {"stage.1.note=" + value});
    return config_of<test::AnnealConfig>(plan.stages[0]).note;
  };
  EXPECT_EQ(note("two words "), "two words");
  EXPECT_EQ(note("a#b=c"), "a#b=c");
  EXPECT_EQ(note("\"5\""), "5");
  EXPECT_EQ(note("a/b.onnx"), "a/b.onnx");
}

TEST_F(Resolve, TakesAnOverriddenPathRelativeToTheWorkingDirectory) {
  const test::TemporaryFolder elsewhere;
  elsewhere.write("mine.toml", "x");
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(elsewhere.path());
  const recipe::ResolvedPlan plan = resolve_text(kRecipe, {"workload.file=mine.toml"});
  std::filesystem::current_path(before);
  EXPECT_EQ(config_of<test::WorkloadConfig>(plan.workload).file.value,
            (elsewhere.path() / "mine.toml").string());
}

// --- baseline, plugins
// -----------------------------------------------------------------------------

TEST_F(Resolve, LaysTheBaselineOnTheMainComponents) {
  const recipe::ResolvedPlan plan =
      resolve_text(std::string(kRecipe) +
                   "[baseline]\narchitecture = { extra_pes = 0 }\n"
                   "stages = [{ use = \"imbrex.overlap.layer-by-layer\" }]\n");
  ASSERT_TRUE(plan.baseline.has_value());
  const auto& architecture = config_of<test::ArchitectureConfig>(plan.baseline->architecture);
  EXPECT_EQ(architecture.extra_pes, 0);
  EXPECT_EQ(config_of<test::ArchitectureConfig>(plan.architecture).extra_pes, 32);
  EXPECT_EQ(plan.baseline->cost.id(), "imbrex.cost.crossbar");
}

TEST_F(Resolve, ReadsPluginPathsAndPinsWithoutComponents) {
  std::filesystem::create_directory(folder_.path() / "plugins");
  const std::string digest = "sha256:" + std::string(64, 'a');
  const recipe::RecipePlugins plugins = recipe::recipe_plugins(
      recipe::ParsedRecipe::of_file(folder_.write(
          "p.toml",
          "[plugins]\npaths = [\"plugins\"]\n[plugins.pin]\n\"acme.x\" = \"" + digest + "\"\n")),
      {});
  EXPECT_EQ(plugins.paths, (std::vector<std::filesystem::path>{folder_.path() / "plugins"}));
  EXPECT_EQ(plugins.pins, (std::map<std::string, std::string>{{"acme.x", digest}}));
}

}  // namespace
}  // namespace imbrex
