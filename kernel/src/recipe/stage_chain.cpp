#include "recipe/stage_chain.hpp"

#include "plugin/kinds.hpp"
#include "plugin/traits.hpp"
#include "recipe/chain_remedies.hpp"

#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace imbrex::recipe {
namespace {

// A message that names every component of a large installation helps nobody.
constexpr std::size_t kMaxProposals = 3;

constexpr bool is_hardware(Kind kind) noexcept {
  return kind == Kind::architecture_model || kind == Kind::cost_model;
}

// "; try imbrex.search.random", or empty.
std::string proposals(const plugin::TraitWords& wanted, const ComponentLookup& lookup) {
  std::vector<std::string_view> ids;
  for (const Component* component : lookup.components()) {
    const bool fits = is_hardware(component->kind) == wanted.of_hardware;
    if (fits && has(component->provides_traits, wanted.trait) && ids.size() < kMaxProposals) {
      ids.push_back(component->id);
    }
  }
  return ids.empty() ? std::string() : fmt::format("; try {}", fmt::join(ids, ", "));
}

std::string problem_of(const plugin::TraitWords& wanted, const Chain& chain) {
  if (wanted.of_hardware) {
    return fmt::format("which neither {} nor {} provides", chain.architecture.component->id,
                       chain.cost.component->id);
  }
  return fmt::format("but no earlier stage provides {}", wanted.article.empty() ? "them" : "it");
}

// `remedy`: what mends a link that the hardware does not suit; said once.
void check_link(const ChainLink& link, Trait missing, const Chain& chain, std::string remedy,
                const ComponentLookup& lookup, Diagnostics& diagnostics) {
  for (const plugin::TraitWords& words : plugin::kTraitWords) {
    if (has(missing, words.trait)) {
      complain(diagnostics, *link.table,
               fmt::format("{} needs {}{}, {}{}{}", link.where, words.article, words.name,
                           problem_of(words, chain), proposals(words, lookup),
                           words.of_hardware ? std::exchange(remedy, {}) : std::string()));
    }
  }
}

}  // namespace

std::string with_article(Kind kind) {
  const std::string_view name = plugin::words_of(kind).interface_name;
  const bool vowel = std::string_view("aeiou").find(name.front()) != std::string_view::npos;
  return fmt::format("{} {}", vowel ? "an" : "a", name);
}

void check_chain(const Chain& chain, const ComponentLookup& lookup, Diagnostics& diagnostics) {
  const std::vector<Trait> missing = missing_of(chain);
  if (missing.front() != Trait::none) {
    check_link(chain.cost, missing.front(), chain, cost_remedy(chain, lookup), lookup, diagnostics);
  }
  for (std::size_t i = 0; i < chain.stages.size(); ++i) {
    if (missing[i + 1] != Trait::none) {
      check_link(chain.stages[i], missing[i + 1], chain, stage_remedy(chain, i, lookup), lookup,
                 diagnostics);
    }
  }
  const ChainLink& last = chain.stages.back();
  if (last.component->kind != Kind::overlap_analyzer) {
    complain(diagnostics, *last.table,
             fmt::format("the last stage says when everything happens, so it must be an overlap "
                         "analyzer; {} is {}",
                         last.where, with_article(last.component->kind)));
  }
}

}  // namespace imbrex::recipe
