// Critical path and live data of random designs, against their definitions.
#include "run/critical_path.hpp"
#include "run/live_data.hpp"
#include "scenario.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include <gtest/gtest.h>

namespace imbrex::property {
namespace {

TEST(CriticalPath, IsAnUnbrokenChainFromTheStartToTheMakespan) {
  for (std::uint64_t number = 70000; number < 70600; ++number) {
    ScenarioOptions options;
    options.random_mappings = number % 2 == 0;
    const Scenario scenario = make_scenario(number, options);
    SCOPED_TRACE(scenario.description());
    const Timeline timeline = scenario.simulate().timeline();
    const std::vector<CriticalStep> path = run::critical_path(scenario.work_graph(), timeline);
    ASSERT_FALSE(path.empty());
    if (!options.random_mappings) {  // idle steps of a loop nest may come first or last
      ASSERT_EQ(path.front().start_ps, 0);
      ASSERT_EQ(path.back().end_ps, timeline.makespan_ps);
    }
    ASSERT_EQ(path.front().cause, OperatorId::none);
    for (std::size_t i = 1; i < path.size(); ++i) {
      ASSERT_EQ(path[i].cause, path[i - 1].op);
      ASSERT_EQ(path[i].start_ps, path[i - 1].end_ps);
      ASSERT_NE(path[i].op, path[i - 1].op);
    }
  }
}

TEST(CriticalPath, LeavesOnlyTheDelaysBetweenPiecesUnexplained) {
  for (std::uint64_t number = 71000; number < 71400; ++number) {
    ScenarioOptions options;
    options.delays = true;
    const Scenario scenario = make_scenario(number, options);
    SCOPED_TRACE(scenario.description());
    const WorkGraph graph = scenario.work_graph();
    const Timeline timeline = scenario.simulate().timeline();
    const std::vector<CriticalStep> path = run::critical_path(graph, timeline);
    ASSERT_EQ(path.front().start_ps, 0);
    for (std::size_t i = 1; i < path.size(); ++i) {
      ASSERT_EQ(path[i].cause, path[i - 1].op);
      const std::int64_t wait_ps = path[i].start_ps - path[i - 1].end_ps;
      // Some job of the operator that starts then sees its cause after exactly this delay.
      bool explained = false;
      for (const TimedJob job : timeline.jobs) {
        if (job.id != path[i].op || job.start_ps != path[i].start_ps) {
          continue;
        }
        WorkGraph::Scratch scratch;
        std::vector<Source> sources;
        graph.trace(job.id, graph.order(job.id).job(job.step, job.server).box, scratch, sources);
        for (const Source& source : sources) {
          explained =
              explained || (source.producer == path[i - 1].op && source.delay_ps == wait_ps);
        }
      }
      ASSERT_TRUE(explained) << "piece " << i;
    }
  }
}

// With one server per operator, space is only ever freed by a consumer or by the server's own last
// job.
TEST(CriticalPath, ExplainsWaitingForBufferSpaceByTheConsumer) {
  std::size_t waited = 0;
  ScenarioOptions options;
  options.max_copies = 1;
  for (std::uint64_t number = 72000; number < 72400; ++number) {
    const Scenario scenario = make_scenario(number, options);
    SCOPED_TRACE(scenario.description());
    const Analysis locked = scenario.simulate(1);
    if (locked.result.verdict == Verdict::feasible) {
      continue;
    }
    const std::string& note =
        locked.notes.at("deadlock");  // ends with the smallest buffer that works
    const Analysis bounded = scenario.simulate(std::stoll(note.substr(note.rfind(' ') + 1)));
    if (bounded.result.makespan_ps == scenario.simulate().result.makespan_ps) {
      continue;
    }
    ++waited;
    const std::vector<CriticalStep> path =
        run::critical_path(scenario.work_graph(), bounded.timeline());
    ASSERT_EQ(path.front().start_ps, 0);
    ASSERT_EQ(path.back().end_ps, bounded.result.makespan_ps);
    for (std::size_t i = 1; i < path.size(); ++i) {
      ASSERT_EQ(path[i - 1].end_ps, path[i].start_ps) << "piece " << i;
    }
  }
  EXPECT_GT(waited, 50u);
}

auto fields(const CriticalStep& step) {
  return std::tuple(step.op, step.cause, step.start_ps, step.end_ps, step.jobs, step.waited_for,
                    step.ties);
}

// A walk may step over jobs of a run that waited for one another; from run to run of one job each
// it meets them all.
TEST(CriticalPath, IsTheSameForRunsAndForSingleJobs) {
  std::size_t shorter = 0;
  for (std::uint64_t number = 74000; number < 74400; ++number) {
    ScenarioOptions options;
    options.random_mappings = number % 2 == 0;
    const Scenario scenario = make_scenario(number, options);
    SCOPED_TRACE(scenario.description());
    const WorkGraph graph = scenario.work_graph();
    const Analysis analysis = number % 3 == 0
                                  ? analyze("imbrex.overlap.layer-by-layer", scenario.options(),
                                            *scenario.design, scenario.architecture, *scenario.cost)
                                  : scenario.simulate();
    const Timeline runs = analysis.timeline();
    const Timeline singles = analysis.timeline(false);
    shorter += runs.jobs.runs().size() < singles.jobs.runs().size() ? 1 : 0;
    const std::vector<CriticalStep> fast = run::critical_path(graph, runs);
    const std::vector<CriticalStep> slow = run::critical_path(graph, singles);
    ASSERT_EQ(fast.size(), slow.size());
    for (std::size_t i = 0; i < fast.size(); ++i) {
      ASSERT_EQ(fields(fast[i]), fields(slow[i])) << "piece " << i;
    }
  }
  EXPECT_GT(shorter, 200u);
}

// What is read of a job's output, until when.
struct Need {
  Region box;
  std::int64_t until_ps = -1;

