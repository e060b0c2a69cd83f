// File: stage_chain.cpp
#include "recipe/stage_chain.hpp"

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
};
// Made by the architecture; no stage could add them.
constexpr Trait kHardwareTraits = Trait::crossbars;
// A message that names every component of a large installation helps nobody.
constexpr std::size_t kMaxProposals = 3;

constexpr bool is_stage(Kind kind) noexcept {
  return kind == Kind::partitioner || kind == Kind::search_strategy ||
         kind == Kind::overlap_analyzer;
}

// "; imbrex.search.random provides them", or empty.
std::string proposals(Trait trait, const ComponentLookup& lookup) {
  std::vector<std::string_view> ids;
  for (const Component* component : lookup.components()) {
    const bool useful = has(kHardwareTraits, trait) ? component->kind == Kind::architecture_model
                                                    : is_stage(component->kind);
    if (useful && has(component->provides_traits, trait) && ids.size() < kMaxProposals) {
      ids.push_back(component->id);
    }
  }
  return ids.empty() ? std::string() : fmt::format("; try {}", fmt::join(ids, ", "));
}

void check_link(const ChainLink& link, Trait provided, const Component& architecture,
                const ComponentLookup& lookup, Diagnostics& diagnostics) {
  for (const TraitName& entry : kTraitNames) {
    if (!has(link.component->requires_traits, entry.trait) || has(provided, entry.trait)) {
      continue;
    }
    const std::string problem = has(kHardwareTraits, entry.trait)
                                    ? fmt::format("which {} does not have", architecture.id)
                                    : fmt::format("but no earlier stage provides {}",
                                                  entry.trait == Trait::timeline ? "one" : "them");
    complain(diagnostics, *link.table,
             fmt::format("{} needs {}, {}{}", link.where, entry.name, problem,
                         proposals(entry.trait, lookup)));
  }
}

}  // namespace

std::string_view with_article(Kind kind) noexcept {
  switch (kind) {
    case Kind::workload_reader:
      return "a workload reader";
    case Kind::architecture_model:
      return "an architecture model";
    case Kind::cost_model:
      return "a cost model";
    case Kind::partitioner:
      return "a partitioner";
    case Kind::search_strategy:
      return "a search strategy";
    case Kind::overlap_analyzer:
      return "an overlap analyzer";
    case Kind::reporter:
      return "a reporter";
  }
  return "an unknown kind of component";
}

void check_chain(const Chain& chain, const ComponentLookup& lookup, Diagnostics& diagnostics) {
  const Component& architecture = *chain.architecture.component;
  Trait provided = chain.workload->provides_traits | architecture.provides_traits;
  check_link(chain.cost, provided, architecture, lookup, diagnostics);
  provided = provided | chain.cost.component->provides_traits;
  for (const ChainLink& stage : chain.stages) {
    check_link(stage, provided, architecture, lookup, diagnostics);
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
