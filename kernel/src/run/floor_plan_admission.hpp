#pragma once

#include "run/bound_machine.hpp"

#include <imbrex/values/design.hpp>

#include <optional>
#include <string>

namespace imbrex::run {

// Do the floor plans of a design describe its placements on its architecture? Each is of a segment
// that exists and of operators that work in it, covers no more than the grid, and hands over
// between its own stages. The first thing that is wrong, for a person; no value: nothing.
// O(elements + hand-overs).
std::optional<std::string> floor_plan_fault(const Design& design, const BoundMachine& machine);

}  // namespace imbrex::run
