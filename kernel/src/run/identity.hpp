// An internal check on every run with a baseline: S = (Ut / Ut_base) * F / F_base (specification
// clsa-cim section 7). It ties the makespans, which come from the schedule, to the busy times of
// all jobs, so an analysis that loses, repeats or stretches work cannot publish a speed-up.
#pragma once

#include "run/chain.hpp"

#include <imbrex/values/result.hpp>

namespace imbrex::run {

// The identity presumes that both runs do the same work: the same operators are mapped, one copy
// owns the same number of units, time is proportional to positions computed, and nobody searched
// mappings (which may compute a position more than once).
bool same_work(const BoundMachine& machine, const Design& design, const BoundMachine& base_machine,
               const Design& base_design, const JobShape& shape, const JobShape& base_shape);

// Errors: Error{failed} with both values when they differ by more than 1e-9 (relative).
void check_speedup_identity(const Metrics& metrics, const Metrics& baseline, double speedup);

}  // namespace imbrex::run
