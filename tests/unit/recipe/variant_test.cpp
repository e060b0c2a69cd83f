// Recipes that vary: keys taken away, components swapped, several bases, profiles.
#include "variant_kit.hpp"

#include <string>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using recipe::Variant;
using test::kVariedRecipe;
using test::profile;
using test::tiled;
using test::unset;

using RecipeVariant = test::RecipeVariant;

// --- unset
// -----------------------------------------------------------------------------------------

TEST_F(RecipeVariant, TakesAKeyOfItsBaseAway) {
  const Variant one = variant("extends = \"base.toml\"\n[architecture]\nrows = { unset = true }\n");
  ASSERT_TRUE(one.plan) << one.errors;
  EXPECT_EQ(tiled(one.plan->architecture).rows, 256);
  EXPECT_EQ(tiled(one.plan->architecture).extra_pes, 32);
  EXPECT_EQ(joined(one.notes), "");
}

TEST_F(RecipeVariant, WarnsOfAMarkThatTakesNothingAway) {
  const Variant one =
      variant("extends = \"base.toml\"\n[architecture]\nclock_ghz = { unset = true }\n");
  ASSERT_TRUE(one.plan) << one.errors;
  EXPECT_NE(joined(one.notes).find(
                "recipe.toml:3:1: warning: there is no 'architecture.clock_ghz' to unset\n"),
            std::string::npos)
      << joined(one.notes);
}

TEST_F(RecipeVariant, UnsetsWholeTablesAndHasNoMarkInItsPlan) {
  const auto one = plan("extends = \"base.toml\"\nbaseline = { unset = true }\n");
  EXPECT_FALSE(one.baseline.has_value());
  for (const auto word : {"unset", "profile", "extends"}) {
    EXPECT_EQ(one.to_toml(folder_.path()).find(word), std::string::npos);
  }
}

TEST_F(RecipeVariant, UnsetsFromTheCommandLine) {
  const auto one =
      plan(kVariedRecipe, {unset("architecture.rows"), unset("name"), unset("baseline")});
  EXPECT_EQ(tiled(one.architecture).rows, 256);
  EXPECT_EQ(one.name, "recipe");
  EXPECT_FALSE(one.baseline.has_value());
}

TEST_F(RecipeVariant, KeepsTheNumbersOfStagesWhileSomeAreUnset) {
  const auto one = plan(kVariedRecipe, {unset("stage.1"), "stage.2.granularity=layer"});
  ASSERT_EQ(one.stages.size(), 1u);
  EXPECT_EQ(static_cast<const test::SetsConfig*>(one.stages[0].config.get())->granularity,
            test::Granularity::layer);
}

TEST_F(RecipeVariant, MakesNoTableToTakeSomethingFromIt) {
  const std::string bare(kVariedRecipe.substr(0, kVariedRecipe.find("[baseline]")));
  const auto one = plan(bare, {unset("baseline.cost.x"), unset("plugins.pin.x")});
  EXPECT_EQ(one.to_toml("/"), plan(bare).to_toml("/"));
}

TEST_F(RecipeVariant, UnsetsById) {
  const auto one = plan(kVariedRecipe, {unset("imbrex.architecture.tiled-cim.rows")});
  EXPECT_EQ(tiled(one.architecture).rows, 256);
}

// What a baseline overlays is written elsewhere; a mark reaches that only when there is nothing of
// its own to take away.
TEST_F(RecipeVariant, UnsetsWhatABaselineOverlays) {
  const auto without = plan(kVariedRecipe, {unset("baseline.architecture.rows")});
  EXPECT_EQ(tiled(without.architecture).rows, 128);
  EXPECT_EQ(tiled(without.baseline->architecture).rows, 256);
  const auto as_main = plan(kVariedRecipe, {unset("baseline.architecture.extra_pes")});
  EXPECT_EQ(tiled(as_main.baseline->architecture).extra_pes, 32);
}

// --- swapped components
// ----------------------------------------------------------------------------

TEST_F(RecipeVariant, DropsParametersThatTheNewComponentHasTooAndTellsIt) {
  folder_.write("base.toml", kVariedRecipe);
  const Variant one = variant(kVariedRecipe, {"stage.2.use=imbrex.overlap.layer-by-layer"});
  ASSERT_TRUE(one.plan) << one.errors;
  EXPECT_NE(joined(one.notes).find(
                "--set:1:13: note: imbrex.overlap.layer-by-layer replaces imbrex.overlap.clsa-cim, "
                "so what stage.2 said for that one is dropped: granularity\n"),
            std::string::npos)
      << joined(one.notes);
}

TEST_F(RecipeVariant, LeavesTheParametersToTheSameComponentOfAnotherVendor) {
  std::string text(kVariedRecipe);
  const std::string id = "imbrex.overlap.clsa-cim";
  text.replace(text.find(id), id.size(), "acme.overlap.clsa-cim");
  EXPECT_FALSE(variant(text).plan) << "nobody has that one";
  const Variant one = variant(text, {"stage.2.use=imbrex.overlap.clsa-cim"});
  ASSERT_TRUE(one.plan) << one.errors;
  EXPECT_EQ(joined(one.notes), "");
  EXPECT_EQ(one.plan->sha256(), plan(kVariedRecipe).sha256()) << "with granularity = pixel";
}

