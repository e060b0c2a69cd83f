#include "run/objective_check.hpp"

#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace imbrex::run {
namespace {

// "architecture.mvm_energy_pj": by their unit, whatever they are called.
void add_energies(std::string_view section, const recipe::PlannedComponent& planned,
                  std::vector<std::string>& names) {
  for (const ParamSpec& spec : planned.config.component().params) {
    if (spec.unit_name.starts_with("pJ")) {
      names.push_back(fmt::format("{}.{}", section, spec.name));
    }
  }
}

}  // namespace

void require_judgeable(std::string_view objective, const BoundMachine& machine,
                       const recipe::PlannedComponent& architecture,
                       const recipe::PlannedComponent& cost) {
  const Objective wanted = parse_objective(objective);
  if ((wanted != Objective::energy && wanted != Objective::edp) || machine.cost().models_energy()) {
    return;
  }
  std::vector<std::string> names;
  add_energies("cost", cost, names);
  add_energies("architecture", architecture, names);
  const std::string remedy =
      names.empty()
          ? fmt::format("neither it nor {} has a parameter that states one", architecture.where)
          : fmt::format("state energies with {}", fmt::join(names, ", "));
  throw InputError(
      fmt::format("objective '{}' needs energies, but {} models none with these parameters; {}, or "
                  "choose another objective",
                  objective, cost.where, remedy));
}

}  // namespace imbrex::run
