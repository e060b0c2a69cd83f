// Every folder here holds a recipe.toml with mistakes and, in expected.txt, the whole text it must
// give. overrides.txt, where there is one, holds one --set per line; a line that begins with
// "--unset " or "--profile " is one of those.
#include "fake_components.hpp"
#include "folder_names.hpp"
#include "recipe/plan.hpp"
#include "test_name.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = test::golden_folder("errors");

std::string content_of(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

recipe::Edits edits_of(const fs::path& path) {
  using Kind = recipe::Edit::Kind;
  const std::pair<std::string_view, Kind> words[] = {{"--unset ", Kind::unset},
                                                     {"--profile ", Kind::profile}};
  recipe::Edits edits;
  std::ifstream stream(path);
  for (std::string line; std::getline(stream, line);) {
    edits.emplace_back(line);
    for (const auto& [word, kind] : words) {
      if (line.starts_with(word)) {
        edits.back() = {kind, line.substr(word.size())};
      }
    }
  }
  return edits;
}

class RecipeError : public testing::TestWithParam<std::string> {
 protected:
  // Recipes are named as a user in their folder would name them.
  void SetUp() override { fs::current_path(kFolder / GetParam()); }
  void TearDown() override { fs::current_path(kFolder); }
};

TEST_P(RecipeError, HasExactlyTheExpectedText) {
  try {
    recipe::resolve({"recipe.toml", edits_of("overrides.txt")}, test::FakeLookup());
    FAIL() << "the recipe is accepted";
  } catch (const InputError& error) {
    EXPECT_EQ(std::string(error.what()) + "\n", content_of("expected.txt"));
  }
}

INSTANTIATE_TEST_SUITE_P(Golden, RecipeError, testing::ValuesIn(test::golden_cases("errors")),
                         [](const auto& one) { return test::as_test_name(one.param); });

}  // namespace
}  // namespace imbrex
