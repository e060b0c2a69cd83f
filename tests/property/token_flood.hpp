// The slow, obvious answer to "which job needs which?" (specification clsa-cim section 11.1, O2):
// every element of every tensor carries the names of the jobs it was made from; the exact
// definition of each operator pushes them forward element by element. Uses nothing of the backward
// maps or the traces.
#pragma once

#include "fakes/cost_model.hpp"
#include "problems.hpp"

#include <imbrex/values/design.hpp>
#include <imbrex/values/work_graph.hpp>

#include <cstdint>
#include <map>
#include <vector>

namespace imbrex::property {

struct FloodJob {
  OperatorId op = OperatorId::none;
  std::int64_t server = 0;
  std::int64_t step = 0;
  DimBox box;  // empty: no work
  std::int64_t duration_ps = 0;
  std::map<std::size_t, std::int64_t> needs;  // job -> largest delay on any way from it
};

struct FloodResult {
  std::vector<FloodJob> jobs;                        // by operator, server, step
  std::map<std::size_t, std::int64_t> output_needs;  // what the network outputs wait for
};

FloodResult flood(const GraphSpec& spec, const WorkGraph& graph, const test::FakeCostModel& cost);

// Start of every job, and the makespan, by a plain longest-path recursion over the flooded
// dependencies (specification clsa-cim section 6.4).
struct Schedule {
  std::vector<std::int64_t> start_ps;
  std::int64_t makespan_ps = 0;
};
Schedule longest_path(const FloodResult& flooded, const WorkGraph& graph);

}  // namespace imbrex::property
