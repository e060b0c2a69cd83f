// What a design that writes weights while it runs costs beyond its jobs (specification compass
// section 7), and the energy of data between operators, for metrics and objectives.
#pragma once

#include "run/bound_machine.hpp"

#include <imbrex/values/design.hpp>

#include <vector>

namespace imbrex::run {

// Weights are written during the run: several segments, or one whose overhead is not free.
bool replaces_weights(const Design& design, const BoundMachine& machine);

// Sum over segments; all zero when nothing is replaced.
SegmentOverhead total_overhead(const Design& design, const BoundMachine& machine);

// Every output goes once, whole, to each mapped operator of its segment that reads it. What crosses
// segments goes through external memory and is part of the overhead.
double link_energy_pj(const Design& design, const BoundMachine& machine);

}  // namespace imbrex::run
