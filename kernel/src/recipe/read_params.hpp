// Checks a table of a recipe against the parameters that a component declares.
#pragma once

#include "recipe/recipe_value.hpp"

#include <imbrex/plugin/descriptor.hpp>

#include <filesystem>
#include <string_view>
#include <vector>

namespace imbrex::recipe {

struct ParamTable {
  const RecipeValue& table;
  const Component& component;
  std::string_view path;  // by which overrides reach it, "stage.2"; empty: they cannot
};

// Stores the parameters of a table, which may hold `use` besides them, in `config`, a struct of
// its component that holds the defaults. Complains about everything wrong at once; then nothing is
// stored. Appends the absolute path of every file named to `files`.
void read_params(const ParamTable& from, void* config, Diagnostics& diagnostics,
                 std::vector<std::filesystem::path>& files);

}  // namespace imbrex::recipe
