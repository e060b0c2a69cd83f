// A whole design, segment by segment, with the jobs of operators dealt anew wherever an operator
// ends earlier so, given what was decided for the operators before it.
#pragma once

#include <imbrex/interfaces/cost_model.hpp>
#include <imbrex/interfaces/overlap_analyzer.hpp>
#include <imbrex/values/design.hpp>

#include <memory>
#include <utility>
#include <vector>

namespace imbrex::search {

using DealtOperator = std::pair<OperatorId, std::shared_ptr<const DealtOrder>>;

// What dealing anew would change in one segment, in workload order; never empty.
using DealtSegment = std::vector<DealtOperator>;

// Per segment in which it would change anything. Operators with several copies, with chains of jobs
// or with jobs that are dealt anew already stay as they are. Empty where the design has no legal
// work graph. O(jobs * loops).
std::vector<DealtSegment> deal_design(const Design& design, const Machine& machine,
                                      const AnalysisRequest& request, const DealingCosts& costs);

// The design with these orders and without a timeline.
Design with_dealt(const Design& design, const DealtSegment& orders);
// The design without any dealt order and without a timeline.
Design without_dealt(const Design& design);

}  // namespace imbrex::search
