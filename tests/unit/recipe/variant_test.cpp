// Recipes that vary: keys taken away, components swapped, several bases, profiles, names that
// follow the workload, and edits in vain.
#include "fake_components.hpp"
#include "recipe/parsed_recipe.hpp"
#include "temporary_folder.hpp"

#include <string>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using recipe::Edit;
using recipe::Edits;
using recipe::Variant;

constexpr std::string_view kRecipe = R"(imbrex = 1
name = "first"
seed = 42

[workload]
use = "imbrex.workload.toml"
file = "network.toml"

[architecture]
use = "imbrex.architecture.tiled-cim"
rows = 128
extra_pes = 32

[cost]
use = "imbrex.cost.crossbar"

[[stage]]
use = "imbrex.search.anneal"
temperature = 7

[[stage]]
use = "imbrex.overlap.clsa-cim"
granularity = "pixel"

[baseline]
stages = [{ use = "imbrex.overlap.layer-by-layer" }]
architecture = { extra_pes = 0 }

[profile.small]
seed = 1
architecture = { rows = 16, extra_pes = { unset = true } }

[profile.fast]
architecture = { clock_ghz = 2 }
)";

Edit unset(std::string path) {
  return {Edit::Kind::unset, std::move(path)};
}

Edit profile(std::string name) {
  return {Edit::Kind::profile, std::move(name)};
}

const test::ArchitectureConfig& tiled(const recipe::PlannedComponent& component) {
  return *static_cast<const test::ArchitectureConfig*>(component.config.get());
}

class RecipeVariant : public testing::Test {
 protected:
  RecipeVariant() {
    folder_.write("network.toml", "content");
    folder_.write("other.toml", "content");
    folder_.write("base.toml", kRecipe);
  }

  Variant variant(std::string_view text, const Edits& edits = {}) {
    return recipe::resolve_variant(
        recipe::ParsedRecipe::of_file(folder_.write("recipe.toml", text)), edits, lookup_);
  }
  recipe::ResolvedPlan plan(std::string_view text, const Edits& edits = {}) {
    Variant one = variant(text, edits);
    EXPECT_TRUE(one.plan) << one.errors;
    return one.plan ? std::move(*one.plan) : recipe::ResolvedPlan();
  }
  std::string vain(std::string_view text, const Edits& edits) {
    const auto recipe = recipe::ParsedRecipe::of_file(folder_.write("recipe.toml", text));
    const Variant one = recipe::resolve_variant(recipe, edits, lookup_);
    EXPECT_TRUE(one.plan) << one.errors;
    return one.plan ? joined(recipe::vain_edits(recipe, edits, *one.plan, lookup_)) : one.errors;
  }
  static std::string joined(const recipe::Notes& notes) {
    std::string text;
    for (const std::string& note : notes) {
      text += note + "\n";
    }
    return text;
  }

  test::TemporaryFolder folder_;
  test::FakeLookup lookup_;
};

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
  const auto one = plan(kRecipe, {unset("architecture.rows"), unset("name"), unset("baseline")});
  EXPECT_EQ(tiled(one.architecture).rows, 256);
  EXPECT_EQ(one.name, "recipe");
  EXPECT_FALSE(one.baseline.has_value());
}

TEST_F(RecipeVariant, KeepsTheNumbersOfStagesWhileSomeAreUnset) {
  const auto one = plan(kRecipe, {unset("stage.1"), "stage.2.granularity=layer"});
  ASSERT_EQ(one.stages.size(), 1u);
  EXPECT_EQ(static_cast<const test::SetsConfig*>(one.stages[0].config.get())->granularity,
            test::Granularity::layer);
}

TEST_F(RecipeVariant, MakesNoTableToTakeSomethingFromIt) {
  const std::string bare(kRecipe.substr(0, kRecipe.find("[baseline]")));
  const auto one = plan(bare, {unset("baseline.cost.x"), unset("plugins.pin.x")});
  EXPECT_EQ(one.to_toml("/"), plan(bare).to_toml("/"));
}

TEST_F(RecipeVariant, UnsetsById) {
  const auto one = plan(kRecipe, {unset("imbrex.architecture.tiled-cim.rows")});
  EXPECT_EQ(tiled(one.architecture).rows, 256);
}

