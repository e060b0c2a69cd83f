// Tables and checks for programs.
#pragma once

#include "experiment/tables.hpp"
#include "recipe/plan.hpp"
#include "run/runner.hpp"
#include "run/simulation_check.hpp"

#include <string>
#include <utility>
#include <vector>

namespace imbrex::app {

// An object whose keys are the names; each table is a list of its rows, whose keys are the header
// and whose values are numbers where they are written as such.
std::string tables_json(const std::vector<std::pair<std::string, experiment::Table>>& tables);

// What `imbrex check` found; `simulation` may be null.
std::string check_json(const recipe::ResolvedPlan& plan, const run::SimulationCheck* simulation);

}  // namespace imbrex::app
