// What every search that uses a SearchRun states, to be declared beside its own facts:
//
//   constexpr auto kFacts = search::with_search_facts({{"steps", "step", "Steps taken"}});
//   ... component<...>(...).states(kFacts)
#pragma once

#include <imbrex/plugin/descriptor.hpp>

#include <algorithm>
#include <array>

namespace imbrex::search {

inline constexpr std::array<FactSpec, 4> kSearchFacts = {{
    {"initial_objective", "",
     "What the design was worth that the search started from, in the unit of the recipe's "
     "objective; absent when it lies outside the map space or is not feasible"},
    {"best_objective", "", "What the best design is worth, in the unit of the recipe's objective"},
    {"convergence", "", "Every improvement as evaluations:objective, in the order they were found"},
    {"nothing_to_search", "", "Said when the cost model offers no operator a choice of mappings"},
}};

template <std::size_t Count>
consteval std::array<FactSpec, Count + kSearchFacts.size()> with_search_facts(
    const FactSpec (&own)[Count]) {
  std::array<FactSpec, Count + kSearchFacts.size()> all;
  std::copy(kSearchFacts.begin(), kSearchFacts.end(), all.begin());
  std::copy(std::begin(own), std::end(own), all.begin() + kSearchFacts.size());
  return all;
}

}  // namespace imbrex::search
