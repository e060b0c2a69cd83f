// File: stage_chain.cpp
#include "recipe/stage_chain.hpp"

#include "plugin/kinds.hpp"

#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace imbrex {
namespace {

struct TraitName {
  Trait trait;
  std::string_view name;
};
constexpr std::array kTraitNames = {
    TraitName{Trait::crossbars, "crossbars"},
    TraitName{Trait::placements, "placements"},
    TraitName{Trait::mappings, "mappings"},
    TraitName{Trait::timeline, "a timeline"},
    TraitName{Trait::weight_stationary, "stationary weights"},
    TraitName{Trait::copies, "copies"},
    TraitName{Trait::weight_replacement, "weight replacement"},
};
// Properties of the hardware and of what its cost model knows; no stage could add them.
constexpr Trait kHardwareTraits =
    Trait::crossbars | Trait::weight_stationary | Trait::copies | Trait::weight_replacement;
// A message that names every component of a large installation helps nobody.
constexpr std::size_t kMaxProposals = 3;

constexpr bool is_hardware(Kind kind) noexcept {
  return kind == Kind::architecture_model || kind == Kind::cost_model;
}

// "; try imbrex.search.random", or empty.
std::string proposals(Trait trait, const ComponentLookup& lookup) {
  std::vector<std::string_view> ids;
  for (const Component* component : lookup.components()) {
    const bool fits = is_hardware(component->kind) == has(kHardwareTraits, trait);
    if (fits && has(component->provides_traits, trait) && ids.size() < kMaxProposals) {
      ids.push_back(component->id);
    }
  }
  return ids.empty() ? std::string() : fmt::format("; try {}", fmt::join(ids, ", "));
}

std::string problem_of(Trait trait, const Chain& chain) {
  if (has(kHardwareTraits, trait)) {
    return fmt::format("which neither {} nor {} provides", chain.architecture.component->id,
                       chain.cost.component->id);
  }
  return fmt::format("but no earlier stage provides {}", trait == Trait::timeline ? "it" : "them");
}

void check_link(const ChainLink& link, Trait provided, const Chain& chain,
                const ComponentLookup& lookup, Diagnostics& diagnostics) {
  for (const TraitName& entry : kTraitNames) {
    if (has(link.component->requires_traits, entry.trait) && !has(provided, entry.trait)) {
      complain(diagnostics, *link.table,
               fmt::format("{} needs {}, {}{}", link.where, entry.name,
                           problem_of(entry.trait, chain), proposals(entry.trait, lookup)));
    }
  }
}

}  // namespace

std::string with_article(Kind kind) {
  const std::string_view name = words_of(kind).interface_name;
  const bool vowel = std::string_view("aeiou").find(name.front()) != std::string_view::npos;
  return fmt::format("{} {}", vowel ? "an" : "a", name);
}

void check_chain(const Chain& chain, const ComponentLookup& lookup, Diagnostics& diagnostics) {
  Trait provided = chain.workload->provides_traits | chain.architecture.component->provides_traits |
                   chain.cost.component->provides_traits;
  check_link(chain.cost, provided, chain, lookup, diagnostics);
  for (const ChainLink& stage : chain.stages) {
    check_link(stage, provided, chain, lookup, diagnostics);
    provided = provided | stage.component->provides_traits;
  }
  const ChainLink& last = chain.stages.back();
  if (last.component->kind != Kind::overlap_analyzer) {
    complain(diagnostics, *last.table,
             fmt::format("the last stage says when everything happens, so it must be an overlap "
                         "analyzer; {} is {}",
                         last.where, with_article(last.component->kind)));
  }
}

}  // namespace imbrex
