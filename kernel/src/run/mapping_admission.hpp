// The questions that decide about one mapping of one operator. Pure. [any thread]
#pragma once

#include <imbrex/interfaces/cost_model.hpp>

#include <string>

namespace imbrex::run {

// Can the mapping be dealt to the placement's copies? Requires a legal mapping.
bool has_grid(const Operator& op, const Placement& placement, const Mapping& mapping) noexcept;

// No server of the mapping has to wait for another one's recurrence: no spatial loop over the
// dimension, and its temporal loop is the outermost of the outer ones.
bool follows_chain(const Mapping& mapping, Dim chain) noexcept;

// Does the mapping keep what the recipe demands of mappings (`constraints` of the cost model),
// whether or not it is in the space? Canonical mappings may lie outside in other respects.
bool obeys_constraints(const MapSpaceSpec& space, const Mapping& mapping) noexcept;

// Equal to what the cost model does for jobs of some shape, which is read off the mapping's own
// jobs. A few calls of `canonical_mapping`.
bool is_canonical(const CostModel& cost, const Operator& what, OperatorId op,
                  const Placement& placement, const Mapping& mapping);

// The cost model's verdict.
bool accepts(const CostModel& cost, OperatorId op, const Placement& placement,
             const Mapping& mapping);

// What is wrong with jobs dealt anew; empty: nothing. O(jobs).
std::string dealing_problem(const CostModel& cost, const Operator& what, OperatorId op,
                            const Placement& placement, const Mapping& mapping,
                            const DealtOrder& dealt);

}  // namespace imbrex::run
