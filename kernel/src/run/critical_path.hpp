// File: critical_path.hpp
//
// What bounds the makespan: the chain of jobs, each of which could not have started earlier because
// of the one before it, condensed into one piece per stretch on one operator.
#pragma once

#include <imbrex/result.hpp>
#include <imbrex/work_graph.hpp>

#include <vector>

namespace imbrex {

// Walks back from the job whose end (plus its delay to a network output) is the makespan; ties go
// to the lowest operator, server, step. The predecessor of a job is, in this order of preference,
//   the previous job of its server, when that ends at the start;
//   the first source job whose end plus delay is the start;
//   the first consumer job that ends at the start (it freed buffer space);
//   the first job of another operator that ends at the start (operators that take turns);
//   otherwise whatever of the first two was ready last (analyses that are conservative).
// Preconditions: `timeline` came from an analysis of the design `graph` was made from, with jobs; a
// timeline without jobs has no path. Complexity: O(jobs log jobs) plus one trace per waiting job on
// the path. [any thread]
IMBREX_API std::vector<CriticalStep> critical_path(const WorkGraph& graph,
                                                   const Timeline& timeline);

}  // namespace imbrex
