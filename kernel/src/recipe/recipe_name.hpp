// What a run is called, and the folder of its results after it.
#pragma once

#include "recipe/component_reader.hpp"
#include "recipe/load_recipe.hpp"

#include <string>
#include <string_view>

namespace imbrex::recipe {

// Up to 100 letters, digits, '.', '_' or '-', not starting with '.': names become folder names.
bool is_run_name(std::string_view name) noexcept;
// The nearest such name.
std::string made_a_name(std::string name);

// The recipe's `name`, unless a later layer than the one that gives it chose another workload: then
// the name was given for something else. When that layer is a file, the recipe has the name of its
// own file; when it is a profile or an override, NETWORK-NAME, where NAME is what the recipe would
// be called without it. A recipe without a name has that of its file. `workload` may be one that
// was complained about. Complains about what is no name; a note tells of one that is not used.
std::string recipe_name(LoadedRecipe& recipe, const ResolvedComponent& workload,
                        Diagnostics& diagnostics);

}  // namespace imbrex::recipe