TEST_F(RecipeVariant, MovesToAnotherArchitectureByOneOverride) {
  const Variant one = variant(kVariedRecipe, {"architecture.use=imbrex.architecture.pe-array"});
  ASSERT_TRUE(one.plan) << one.errors;
  EXPECT_EQ(one.plan->architecture.id(), "imbrex.architecture.pe-array");
  EXPECT_EQ(one.plan->cost.id(), "acme.cost.roofline");
  EXPECT_EQ(one.plan->baseline->architecture.id(), "imbrex.architecture.pe-array");
  EXPECT_EQ(one.plan->baseline->cost.id(), "acme.cost.roofline");
  const std::string notes = joined(one.notes);
  EXPECT_NE(notes.find("what baseline.architecture said for that one is dropped: extra_pes"),
            std::string::npos);
  EXPECT_NE(notes.find("what architecture said for that one is dropped: rows, extra_pes"),
            std::string::npos);
  EXPECT_NE(notes.find("note: imbrex.cost.crossbar does not run on imbrex.architecture.pe-array, "
                       "so acme.cost.roofline takes its place"),
            std::string::npos)
      << notes;
}

TEST_F(RecipeVariant, LeavesACostModelThatIsChosenBesideTheArchitecture) {
  const Variant one = variant(kVariedRecipe, {"cost.use=imbrex.cost.crossbar",
                                              "architecture.use=imbrex.architecture.pe-array"});
  EXPECT_NE(one.errors.find("cost (imbrex.cost.crossbar) needs crossbars"), std::string::npos)
      << one.errors;
  EXPECT_NE(one.errors.find("what runs on it: --set cost.use=acme.cost.roofline"),
            std::string::npos)
      << one.errors;
}

TEST_F(RecipeVariant, SetsParametersOfTheNewArchitectureInItsBaseline) {
  const auto there_and_back =
      plan(kVariedRecipe, {"baseline.architecture.use=imbrex.architecture.pe-array",
                           "baseline.cost.use=acme.cost.roofline"});
  EXPECT_EQ(there_and_back.baseline->architecture.id(), "imbrex.architecture.pe-array");
  EXPECT_EQ(tiled(there_and_back.architecture).rows, 128);
}

TEST_F(RecipeVariant, SaysWhatMendsAStageThatDoesNotRunOnTheHardware) {
  const Variant one = variant(kVariedRecipe, {"architecture.use=imbrex.architecture.pe-array",
                                              "stage.1.use=imbrex.partition.weight-duplication"});
  EXPECT_NE(one.errors.find("stage 1 (imbrex.partition.weight-duplication) needs"),
            std::string::npos);
  EXPECT_NE(one.errors.find("what runs here: --unset stage.1"), std::string::npos) << one.errors;
}

// --- several bases
// ---------------------------------------------------------------------------------

TEST_F(RecipeVariant, LaysBasesInTheOrderOfTheirList) {
  folder_.write("a.toml", "seed = 1\narchitecture = { rows = 1 }\n");
  folder_.write("b.toml", "seed = 2\n");
  const auto one = plan("extends = [\"base.toml\", \"a.toml\", \"b.toml\"]\n");
  EXPECT_EQ(one.seed, 2u);
  EXPECT_EQ(tiled(one.architecture).rows, 1);
}

// Else the second would undo what the first changes.
TEST_F(RecipeVariant, LaysABaseThatSeveralExtendOnce) {
  folder_.write("a.toml", "extends = \"base.toml\"\nseed = 1\n");
  folder_.write("b.toml", "extends = \"base.toml\"\n[architecture]\nrows = 2\n");
  const auto one = plan("extends = [\"a.toml\", \"b.toml\"]\n");
  EXPECT_EQ(one.seed, 1u);
  EXPECT_EQ(tiled(one.architecture).rows, 2);
}

// --- profiles
// --------------------------------------------------------------------------------------

TEST_F(RecipeVariant, LaysProfilesInOrderBeforeOverrides) {
  const auto small = plan(kVariedRecipe, {"seed=9", profile("small"), profile("fast")});
  EXPECT_EQ(small.seed, 9u);
  EXPECT_EQ(tiled(small.architecture).rows, 16);
  EXPECT_EQ(tiled(small.architecture).extra_pes, 0);
  EXPECT_EQ(tiled(small.architecture).clock_ghz, 2);
}

TEST_F(RecipeVariant, LaysTheProfileOfABaseUnderThatOfTheRecipe) {
  const auto one =
      plan("extends = \"base.toml\"\n[profile.small]\narchitecture.rows = 8\n", {profile("small")});
  EXPECT_EQ(one.seed, 1u);
  EXPECT_EQ(tiled(one.architecture).rows, 8);
}

TEST_F(RecipeVariant, DropsParametersWhereAProfileSwapsAComponent) {
  const Variant one =
      variant(std::string(kVariedRecipe) +
                  "[profile.other]\narchitecture = { use = \"imbrex.architecture.pe-array\" }\n",
              {profile("other")});
  ASSERT_TRUE(one.plan) << one.errors;
  EXPECT_EQ(one.plan->cost.id(), "acme.cost.roofline");
}

}  // namespace
}  // namespace imbrex
