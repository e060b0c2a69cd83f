// Does a design fit the chip? Weights of a segment are resident together, so the copies of all its
// operators must fit at once (specification clsa-cim section 2.4).
#pragma once

#include "run/bound_machine.hpp"

#include <imbrex/values/design.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace imbrex::run {

// Resources of the architecture's first pool that the operators of the largest segment own.
std::int64_t units_used(const Design& design, const CostModel& cost);

// The pool has enough, and the architecture model agrees. O(operators), allocates only per segment.
bool fits(const Design& design, const BoundMachine& machine);

// Why not, for a person: what is needed, what there is, the shortfall, the largest owners. No value
// when it fits. `whole` is what a design of one segment is called.
std::optional<std::string> misfit_message(const Design& design, const BoundMachine& machine,
                                          std::string_view whole = "the network");

}  // namespace imbrex::run
