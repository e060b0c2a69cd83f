// Which of the components with one id a component is. Random streams are derived from the seed, the
// id and this number, never from the position in the recipe: a stage that is inserted leaves the
// others' draws alone, and a baseline with the same search draws the same candidates.
#pragma once

#include "recipe/plan.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace imbrex::run {

// How many components before `position` have its id. O(position).
inline std::uint32_t occurrence(const std::vector<recipe::PlannedComponent>& components,
                                std::size_t position) {
  const auto begin = components.begin();
  const auto same_id = [id = components[position].id()](const recipe::PlannedComponent& other) {
    return other.id() == id;
  };
  return static_cast<std::uint32_t>(
      std::count_if(begin, begin + static_cast<std::ptrdiff_t>(position), same_id));
}

}  // namespace imbrex::run
