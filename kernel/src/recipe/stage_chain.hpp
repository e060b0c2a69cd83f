// Does a chain of stages fit together? Each component says what it needs of the design and
// hardware, and what it leaves (plugin.hpp, Trait).
#pragma once

#include "recipe/component_lookup.hpp"
#include "recipe/recipe_value.hpp"

#include <vector>

namespace imbrex::recipe {

struct ChainLink {
  const Component* component = nullptr;
  std::string where;                   // "stage 2 (imbrex.overlap.clsa-cim)"
  const RecipeValue* table = nullptr;  // where complaints point
  std::string path;                    // "stage.2", as overrides reach it
};

struct Chain {
  const Component* workload = nullptr;
  ChainLink architecture;
  ChainLink cost;
  std::vector<ChainLink> stages;  // at least one
};

// Complexity: O(stages * traits), and the available components once per complaint.
void check_chain(const Chain& chain, const ComponentLookup& lookup, Diagnostics& diagnostics);

// "an overlap analyzer"
std::string with_article(Kind kind);

}  // namespace imbrex::recipe