// What a baseline overlays is written elsewhere; a mark reaches that only when there is nothing of
// its own to take away.
TEST_F(RecipeVariant, UnsetsWhatABaselineOverlays) {
  const auto without = plan(kRecipe, {unset("baseline.architecture.rows")});
  EXPECT_EQ(tiled(without.architecture).rows, 128);
  EXPECT_EQ(tiled(without.baseline->architecture).rows, 256);
  const auto as_main = plan(kRecipe, {unset("baseline.architecture.extra_pes")});
  EXPECT_EQ(tiled(as_main.baseline->architecture).extra_pes, 32);
}

// --- swapped components
// ----------------------------------------------------------------------------

TEST_F(RecipeVariant, DropsParametersThatTheNewComponentHasTooAndTellsIt) {
  folder_.write("base.toml", kRecipe);
  const Variant one = variant(kRecipe, {"stage.2.use=imbrex.overlap.layer-by-layer"});
  ASSERT_TRUE(one.plan) << one.errors;
  EXPECT_NE(joined(one.notes).find(
                "--set:1:13: note: imbrex.overlap.layer-by-layer replaces imbrex.overlap.clsa-cim, "
                "so what stage.2 said for that one is dropped: granularity\n"),
            std::string::npos)
      << joined(one.notes);
}

TEST_F(RecipeVariant, MovesToAnotherArchitectureByOneOverride) {
  const Variant one = variant(kRecipe, {"architecture.use=imbrex.architecture.pe-array"});
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
  const Variant one = variant(
      kRecipe, {"cost.use=imbrex.cost.crossbar", "architecture.use=imbrex.architecture.pe-array"});
  EXPECT_NE(one.errors.find("cost (imbrex.cost.crossbar) needs crossbars"), std::string::npos)
      << one.errors;
  EXPECT_NE(one.errors.find("what runs on it: --set cost.use=acme.cost.roofline"),
            std::string::npos)
      << one.errors;
}

TEST_F(RecipeVariant, SetsParametersOfTheNewArchitectureInItsBaseline) {
  const auto there_and_back =
      plan(kRecipe, {"baseline.architecture.use=imbrex.architecture.pe-array",
                     "baseline.cost.use=acme.cost.roofline"});
  EXPECT_EQ(there_and_back.baseline->architecture.id(), "imbrex.architecture.pe-array");
  EXPECT_EQ(tiled(there_and_back.architecture).rows, 128);
}

