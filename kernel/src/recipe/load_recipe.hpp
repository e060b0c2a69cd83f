// From a path and overrides to one merged tree: reads the recipe, follows `extends`, applies
// `--set`. Knows no component.
#pragma once

#include "recipe/recipe_value.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace imbrex::recipe {

struct LoadedRecipe {
  std::vector<std::unique_ptr<const Document>> documents;  // [0]: the recipe itself
  RecipeValue root;
  std::filesystem::path path;
};

// Errors: InputError (unreadable or malformed file, cycle of `extends`, override of something the
// recipe does not have).
LoadedRecipe load_recipe(const std::filesystem::path& path,
                         const std::vector<std::string>& overrides);

// Lays one override after the other on the recipe; all wrong ones are reported together.
void apply_overrides(LoadedRecipe& recipe, const std::vector<std::string>& overrides);

// The name under which diagnostics quote overrides.
inline constexpr std::string_view kOverridesName = "--set";

// A path as written in `value`, made absolute: relative to the folder of the file that holds it, or
// to the working directory when it comes from the command line.
std::filesystem::path absolute_path(const RecipeValue& value, std::string_view text);

}  // namespace imbrex::recipe
