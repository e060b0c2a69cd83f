#include "recipe/profiles.hpp"

#include "recipe/recipe_head.hpp"
#include "recipe/recipe_keys.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace imbrex::recipe {
namespace {

void check_profile(const RecipeValue& profile, Diagnostics& diagnostics) {
  if (profile.kind != NodeKind::table) {
    complain(diagnostics, profile,
             fmt::format("[profile.{}] expects a table of what it changes, found {}", profile.key,
                         to_string(profile.kind)));
    return;
  }
  refuse_unknown_keys(profile, kProfileKeys, fmt::format("[profile.{}]", profile.key), diagnostics);
}

std::vector<std::string_view> names_of(const std::vector<Profile>& profiles) {
  std::vector<std::string_view> names;
  for (const Profile& profile : profiles) {
    if (std::find(names.begin(), names.end(), profile.name) == names.end()) {
      names.push_back(profile.name);
    }
  }
  return names;
}

std::string unknown_profile(std::string_view name, const std::vector<Profile>& profiles) {
  const std::vector<std::string_view> names = names_of(profiles);
  if (names.empty()) {
    return fmt::format("the recipe has no profile '{}', nor any other", name);
  }
  const std::string hint = did_you_mean(name, names);
  return fmt::format("the recipe has no profile '{}'{}", name,
                     hint.empty() ? fmt::format("; it has {}", fmt::join(names, ", ")) : hint);
}

}  // namespace

std::vector<Profile> take_profiles(RecipeValue& root, Diagnostics& diagnostics) {
  std::vector<Profile> profiles;
  const RecipeValue* const tables = find_table(root, "profile", diagnostics);
  if (tables != nullptr) {
    for (const RecipeValue& table : tables->children) {
      check_profile(table, diagnostics);
      profiles.push_back({table.key, table});
    }
  }
  std::erase_if(root.children, [](const RecipeValue& child) { return child.key == "profile"; });
  return profiles;
}

std::uint32_t lay_profiles(LoadedRecipe& recipe, const Document& names, std::uint32_t lines,
                           Diagnostics& diagnostics) {
  std::uint32_t layer = recipe.file_layers;
  for (std::uint32_t line = 1; line <= lines; ++line, ++layer) {
    bool found = false;
    for (const Profile& profile : recipe.profiles) {
      if (profile.name == names.line(line)) {
        Merge(recipe.root, layer, true, recipe.notes).lay_on_root(profile.content);
        found = true;
      }
    }
    if (!found) {
      diagnostics.error(names, {line, 1}, unknown_profile(names.line(line), recipe.profiles));
    }
  }
  return layer;
}

}  // namespace imbrex::recipe
