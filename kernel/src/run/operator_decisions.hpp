// What was decided about the operators of a finished design, in the words in which it can be given
// back (<imbrex/values/decision_text.hpp>).
#pragma once

#include "run/bound_machine.hpp"

#include <imbrex/values/result.hpp>

#include <span>

namespace imbrex::run {

// Fills in loops, outer, job_extents, account, placement, chosen, dealt_anew and is_part, and
// counts idle steps of a nest in mac_utilisation. Operators without a mapping have the cost model's
// nest for jobs of the given shape, the analyzer's. `network`: the recipe's workload, of which the
// design's may be a split. O(operators), two calls of the cost model each.
void add_decisions(std::span<OperatorResult> operators, const Design& design,
                   const BoundMachine& machine, const JobShape& shape, const Workload& network);

}  // namespace imbrex::run
