// One table of a recipe, or a list of them, against the components that exist.
#pragma once

#include "recipe/component_lookup.hpp"
#include "recipe/plan.hpp"
#include "recipe/recipe_value.hpp"
#include "recipe/stage_chain.hpp"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex::recipe {

// A place of the recipe that takes a component.
struct Slot {
  std::string label;        // what `where` starts with: "stage 2"
  std::string path;         // as overrides write it: "stage.2"
  std::string_view header;  // as written in the recipe: "[[stage]]"
  std::span<const Kind> kinds;

  bool takes(Kind kind) const;
  // "a partitioner, a search strategy or an overlap analyzer"
  std::string expectation() const;
};

// A component that may have been complained about (then empty), and its table.
struct ResolvedComponent {
  PlannedComponent planned;
  const RecipeValue* table = nullptr;
  std::string path;
  bool good = false;

  ChainLink link() const { return {&planned.config.component(), planned.where, table, path}; }
};

class ComponentReader {
 public:
  ComponentReader(const ComponentLookup& lookup, Diagnostics& diagnostics)
      : lookup_(lookup), diagnostics_(diagnostics) {}

  // The tables outlive what is returned.
  ResolvedComponent read(const RecipeValue& table, const Slot& slot);
  // Null: empty.
  std::vector<ResolvedComponent> read_list(const RecipeValue* list, const Slot& slot);

  // How to fill the slot: "write use = "...", the id of a cost model, e.g. imbrex.cost.crossbar".
  std::string advice(const Slot& slot) const;
  const std::vector<std::filesystem::path>& files() const noexcept { return files_; }
  bool has_missed_a_component() const noexcept { return has_missed_; }

 private:
  const Component* find_component(const RecipeValue& table, const Slot& slot);

  const ComponentLookup& lookup_;
  Diagnostics& diagnostics_;
  std::vector<std::filesystem::path> files_;  // that parameters name
  bool has_missed_ = false;
};

}  // namespace imbrex::recipe
