// The parts of a recipe that belong to no component.
#pragma once

#include "recipe/file_digests.hpp"
#include "recipe/load_recipe.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace imbrex::recipe {

struct RecipeHead {
  std::uint64_t seed = 0;
  std::string objective = "latency";
};
// Format version, seed, objective; also complains about keys a recipe does not have.
RecipeHead read_head(const LoadedRecipe& recipe, Diagnostics& diagnostics);

struct RecipePlugins {
  std::vector<std::filesystem::path> paths;  // absolute, existing
  std::map<std::string, std::string> pins;   // plugin id -> "sha256:HEX"
};
RecipePlugins read_plugins(const RecipeValue& root, Diagnostics& diagnostics);

// Digests of `files`, compared with those in [files] where it has them. Unreadable files have been
// complained about before and are left out.
std::map<std::string, std::string> digest_files(const RecipeValue& root,
                                                const std::vector<std::filesystem::path>& files,
                                                FileDigests& known, Diagnostics& diagnostics);

// Complains about children of `table` that are not in `known`. `what`: "the recipe", "[plugins]".
void refuse_unknown_keys(const RecipeValue& table, std::span<const std::string_view> known,
                         std::string_view what, Diagnostics& diagnostics);

// "'seed' expects an integer, found a string"
void complain_type(const RecipeValue& value, std::string_view expected, Diagnostics& diagnostics);

// The child when it is a table; complains when it is anything else; null when absent or wrong.
const RecipeValue* find_table(const RecipeValue& parent, std::string_view key,
                              Diagnostics& diagnostics);

}  // namespace imbrex::recipe
