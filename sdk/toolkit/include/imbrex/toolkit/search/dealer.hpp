// The jobs of one operator dealt to its servers again, those whose input is there first before the
// others (specification fast-overlapim, section 4).
#pragma once

#include <imbrex/toolkit/analysis/forward_pass.hpp>
#include <imbrex/values/mapping.hpp>

namespace imbrex::search {

// `pass`: the operator's jobs in the mapping's order, with their arrivals. Step by step as many
// jobs as there are servers (or output tiles, whole) in the order of their arrival; as many of a
// step as possible stay at home. Moves and merges of partial sums are charged. O(jobs log jobs).
// Errors: those of `move_ps` and `merge_ps`.
DealtOrder deal_earliest_first(const Workload& workload, const Mapping& mapping,
                               const analysis::OperatorPass& pass, const DealingCosts& costs);

}  // namespace imbrex::search
