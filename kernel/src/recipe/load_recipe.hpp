// From files to one merged tree: reads the recipe, follows `extends`, sets the profiles aside.
// Knows no component.
#pragma once

#include "recipe/edit.hpp"
#include "recipe/notes.hpp"
#include "recipe/recipe_value.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex::recipe {

// [profile.NAME] of one file.
struct Profile {
  std::string name;
  RecipeValue content;  // a table
};

// Copies share the documents and are independent otherwise.
struct LoadedRecipe {
  std::vector<std::shared_ptr<const Document>> documents;  // [0]: the recipe itself
  RecipeValue root;
  std::vector<Profile> profiles;  // those of a base before those of what extends it
  std::filesystem::path path;
  // Layers (merge.hpp) that files make: all values of the recipe itself have the last of them, and
  // what edits state comes after.
  std::uint32_t file_layers = 0;
  Notes notes;
};

// Errors: InputError (unreadable or malformed file, cycle of `extends`, malformed profile).
LoadedRecipe load_recipe(const std::filesystem::path& path);
// Of a text that need not be in the file `path`, but speaks as if it were: its paths are relative
// to the folder of that.
LoadedRecipe load_recipe_text(std::string_view text, const std::filesystem::path& path);

// Lays profiles on the recipe, in order, then overrides; all wrong ones are reported together.
// Errors: InputError (a profile or a place that the recipe does not have, malformed override).
void apply_edits(LoadedRecipe& recipe, const Edits& edits);

// The names under which diagnostics quote edits.
inline constexpr std::string_view kOverridesName = "--set";
inline constexpr std::string_view kUnsetName = "--unset";
inline constexpr std::string_view kProfileName = "--profile";

// A path as written in `value`, made absolute: relative to the folder of the file that holds it, or
// to the working directory when it comes from the command line.
std::filesystem::path absolute_path(const RecipeValue& value, std::string_view text);

}  // namespace imbrex::recipe
