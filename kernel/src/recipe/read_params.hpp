// Checks a table of a recipe against the parameters that a component declares.
#pragma once

#include "recipe/recipe_value.hpp"

#include <imbrex/plugin/descriptor.hpp>

#include <filesystem>
#include <vector>

namespace imbrex::recipe {

// Stores the parameters of `table`, which may hold `use` besides them, in `config`, a struct of
// `component` that holds the defaults. Complains about everything wrong at once; then nothing is
// stored. Appends the absolute path of every file named to `files`.
void read_params(const RecipeValue& table, const Component& component, void* config,
                 Diagnostics& diagnostics, std::vector<std::filesystem::path>& files);

}  // namespace imbrex::recipe
