// Timelines of servers that do equal jobs one step after another and all together, as the banks of
// a memory do: one look at a step tells of all its jobs.
#pragma once

#include <imbrex/values/work_graph.hpp>

#include <cstdint>
#include <vector>

namespace imbrex::run {

// Do all servers run an operator's jobs at the same times? For jobs sorted by server, then step.
bool same_on_all_servers(JobRuns jobs);

// Is `jobs` all of an operator's order of equal jobs, at the same times on all servers, which are
// numbered by the digits of the mapping's loops? The jobs of a chain are not.
bool runs_evenly(const WorkGraph& graph, OperatorId op, JobRuns jobs);

// The box that the jobs of one step fill together. Requires: servers are numbered by digits.
DimBox box_of_step(const WorkOrder& order, std::int64_t step);

// The jobs of the first server. Requires: `runs_evenly`.
JobRuns on_first_server(JobRuns jobs);

// Servers of an order whose jobs write other regions than those of the servers before them do in
// the same steps: of servers that share a reduction, the first. Ascending. Requires: servers are
// numbered by digits.
std::vector<std::int64_t> servers_that_differ_in_output(const WorkGraph& graph, OperatorId op);

}  // namespace imbrex::run
