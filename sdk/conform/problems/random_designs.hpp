// Designs on a real machine, drawn at random: copies, segments, loop nests of its map spaces. Each
// function decides one thing and leaves the rest; what the machine refuses is not drawn.
#pragma once

#include <imbrex/interfaces/cost_model.hpp>
#include <imbrex/plugin/host.hpp>
#include <imbrex/values/design.hpp>
#include <imbrex/values/work_graph.hpp>

#include <vector>

namespace imbrex::problems {

// Operators that the machine's cost model maps, in workload order.
std::vector<OperatorId> mapped_operators(const Machine& machine);

// One to three copies of every mapped operator, dealt in any way. A recurrence keeps one.
void copy_some(Design& design, const Machine& machine, Random& random);

// Mapped operators in workload order, each in the segment of the one before or in the next.
void cut_into_segments(Design& design, const Machine& machine, Random& random);

// For two thirds of the operators a loop nest that the cost model takes, if a few draws find one.
void map_some(Design& design, const Machine& machine, Random& random);

// One plan per segment on all elements of the machine's array. Requires: an array with links and as
// many elements as a segment has operators. Errors: as WorkGraph.
void plan_floors(Design& design, const Machine& machine, const AnalysisRequest& request,
                 Random& random);

// Whether every operator has a legal loop nest: the cost model may know none for some layer of so
// small a machine, and then there is nothing to analyse.
bool has_graph(const Design& design, const Machine& machine, const AnalysisRequest& request);

// Any granularity, up to two samples at a time.
AnalysisRequest random_request(Random& random);

}  // namespace imbrex::problems
