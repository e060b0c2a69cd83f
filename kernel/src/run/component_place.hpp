#pragma once

#include "recipe/plan.hpp"

#include <string>
#include <string_view>

namespace imbrex::run {

// A component as messages and checks know it: where it stands in the recipe, and what it declares.
struct ComponentPlace {
  std::string where;                     // "stage 2 (imbrex.search.anneal)"
  const Component* component = nullptr;  // null outside of a recipe: its facts are not checked
};

inline ComponentPlace place_of(const recipe::PlannedComponent& planned) {
  return {planned.where, &planned.config.component()};
}

// Errors: BlamedError of the component when it declares no fact of this name.
void require_declared(const ComponentPlace& place, std::string_view fact);

}  // namespace imbrex::run
