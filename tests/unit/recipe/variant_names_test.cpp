// What a varied recipe is called, which edits are in vain, and many variants of one recipe.
#include "variant_kit.hpp"

#include <random>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace imbrex {
namespace {

using recipe::Edits;
using recipe::Variant;
using test::kVariedRecipe;
using test::profile;
using test::unset;

using RecipeEdits = test::RecipeVariant;

// --- names
// -----------------------------------------------------------------------------------------

TEST_F(RecipeEdits, IsNotCalledAfterAnotherWorkload) {
  const std::string other = (folder_.path() / "other.toml").string();
  EXPECT_EQ(plan(kVariedRecipe).name, "first");
  EXPECT_EQ(plan(kVariedRecipe, Edits{"workload.file=" + other}).name, "other-first");
  EXPECT_EQ(plan(kVariedRecipe, {"workload.file=" + other, "name=mine"}).name, "mine");
  EXPECT_EQ(plan(kVariedRecipe, {"architecture.rows=2"}).name, "first");
  // The same file by another path is the same workload.
  const std::string same = (folder_.path() / "network.toml").string();
  EXPECT_EQ(plan(kVariedRecipe, Edits{"workload.file=" + same}).name, "first");
}

TEST_F(RecipeEdits, HasTheNameOfItsFileWhenItsBaseNamesAnotherWorkload) {
  const std::string extends = "extends = \"base.toml\"\n";
  EXPECT_EQ(plan(extends).name, "first");
  EXPECT_EQ(plan(extends + "workload.file = \"other.toml\"\n").name, "recipe");
  EXPECT_EQ(plan(extends + "name = \"second\"\nworkload.file = \"other.toml\"\n").name, "second");
}

TEST_F(RecipeEdits, CutsLongNamesAndReplacesWhatAFolderCannotHave) {
  const auto file = folder_.write(std::string(90, 'x') + " y.toml", "content").string();
  const std::string name = plan(kVariedRecipe, Edits{"workload.file=" + file}).name;
  EXPECT_EQ(name, std::string(90, 'x') + "-y-first");
  const auto long_file = folder_.write(std::string(120, 'x') + ".toml", "content").string();
  EXPECT_EQ(plan(kVariedRecipe, Edits{"workload.file=" + long_file}).name, std::string(100, 'x'));
}

// --- edits in vain
// ---------------------------------------------------------------------------------

TEST_F(RecipeEdits, WarnsOfEditsWithoutEffect) {
  EXPECT_EQ(
      vain(kVariedRecipe, {"seed=1", "architecture.rows=2", unset("baseline"), profile("fast")}),
      "");
  EXPECT_NE(vain(kVariedRecipe, {"seed=7", "seed=42"})
                .find("--set:1:1: warning: no effect: '--set "
                      "seed=42' behind it decides\n"),
            std::string::npos);
  EXPECT_NE(vain(kVariedRecipe, {"seed=1", "seed=42"})
                .find("--set:2:1: note: no effect: the plan is "
                      "the same without it\n"),
            std::string::npos)
      << vain(kVariedRecipe, {"seed=1", "seed=42"});
}

TEST_F(RecipeEdits, WarnsOfWhatIsTheDefaultAnyhow) {
  EXPECT_NE(vain(kVariedRecipe, {"architecture.clock_ghz=1"}).find("--set:1:1: note: no effect"),
            std::string::npos);
  EXPECT_NE(vain(kVariedRecipe, {unset("architecture.clock_ghz")})
                .find("--unset:1:1: warning: no effect: there is nothing to take away"),
            std::string::npos);
}

TEST_F(RecipeEdits, WarnsOfAKeyThatADroppedTableTookAway) {
  const std::string text = vain(
      kVariedRecipe, {"stage.2.rows=3", "stage.2={ use = \"imbrex.overlap.layer-by-layer\" }"});
  EXPECT_NE(text.find("--set:1:1: warning: no effect: '--set stage.2={ use = "
                      "\"imbrex.overlap.layer-by-layer\" }' behind it decides\n"),
            std::string::npos)
      << text;
}

// --- many variants of one recipe
// -------------------------------------------------------------------

TEST_F(RecipeEdits, ReadsTheRecipeOnceAndChangesNothingInIt) {
  const auto recipe = recipe::ParsedRecipe::of_text(kVariedRecipe, folder_.path() / "nowhere.toml");
  const std::string before =
      recipe::resolve_variant(recipe, {}, lookup_).plan->to_toml(folder_.path());
  for (int rows = 1; rows <= 100; ++rows) {
    const std::string setting = "architecture.rows=" + std::to_string(rows);
    const Variant one = recipe::resolve_variant(recipe, {setting, profile("fast")}, lookup_);
    ASSERT_TRUE(one.plan) << one.errors;
    // The slow twin reads the file anew.
    EXPECT_EQ(one.plan->to_toml("/"), plan(kVariedRecipe, {setting, profile("fast")}).to_toml("/"));
  }
  EXPECT_EQ(recipe::resolve_variant(recipe, {}, lookup_).plan->to_toml(folder_.path()), before);
}

// The slow twin of edits: a file that extends the recipe and says the same.
TEST_F(RecipeEdits, DoWhatAFileThatExtendsTheRecipeWouldDo) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  folder_.write("other.toml", kVariedRecipe);
  const std::string_view keys[] = {"architecture.rows",
                                   "architecture.extra_pes",
                                   "architecture.clock_ghz",
                                   "seed",
                                   "baseline.architecture.rows",
                                   "baseline.architecture.extra_pes",
                                   "baseline"};
  const auto recipe = recipe::ParsedRecipe::of_file(folder_.write("recipe.toml", kVariedRecipe));
  for (int i = 0; i < 200; ++i) {
    Edits edits;
    std::string text = "extends = \"other.toml\"\n";
    for (const std::string_view key : keys) {
      const std::string value = std::to_string(1 + random() % 9);
      const auto what = random() % 3;
      if (key == "baseline" ? what != 0 || text.find(key) != std::string::npos : what == 0) {
        continue;
      }
      const bool is_set = what == 1 && key != "baseline";
      edits.push_back(is_set ? recipe::Edit(std::string(key) + "=" + value)
                             : unset(std::string(key)));
      text += fmt::format("{} = {}\n", key, is_set ? value : "{ unset = true }");
    }
    SCOPED_TRACE(text);
    const Variant edited = recipe::resolve_variant(recipe, edits, lookup_);
    ASSERT_TRUE(edited.plan) << edited.errors;
    EXPECT_EQ(edited.plan->to_toml("/"), plan(text).to_toml("/"));
  }
}

TEST_F(RecipeEdits, HashesAFileAgainThatHasChanged) {
  const auto recipe = recipe::ParsedRecipe::of_file(folder_.write("recipe.toml", kVariedRecipe));
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
