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

// Of searches that take candidates from fronts.
inline constexpr std::array<FactSpec, 4> kFrontFacts = {{
    {"front_layers", "layer", "Layers with a choice of mappings, where candidates are a front"},
    {"front_proved", "layer", "Those whose front of time and energy is proved"},
    {"front_mappings", "mapping", "On the fronts of time and energy of all layers"},
    {"front_open", "", "Why the fronts of other layers are not proved"},
}};

template <std::size_t A, std::size_t B>
consteval std::array<FactSpec, A + B> joined(const std::array<FactSpec, A>& first,
                                             const std::array<FactSpec, B>& second) {
  std::array<FactSpec, A + B> all;
  std::copy(first.begin(), first.end(), all.begin());
  std::copy(second.begin(), second.end(), all.begin() + A);
  return all;
}

template <std::size_t Count>
consteval std::array<FactSpec, Count + kSearchFacts.size()> with_search_facts(
    const FactSpec (&own)[Count]) {
  return joined(kSearchFacts, std::to_array(own));
}

// The same for searches with `candidates_from`.
template <std::size_t Count>
consteval auto with_candidate_facts(const FactSpec (&own)[Count]) {
  return joined(with_search_facts(own), kFrontFacts);
}

}  // namespace imbrex::search
