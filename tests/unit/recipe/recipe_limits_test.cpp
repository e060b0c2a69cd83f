// Recipes of a size that nobody writes: refused, or read in time that grows with their size.
#include "fake_components.hpp"
#include "recipe/merge.hpp"
#include "recipe/plan.hpp"
#include "small_recipe.hpp"
#include "temporary_folder.hpp"

#include <string>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::kSmallRecipe;

std::string error_of(const test::TemporaryFolder& folder, std::string_view text) {
  folder.write("network.toml", "content");
  try {
    recipe::resolve({folder.write("recipe.toml", text), {}}, test::FakeLookup());
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(RecipeLimits, FollowsAThousandBasesAndNoMore) {
  const test::TemporaryFolder folder;
  for (const int bases : {1000, 1001}) {
    for (int i = 0; i < bases; ++i) {
      folder.write("base-" + std::to_string(i) + ".toml",
                   i == 0 ? std::string(kSmallRecipe)
                          : "extends = \"base-" + std::to_string(i - 1) + ".toml\"\n");
    }
    const std::string text = "extends = \"base-" + std::to_string(bases - 1) + ".toml\"\n";
    const std::string message = error_of(folder, text);
    EXPECT_EQ(message == "no error", bases == 1000) << message;
    EXPECT_TRUE(bases == 1000 ||
                message.find("base-1.toml:1:11: error: more than 1000 recipes that extend one "
                             "another") != std::string::npos)
        << message;
  }
}

TEST(RecipeLimits, RefusesMoreStagesThanAnybodyWrites) {
  const test::TemporaryFolder folder;
  std::string text(kSmallRecipe);
  for (int i = 0; i < 1000; ++i) {
    text += "[[stage]]\nuse = \"imbrex.overlap.clsa-cim\"\n";
  }
  EXPECT_NE(error_of(folder, text).find("'stage' expects at most 1000 tables, found 1001"),
            std::string::npos);
}

// Slow twin of what finds the known keys of a table that grows: one look at each of them.
TEST(RecipeLimits, MergesLargeTablesKeyByKey) {
  const auto table = [](int first, int last, const std::string& value) {
    std::string text;
    for (int i = first; i < last; ++i) {
      text += "k" + std::to_string(i) + " = \"" + value + "\"\n";
    }
    return text;
  };
  const Document below = Document::parse_text(table(0, 300, "below"), "below.toml");
  const Document above = Document::parse_text(table(200, 500, "above"), "above.toml");
  recipe::RecipeValue merged = recipe::recipe_value_of(below, below.root());
  recipe::Notes notes;
  recipe::Merge(merged, 1, false, notes).lay_on_root(recipe::recipe_value_of(above, above.root()));
  ASSERT_EQ(merged.children.size(), 500u);
  for (std::size_t i = 0; i < 500; ++i) {
    EXPECT_EQ(merged.children[i].key, "k" + std::to_string(i));
    EXPECT_EQ(merged.children[i].text, i < 200 ? "below" : "above");
  }
}

}  // namespace
}  // namespace imbrex
