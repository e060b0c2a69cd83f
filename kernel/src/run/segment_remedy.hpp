// What to try with a network that does not fit a chip as a whole.
#pragma once

#include "recipe/plan.hpp"

#include <span>
#include <string>

namespace imbrex::run {

// The end of a message about a design that is infeasible: the partitioners that would cut the
// network into segments, where the hardware can write weights during a run and no stage of the plan
// makes use of it; else empty.
std::string segment_remedy(const recipe::ResolvedPlan& plan,
                           std::span<const Component* const> components);

}  // namespace imbrex::run
