// What a component is examined in: no component does anything alone. Found by what components
// declare (traits), as a recipe's author would, or taken from a recipe.
#pragma once

#include "plugin/host_services.hpp"
#include "plugin/registry.hpp"
#include "recipe/plan.hpp"
#include "run/bound_machine.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace imbrex::conform {

struct Setting {
  recipe::PlannedComponent subject;  // that is examined; also the one of its kind below
  // Of readers neither; of architectures no cost model.
  recipe::PlannedComponent architecture;
  recipe::PlannedComponent cost;
  // Partitioners and searches that leave what the subject needs of a design.
  std::vector<recipe::PlannedComponent> before;
  recipe::PlannedComponent judge;  // an overlap analyzer

  std::string text() const;  // "on acme.architecture.x with acme.cost.y"
};

// At least one, the first one the best: components of the subject's own library come first, then
// those of libraries that were named beside it, then the others by id. With a recipe the one that
// it states. Errors: Skipped when nothing fits, or when the subject has parameters without a
// default; InputError of the recipe.
std::vector<Setting> settings_for(const plugin::Registry& registry, const Component& subject,
                                  const std::optional<std::filesystem::path>& recipe);

// Does the recipe use the component? Errors: InputError of the recipe.
bool uses(const plugin::Registry& registry, const Component& subject,
          const std::filesystem::path& recipe);

// The machine of a setting for a network. Errors: as the components; InputError and InfeasibleError
// mean that the network is nothing for this machine.
std::shared_ptr<const run::BoundMachine> machine_of(const Setting& setting,
                                                    std::shared_ptr<const Workload> workload,
                                                    plugin::HostServices& services);

// A component as it is made by default.
recipe::PlannedComponent planned(const Component& component);

}  // namespace imbrex::conform
