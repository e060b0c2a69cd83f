#include "recipe/cost_follows.hpp"

#include "plugin/traits.hpp"

#include <vector>

#include <fmt/format.h>

namespace imbrex::recipe {
namespace {

RecipeValue* use_of(RecipeValue& root, std::string_view section) {
  RecipeValue* const table = root.find(section);
  return table == nullptr ? nullptr : table->find("use");
}

const Component* component_of(const RecipeValue* use, Kind kind, const ComponentLookup& lookup) {
  const bool is_id = use != nullptr && use->kind == NodeKind::string;
  const Component* const component = is_id ? lookup.find(use->text) : nullptr;
  return component != nullptr && component->kind == kind ? component : nullptr;
}

const Component* only_cost_model_on(const Component& architecture, const ComponentLookup& lookup) {
  std::vector<const Component*> made_for_it;
  std::vector<const Component*> made_for_all;
  for (const Component* const component : lookup.components()) {
    if (component->kind == Kind::cost_model && plugin::runs_on(*component, architecture)) {
      const bool asks = plugin::hardware_needs(*component) != Trait::none;
      (asks ? made_for_it : made_for_all).push_back(component);
    }
  }
  const std::vector<const Component*>& candidates =
      made_for_it.empty() ? made_for_all : made_for_it;
  return candidates.size() == 1 ? candidates.front() : nullptr;
}

// The parameters of a replaced cost model, also those that only the baseline gives it.
std::string dropped_keys(const RecipeValue& table, std::string_view path) {
  std::string keys;
  for (const RecipeValue& child : table.children) {
    if (child.key != "use") {
      keys += fmt::format(", {}.{}", path, child.key);
    }
  }
  return keys;
}

void replace_cost(RecipeValue& root, const Component& next, std::string& keys) {
  RecipeValue& cost = *root.find("cost");
  keys += dropped_keys(cost, "cost");
  RecipeValue use = *cost.find("use");
  use.text = next.id;
  cost.children = {std::move(use)};
  RecipeValue* const baseline = root.find("baseline");
  RecipeValue* const overlay = baseline == nullptr ? nullptr : baseline->find("cost");
  if (overlay != nullptr && overlay->find("use") == nullptr) {
    keys += dropped_keys(*overlay, "baseline.cost");
    overlay->children.clear();
  }
}

}  // namespace

void follow_architecture(LoadedRecipe& recipe, const ComponentLookup& lookup) {
  const RecipeValue* const architecture_use = use_of(recipe.root, "architecture");
  const RecipeValue* const cost_use = use_of(recipe.root, "cost");
  const Component* const architecture =
      component_of(architecture_use, Kind::architecture_model, lookup);
  const Component* const cost = component_of(cost_use, Kind::cost_model, lookup);
  if (architecture == nullptr || cost == nullptr || cost_use->stated >= architecture_use->changed ||
      plugin::runs_on(*cost, *architecture)) {
    return;
  }
  const Component* const next = only_cost_model_on(*architecture, lookup);
  if (next == nullptr) {
    return;
  }
  std::string keys;
  replace_cost(recipe.root, *next, keys);
  tell(recipe.notes, "note", *architecture_use->document, architecture_use->position,
       fmt::format(
           "{} does not run on {}, so {} takes its place{}{}; --set cost.use=... chooses", cost->id,
           architecture->id, next->id,
           keys.empty() ? "" : ", and these are dropped: ", keys.empty() ? "" : keys.substr(2)));
}

}  // namespace imbrex::recipe
