// Named variants that a recipe keeps beside itself: [profile.NAME].
#pragma once

#include "recipe/load_recipe.hpp"
#include "recipe/merge.hpp"

#include <vector>

namespace imbrex::recipe {

// Takes `profile` out of the root of one file. Complains about what is no profile.
std::vector<Profile> take_profiles(RecipeValue& root, Diagnostics& diagnostics);

// Lays the profiles that `names` name on the recipe, each line a layer of its own. Complains about
// names that the recipe does not have. Returns the first layer that is free.
std::uint32_t lay_profiles(LoadedRecipe& recipe, const Document& names, std::uint32_t lines,
                           Diagnostics& diagnostics);

}  // namespace imbrex::recipe
