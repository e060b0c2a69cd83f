// The words for what components need and leave: the one table that checks, lists and JSON use.
#pragma once

#include <imbrex/plugin/descriptor.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace imbrex::plugin {

struct TraitWords {
  Trait trait;
  std::string_view article;  // "a " or "an ", or empty
  std::string_view name;
  // A property of architecture or cost model: no stage could add it.
  bool of_hardware;
};

inline constexpr std::array<TraitWords, 13> kTraitWords = {{
    {Trait::crossbars, "", "crossbars", true},
    {Trait::bit_serial_banks, "", "bit-serial banks", true},
    {Trait::mac_array, "an ", "array of MACs", true},
    {Trait::weight_stationary, "", "stationary weights", true},
    {Trait::weight_replacement, "", "weight replacement", true},
    {Trait::copies, "", "copies", true},
    {Trait::map_space, "a ", "map space", true},
    {Trait::energy, "", "energies", true},
    {Trait::links, "", "links", true},
    {Trait::placements, "", "placements", false},
    {Trait::mappings, "", "mappings", false},
    {Trait::timeline, "a ", "timeline", false},
    {Trait::sequential, "a ", "sequential timeline", false},
}};

constexpr Trait hardware_traits() noexcept {
  Trait traits = Trait::none;
  for (const TraitWords& words : kTraitWords) {
    traits = words.of_hardware ? traits | words.trait : traits;
  }
  return traits;
}

// Those of the first set that the second one lacks.
constexpr Trait missing_traits(Trait wanted, Trait given) noexcept {
  return static_cast<Trait>(static_cast<std::uint32_t>(wanted) &
                            ~static_cast<std::uint32_t>(given));
}

constexpr Trait only(Trait traits, Trait of) noexcept {
  return static_cast<Trait>(static_cast<std::uint32_t>(traits) & static_cast<std::uint32_t>(of));
}

// Of a component: what no stage could add.
constexpr Trait hardware_needs(const Component& component) noexcept {
  return only(component.requires_traits, hardware_traits());
}

// Whether an architecture has all that a cost model needs of it.
constexpr bool runs_on(const Component& cost, const Component& architecture) noexcept {
  return has(architecture.provides_traits, hardware_needs(cost));
}

// What every search states that may find nothing to search, the toolkit's with_search_facts() too.
inline constexpr std::string_view kNothingToSearch = "nothing_to_search";

// A search for mappings where the hardware offers no choice of them: it runs and changes nothing.
// One that is told the nests (imbrex.search.given) searches nowhere, and changes what it is told.
inline bool is_idle_search(const Component& stage, Trait hardware) noexcept {
  const bool searches =
      std::any_of(stage.facts.begin(), stage.facts.end(),
                  [](const FactSpec& fact) { return fact.name == kNothingToSearch; });
  return stage.kind == Kind::search_strategy && searches && !has(hardware, Trait::map_space);
}

// "crossbars, copies"; empty: none.
inline std::string trait_names(Trait traits) {
  std::string names;
  for (const TraitWords& words : kTraitWords) {
    if (has(traits, words.trait)) {
      names += (names.empty() ? "" : ", ") + std::string(words.name);
    }
  }
  return names;
}

// The same for lists: "-" when there are none.
inline std::string trait_list(Trait traits) {
  const std::string names = trait_names(traits);
  return names.empty() ? "-" : names;
}

}  // namespace imbrex::plugin