  void add(const Region& part, std::int64_t end_ps) {
    if (until_ps < 0) {
      box = part;
    }
    for (std::size_t axis = 0; axis < part.rank; ++axis) {
      box.axis[axis].begin = std::min(box.axis[axis].begin, part.axis[axis].begin);
      box.axis[axis].end = std::max(box.axis[axis].end, part.axis[axis].end);
    }
    until_ps = std::max(until_ps, end_ps);
  }
};
using Needs = std::map<std::size_t, Need>;  // by job

std::int64_t live_bytes(const Needs& needs, const Timeline& timeline, std::int64_t now_ps) {
  std::int64_t live = 0;
  for (const auto& [job, need] : needs) {
    const bool is_live = timeline.jobs[job].end_ps <= now_ps && now_ps < need.until_ps;
    live += is_live ? need.box.elements() : 0;
  }
  return live;
}

// By the definition, instant by instant.
std::vector<EdgeTraffic> slow_live_data(const WorkGraph& graph, const Timeline& timeline) {
  const Workload& workload = graph.workload();
  std::map<std::pair<OperatorId, OperatorId>, Needs> edges;
  WorkGraph::Scratch scratch;
  for (const TimedJob reader : timeline.jobs) {
    std::vector<Source> sources;
    graph.trace(reader.id, graph.order(reader.id).job(reader.step, reader.server).box, scratch,
                sources);
    for (const Source& source : sources) {
      for (std::size_t i = 0; i < timeline.jobs.size(); ++i) {
        const TimedJob writer = timeline.jobs[i];
        if (writer.id != source.producer) {
          continue;
        }
        const Region part = source.region.intersect(workload.output_region(
            writer.id, graph.order(writer.id).job(writer.step, writer.server).box));
        if (!part.empty()) {
          edges[{writer.id, reader.id}][i].add(part, reader.end_ps);
        }
      }
    }
  }
  std::vector<EdgeTraffic> result;
  for (const auto& [edge, needs] : edges) {
    EdgeTraffic traffic{edge.first, edge.second, 0, 0};
    for (const auto& [job, need] : needs) {
      traffic.total_bytes += need.box.elements();
    }
    for (const TimedJob moment : timeline.jobs) {
      traffic.peak_live_bytes =
          std::max(traffic.peak_live_bytes, live_bytes(needs, timeline, moment.end_ps));
    }
    result.push_back(traffic);
  }
  return result;
}

TEST(LiveData, IsWhatItsDefinitionSaysInstantByInstant) {
  for (std::uint64_t number = 73000; number < 73300; ++number) {
    ScenarioOptions options;
    options.delays = number % 2 == 0;
    const Scenario scenario = make_scenario(number, options);
    SCOPED_TRACE(scenario.description());
    const WorkGraph graph = scenario.work_graph();
    const Timeline timeline = scenario.simulate().timeline();
    if (timeline.jobs.size() > 400) {
      continue;
    }
    const std::vector<EdgeTraffic> fast = run::live_data(graph, timeline);
    const std::vector<EdgeTraffic> slow = slow_live_data(graph, timeline);
    ASSERT_EQ(fast.size(), slow.size());
    for (std::size_t i = 0; i < fast.size(); ++i) {
      ASSERT_EQ(fast[i].producer, slow[i].producer);
      ASSERT_EQ(fast[i].consumer, slow[i].consumer);
      ASSERT_EQ(fast[i].total_bytes, slow[i].total_bytes);
      ASSERT_EQ(fast[i].peak_live_bytes, slow[i].peak_live_bytes);
    }
  }
}

}  // namespace
}  // namespace imbrex::property
