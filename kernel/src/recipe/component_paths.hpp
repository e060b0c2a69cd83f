// A path of an override goes through the recipe's tables (stage.1.granularity, counted from 1), or
// starts with the id of a component that the recipe uses once.
#pragma once

#include "recipe/override_reader.hpp"
#include "recipe/recipe_value.hpp"

#include <optional>
#include <string>
#include <vector>

namespace imbrex::recipe {

// The first `parts` of a path, with dots between them.
std::string dotted(const OverridePath& path, std::size_t parts);

// The same place as a path through tables alone. Nothing after a complaint: the path starts with
// nothing that a recipe has, or with an id that is used several times.
std::optional<OverridePath> path_through_tables(const OverridePath& path, RecipeValue& root,
                                                const Document& document, std::uint32_t line,
                                                Diagnostics& diagnostics);

}  // namespace imbrex::recipe
