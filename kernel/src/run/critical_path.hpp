// What bounds the makespan: the chain of jobs, each of which could not have started earlier because
// of the one before it, condensed into one piece per stretch on one operator.
#pragma once

#include <imbrex/values/result.hpp>
#include <imbrex/values/work_graph.hpp>

#include <vector>

namespace imbrex::run {

// Walks back from the job whose end (plus its delay to a network output) is the makespan, along the
// jobs that bound each start (run/job_bounds.hpp): those that the analyzer says it waited for, or,
// where it does not say, those that are found by looking. Of several that are equally late the path
// follows one of the same operator, else the lowest operator, server, step; the operators of the
// others are the step's ties.
// Preconditions: `timeline` came from an analysis of the design `graph` was made from, with jobs; a
// timeline without jobs has no path. Complexity: O(jobs log jobs) plus one trace per waiting job on
// the path. [any thread]
std::vector<CriticalStep> critical_path(const WorkGraph& graph, const Timeline& timeline);

}  // namespace imbrex::run
