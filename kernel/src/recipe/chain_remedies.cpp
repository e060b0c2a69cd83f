#include "recipe/chain_remedies.hpp"

#include "plugin/traits.hpp"

#include <bit>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace imbrex::recipe {
namespace {

// A message that names every component of a large installation helps nobody.
constexpr std::size_t kMaxRemedies = 3;

// How much is wrong with a chain; a remedy leaves less.
int mistakes_of(const Chain& chain) {
  const std::vector<Trait> missing = missing_of(chain);
  const bool ends =
      !chain.stages.empty() && chain.stages.back().component->kind == Kind::overlap_analyzer;
  return std::accumulate(missing.begin(), missing.end(), ends ? 0 : 1, [](int sum, Trait traits) {
    return sum + std::popcount(static_cast<std::uint32_t>(traits));
  });
}

std::string settings(const std::string& path, Kind kind, const ComponentLookup& lookup,
                     FunctionRef<bool(const Component&)> mends) {
  std::vector<std::string> found;
  for (const Component* const component : lookup.components()) {
    if (component->kind == kind && found.size() < kMaxRemedies && mends(*component)) {
      found.push_back(
          fmt::format("{}{}", found.empty() ? fmt::format("--set {}.use=", path) : std::string(),
                      component->id));
    }
  }
  return fmt::format("{}", fmt::join(found, " or "));
}

}  // namespace

std::vector<Trait> missing_of(const Chain& chain) {
  Trait provided = chain.workload->provides_traits | chain.architecture.component->provides_traits |
                   chain.cost.component->provides_traits;
  std::vector<Trait> missing = {
      plugin::missing_traits(chain.cost.component->requires_traits, provided)};
  for (const ChainLink& stage : chain.stages) {
    missing.push_back(plugin::missing_traits(stage.component->requires_traits, provided));
    provided = provided | stage.component->provides_traits;
  }
  return missing;
}

std::string cost_remedy(const Chain& chain, const ComponentLookup& lookup) {
  const std::string others = settings(
      chain.cost.path, Kind::cost_model, lookup,
      [&](const Component& cost) { return plugin::runs_on(cost, *chain.architecture.component); });
  return others.empty() ? std::string() : fmt::format("; what runs on it: {}", others);
}

std::string stage_remedy(const Chain& chain, std::size_t stage, const ComponentLookup& lookup) {
  const int before = mistakes_of(chain);
  Chain changed = chain;
  std::string text = settings(chain.stages[stage].path, chain.stages[stage].component->kind, lookup,
                              [&](const Component& other) {
                                changed.stages[stage].component = &other;
                                return missing_of(changed)[stage + 1] == Trait::none &&
                                       mistakes_of(changed) < before;
                              });
  changed = chain;
  changed.stages.erase(changed.stages.begin() + static_cast<std::ptrdiff_t>(stage));
  if (mistakes_of(changed) < before) {
    text += fmt::format("{}--unset {}", text.empty() ? "" : ", or ", chain.stages[stage].path);
  }
  return text.empty() ? text : fmt::format("; what runs here: {}", text);
}

}  // namespace imbrex::recipe
