// The simulator against the slowest possible twin: dependencies by flooding the network element by
// element, start times by a longest-path recursion (specification clsa-cim section 11.1, O1 and
// O2).
#include "scenario.hpp"
#include "token_flood.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace imbrex::property {
namespace {

// Only when no window skips input are traced boxes exact; otherwise starts may be later, never
// earlier.
void expect_agrees_with_flood(const Scenario& scenario, const Analysis& simulated) {
  const WorkGraph graph = scenario.work_graph();
  const FloodResult flooded = flood(scenario.graph, graph, *scenario.cost);
  const Schedule schedule = longest_path(flooded, graph);
  const bool exact = scenario.graph.strides_within_kernels();
  std::size_t timed = 0;
  for (std::size_t job = 0; job < flooded.jobs.size(); ++job) {
    if (flooded.jobs[job].box.empty()) {
      continue;
    }
    ASSERT_LT(timed, simulated.jobs.size());
    const TimedJob& other = simulated.jobs[timed++];
    ASSERT_EQ(other.id, flooded.jobs[job].op);
    ASSERT_EQ(other.server, flooded.jobs[job].server);
    ASSERT_EQ(other.step, flooded.jobs[job].step);
    ASSERT_EQ(other.end_ps - other.start_ps, flooded.jobs[job].duration_ps);
    if (exact) {
      ASSERT_EQ(other.start_ps, schedule.start_ps[job]) << "job " << job;
    } else {
      ASSERT_GE(other.start_ps, schedule.start_ps[job]) << "job " << job;
    }
  }
  ASSERT_EQ(timed, simulated.jobs.size());
  if (exact) {
    ASSERT_EQ(simulated.result.makespan_ps, schedule.makespan_ps);
  } else {
    ASSERT_GE(simulated.result.makespan_ps, schedule.makespan_ps);
  }
}

void compare(std::uint64_t first, std::uint64_t last, const ScenarioOptions& options) {
  for (std::uint64_t number = first; number < last; ++number) {
    const Scenario scenario = make_scenario(number, options);
    SCOPED_TRACE(scenario.description());
    ASSERT_NO_FATAL_FAILURE(expect_agrees_with_flood(scenario, scenario.simulate()));
  }
}

TEST(Flood, EveryStartTimeIsTheSimulators) {
  compare(0, 1500, {});
}

TEST(Flood, HoldsWithMovementAndTransferDelays) {
  ScenarioOptions options;
  options.delays = true;
  compare(20000, 20500, options);
}

TEST(Flood, HoldsForSearchedLoopNestsInAndOutOfLockStep) {
  ScenarioOptions options;
  options.random_mappings = true;
  options.delays = true;
  compare(30000, 30500, options);
}

// Half of the layers recur along their rows, with channels on servers of their own.
TEST(Flood, HoldsForChainsOfJobs) {
  ScenarioOptions options;
  options.chains = true;
  compare(35000, 35500, options);
  options.random_mappings = true;
  options.delays = true;
  compare(36000, 36500, options);
}

// Dependencies of every job: the flooded ones are contained in the traced ones, and are all of them
// when no window skips input.
TEST(Flood, TracedDependenciesAreTheFloodedOnes) {
  std::size_t exact_graphs = 0;
  for (std::uint64_t number = 40000; number < 40600; ++number) {
    const Scenario scenario = make_scenario(number, {});
    SCOPED_TRACE(scenario.description());
    const WorkGraph graph = scenario.work_graph();
    const FloodResult flooded = flood(scenario.graph, graph, *scenario.cost);
    const bool exact = scenario.graph.strides_within_kernels();
    exact_graphs += exact ? 1 : 0;
    WorkGraph::Scratch scratch;
    for (const FloodJob& job : flooded.jobs) {
      std::vector<Source> sources;
      graph.trace(job.op, job.box, scratch, sources);
      for (std::size_t writer = 0; writer < flooded.jobs.size(); ++writer) {
        const FloodJob& other = flooded.jobs[writer];
        const Region output = scenario.workload->output_region(other.op, other.box);
        const bool traced = std::any_of(sources.begin(), sources.end(), [&](const Source& source) {
          return source.producer == other.op && !source.region.intersect(output).empty();
        });
        const bool needed = job.needs.count(writer) > 0;
        ASSERT_TRUE(traced || !needed) << "missing dependency on job " << writer;
        ASSERT_TRUE(needed || !traced || !exact) << "superfluous dependency on job " << writer;
      }
    }
  }
  EXPECT_GT(exact_graphs, 100u);  // equality was tested, not only containment
}

}  // namespace
}  // namespace imbrex::property