TEST_F(RecipeVariant, SaysWhatMendsAStageThatDoesNotRunOnTheHardware) {
  const Variant one = variant(kRecipe, {"architecture.use=imbrex.architecture.pe-array",
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
  const auto small = plan(kRecipe, {"seed=9", profile("small"), profile("fast")});
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
      variant(std::string(kRecipe) +
                  "[profile.other]\narchitecture = { use = \"imbrex.architecture.pe-array\" }\n",
              {profile("other")});
  ASSERT_TRUE(one.plan) << one.errors;
  EXPECT_EQ(one.plan->cost.id(), "acme.cost.roofline");
}

// --- names
// -----------------------------------------------------------------------------------------

TEST_F(RecipeVariant, IsNotCalledAfterAnotherWorkload) {
  const std::string other = (folder_.path() / "other.toml").string();
  EXPECT_EQ(plan(kRecipe).name, "first");
  EXPECT_EQ(plan(kRecipe, Edits{"workload.file=" + other}).name, "other-first");
  EXPECT_EQ(plan(kRecipe, {"workload.file=" + other, "name=mine"}).name, "mine");
  EXPECT_EQ(plan(kRecipe, {"architecture.rows=2"}).name, "first");
  // The same file by another path is the same workload.
  const std::string same = (folder_.path() / "network.toml").string();
  EXPECT_EQ(plan(kRecipe, Edits{"workload.file=" + same}).name, "first");
}

TEST_F(RecipeVariant, HasTheNameOfItsFileWhenItsBaseNamesAnotherWorkload) {
  const std::string extends = "extends = \"base.toml\"\n";
  EXPECT_EQ(plan(extends).name, "first");
  EXPECT_EQ(plan(extends + "workload.file = \"other.toml\"\n").name, "recipe");
  EXPECT_EQ(plan(extends + "name = \"second\"\nworkload.file = \"other.toml\"\n").name, "second");
}

TEST_F(RecipeVariant, CutsLongNamesAndReplacesWhatAFolderCannotHave) {
  const auto file = folder_.write(std::string(90, 'x') + " y.toml", "content").string();
  const std::string name = plan(kRecipe, Edits{"workload.file=" + file}).name;
  EXPECT_EQ(name, std::string(90, 'x') + "-y-first");
  const auto long_file = folder_.write(std::string(120, 'x') + ".toml", "content").string();
  EXPECT_EQ(plan(kRecipe, Edits{"workload.file=" + long_file}).name, std::string(100, 'x'));
}

// --- edits in vain
// ---------------------------------------------------------------------------------

TEST_F(RecipeVariant, WarnsOfEditsWithoutEffect) {
  EXPECT_EQ(vain(kRecipe, {"seed=1", "architecture.rows=2", unset("baseline"), profile("fast")}),
            "");
  EXPECT_NE(vain(kRecipe, {"seed=7", "seed=42"})
                .find("--set:1:1: warning: no effect: '--set "
                      "seed=42' behind it decides\n"),
            std::string::npos);
  EXPECT_NE(vain(kRecipe, {"seed=1", "seed=42"})
                .find("--set:2:1: warning: no effect: the plan is "
                      "the same without it\n"),
            std::string::npos)
      << vain(kRecipe, {"seed=1", "seed=42"});
}

TEST_F(RecipeVariant, WarnsOfWhatIsTheDefaultAnyhow) {
  EXPECT_NE(vain(kRecipe, {"architecture.clock_ghz=1"}).find("--set:1:1: warning: no effect"),
            std::string::npos);
  EXPECT_NE(vain(kRecipe, {unset("architecture.clock_ghz")})
                .find("--unset:1:1: warning: no effect: there is nothing to take away"),
            std::string::npos);
}

TEST_F(RecipeVariant, WarnsOfAKeyThatADroppedTableTookAway) {
  const std::string text =
      vain(kRecipe, {"stage.2.rows=3", "stage.2={ use = \"imbrex.overlap.layer-by-layer\" }"});
  EXPECT_NE(text.find("--set:1:1: warning: no effect: '--set stage.2={ use = "
                      "\"imbrex.overlap.layer-by-layer\" }' behind it decides\n"),
            std::string::npos)
      << text;
}

// --- many variants of one recipe
// -------------------------------------------------------------------

TEST_F(RecipeVariant, ReadsTheRecipeOnceAndChangesNothingInIt) {
  const auto recipe = recipe::ParsedRecipe::of_text(kRecipe, folder_.path() / "nowhere.toml");
  const std::string before =
      recipe::resolve_variant(recipe, {}, lookup_).plan->to_toml(folder_.path());
  for (int rows = 1; rows <= 100; ++rows) {
    const std::string setting = "architecture.rows=" + std::to_string(rows);
    const Variant one = recipe::resolve_variant(recipe, {setting, profile("fast")}, lookup_);
    ASSERT_TRUE(one.plan) << one.errors;
    // The slow twin reads the file anew.
    EXPECT_EQ(one.plan->to_toml("/"), plan(kRecipe, {setting, profile("fast")}).to_toml("/"));
  }
  EXPECT_EQ(recipe::resolve_variant(recipe, {}, lookup_).plan->to_toml(folder_.path()), before);
}

TEST_F(RecipeVariant, HashesAFileAgainThatHasChanged) {
  const auto recipe = recipe::ParsedRecipe::of_file(folder_.write("recipe.toml", kRecipe));
  const auto digest = [&] {
    return recipe::resolve_variant(recipe, {}, lookup_).plan->file_sha256.begin()->second;
  };
  const std::string before = digest();
  EXPECT_EQ(digest(), before);
  folder_.write("network.toml", "something longer");
  EXPECT_NE(digest(), before);
}

}  // namespace
}  // namespace imbrex
