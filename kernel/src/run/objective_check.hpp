// Can what the recipe asks to make small be judged at all? Asked before the first stage runs, by
// runs and by `imbrex check` alike.
#pragma once

#include "run/objective.hpp"

namespace imbrex::run {

// Errors: InputError when the objective needs energies and the cost model gives none with the
// parameters at hand (`CostModel::models_energy`); names the cost model and the parameters that
// state energies.
void require_judgeable(std::string_view objective, const BoundMachine& machine,
                       const recipe::PlannedComponent& architecture,
                       const recipe::PlannedComponent& cost);

}  // namespace imbrex::run
