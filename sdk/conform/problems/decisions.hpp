// Decisions that stages other than searches leave in a design, drawn at random: jobs dealt anew,
// floor plans. For tests that every analyzer sees them.
#pragma once

#include <imbrex/plugin/host.hpp>
#include <imbrex/values/floor_plan.hpp>
#include <imbrex/values/work_graph.hpp>

#include <set>
#include <utility>

namespace imbrex::problems {

using DataPair = std::pair<OperatorId, OperatorId>;

// Mapped operators of the graph, and who of them reads what the other makes, through movement.
std::set<DataPair> data_pairs(const WorkGraph& graph);

// Every element works for some stage, every stage has one. Requires: rows * columns >= stages.
SpatialLayout random_layout(std::int32_t stages, std::int32_t rows, std::int32_t columns,
                            Random& random);
// Of any size that has room.
SpatialLayout random_layout(std::int32_t stages, Random& random);

// Hand-overs between most of the pairs, on a layout that has a stage per mapped operator of the
// graph.
FloorPlan random_plan(const WorkGraph& graph, const std::set<DataPair>& pairs, SpatialLayout layout,
                      Random& random);

// Jobs of about half the operators that may be dealt anew, on any server in any order, moved and
// merged for up to `most_ps`. Returns how many operators.
std::size_t deal_at_random(Design& design, const Machine& machine, const AnalysisRequest& request,
                           std::int64_t most_ps, Random& random);

}  // namespace imbrex::problems
