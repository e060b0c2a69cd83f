// A recipe that moves to another architecture by one override takes its cost model along where that
// works, and changes it where it does not.
#pragma once

#include "recipe/component_lookup.hpp"
#include "recipe/load_recipe.hpp"

namespace imbrex::recipe {

// Where a later layer than the one that chose the cost model chose another architecture, on which
// that cost model does not run, the only one that does takes its place, and a note tells it. A cost
// model that asks for nothing of an architecture is made for none of them: it counts only when
// there is no other. With several the recipe stays, and is refused with their names.
void follow_architecture(LoadedRecipe& recipe, const ComponentLookup& lookup);

}  // namespace imbrex::recipe
