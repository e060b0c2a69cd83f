// Servers that do equal jobs in lock-step, of which one look at a step tells: against a look at
// every job.
#include "run/even_steps.hpp"

#include "fakes/timeline_sink.hpp"
#include "run/critical_path.hpp"
#include "run/job_bounds.hpp"
#include "run/live_data.hpp"
#include "run/operator_audit.hpp"
#include "scenario.hpp"
#include "thrown.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/analysis/forward_pass.hpp>
#include <imbrex/toolkit/analysis/order_completions.hpp>

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

#include <gtest/gtest.h>

namespace imbrex::property {
namespace {

constexpr std::uint64_t kFirst = 75000;
constexpr std::uint64_t kLast = 75400;

Scenario even_scenario(std::uint64_t number) {
  ScenarioOptions options;
  options.even_banks = true;
  options.delays = number % 2 == 0;
  return make_scenario(number, options);
}

// The slow twin.
class EveryServer final : public analysis::OrderCompletions {
 public:
  using analysis::OrderCompletions::OrderCompletions;
  bool asks_one_server() const noexcept override { return false; }
};

template <class Completions>
std::int64_t pass(const WorkGraph& graph, test::Detail& detail) {
  Completions completions(graph, {});
  analysis::ForwardPass forward(graph, completions);
  const std::int64_t makespan_ps = forward.run(&detail);
  EXPECT_EQ(forward.jobs(), static_cast<std::int64_t>(detail.jobs.size()));
  return makespan_ps;
}

Timeline timeline_of(const std::vector<TimedJob>& jobs) {
  Timeline timeline;
  for (const TimedJob& job : jobs) {
    timeline.jobs.add(job);
  }
  return timeline;
}

TEST(EvenSteps, RunWhenALookAtEveryJobSaysSo) {
  std::size_t on_several = 0;
  for (std::uint64_t number = kFirst; number < kLast; ++number) {
    const Scenario scenario = even_scenario(number);
    SCOPED_TRACE(scenario.description());
    const WorkGraph graph = scenario.work_graph();
    test::Detail fast;
    test::Detail slow;
    ASSERT_EQ(pass<analysis::OrderCompletions>(graph, fast), pass<EveryServer>(graph, slow));
    ASSERT_EQ(fast.jobs, slow.jobs);
    on_several += graph.mapped().size() > 1 && graph.order(graph.mapped()[1]).server_count() > 1;
  }
  EXPECT_GT(on_several, 100u);
}

// The same jobs, but those of the first servers as runs of one job each: they look uneven, so that
// nobody takes one server for all.
Timeline that_looks_uneven(const Timeline& timeline) {
  Timeline uneven;
  for (const JobRun& run : timeline.jobs.runs()) {
    for (std::int64_t i = 0; run.first.server == 0 && i < run.count; ++i) {
      uneven.jobs.add(JobRun{run[i]});
    }
    if (run.first.server > 0) {
      uneven.jobs.add(run);
    }
  }
  return uneven;
}

std::ptrdiff_t operators_that_run_evenly(const WorkGraph& graph, const Timeline& timeline) {
  return std::count_if(graph.mapped().begin(), graph.mapped().end(), [&](OperatorId op) {
    return run::runs_evenly(graph, op, JobRuns(timeline.jobs.runs_of(op)));
  });
}

auto fields(const EdgeTraffic& edge) {
  return std::tuple(edge.producer, edge.consumer, edge.total_bytes, edge.peak_live_bytes);
}
auto fields(const CriticalStep& step) {
  return std::tuple(step.op, step.cause, step.start_ps, step.end_ps, step.jobs, step.waited_for,
                    step.ties);
}

template <class Item>
void expect_same(const std::vector<Item>& fast, const std::vector<Item>& slow) {
  ASSERT_EQ(fast.size(), slow.size());
  for (std::size_t i = 0; i < fast.size(); ++i) {
    ASSERT_EQ(fields(fast[i]), fields(slow[i])) << "item " << i;
  }
}

TEST(EvenSteps, LeaveTheDataAndThePathThatALookAtEveryJobFinds) {
  std::ptrdiff_t different = 0;
  for (std::uint64_t number = kFirst; number < kLast; ++number) {
    const Scenario scenario = even_scenario(number);
    SCOPED_TRACE(scenario.description());
    const WorkGraph graph = scenario.work_graph();
    test::Detail detail;
    pass<analysis::OrderCompletions>(graph, detail);
    const Timeline even = timeline_of(detail.jobs);
    const Timeline uneven = that_looks_uneven(even);
    different += operators_that_run_evenly(graph, even) - operators_that_run_evenly(graph, uneven);
    expect_same(run::live_data(graph, even), run::live_data(graph, uneven));
    expect_same(run::critical_path(graph, even), run::critical_path(graph, uneven));
  }
  EXPECT_GT(different, 300);
}

// One trace of every server's job.
std::vector<Source> read_in_step(const WorkGraph& graph, const TimedJob& job) {
  WorkGraph::Scratch scratch;
  std::vector<Source> sources;
  const WorkOrder& order = graph.order(job.id);
  for (std::int64_t server = 0; server < order.server_count(); ++server) {
    graph.trace(job.id, order.job(job.step, server).box, scratch, sources);
  }
  return sources;
}

bool writes(const WorkGraph& graph, const TimedJob& job, const Source& source) {
  const DimBox box = graph.order(job.id).job(job.step, job.server).box;
  return job.id == source.producer &&
         !graph.workload().output_region(job.id, box).intersect(source.region).empty();
}

// The first of the jobs that release what a step reads last, and the operators of all of them.
struct Releases {
  std::int64_t latest_ps = -1;
  std::uint32_t first = 0;
  std::set<OperatorId> operators;
};

Releases releases(const WorkGraph& graph, const std::vector<TimedJob>& jobs, const TimedJob& job) {
  Releases found;
  for (const Source& source : read_in_step(graph, job)) {
    for (std::uint32_t i = 0; i < jobs.size(); ++i) {
      const std::int64_t there_ps = jobs[i].end_ps + source.delay_ps;
      if (!writes(graph, jobs[i], source) || there_ps < found.latest_ps) {
        continue;
      }
      if (there_ps > found.latest_ps) {
        found = {there_ps, i, {}};
      }
      found.first = std::min(found.first, i);
      found.operators.insert(jobs[i].id);
    }
  }
  return found;
}

TEST(EvenSteps, WaitForTheFirstJobAndTheOperatorsThatALookAtEveryJobFinds) {
  std::size_t waited = 0;
  for (std::uint64_t number = kFirst; number < kLast; ++number) {
    const Scenario scenario = even_scenario(number);
    SCOPED_TRACE(scenario.description());
    const WorkGraph graph = scenario.work_graph();
    test::Detail detail;
    pass<analysis::OrderCompletions>(graph, detail);
    if (detail.jobs.size() > 500) {
      continue;
    }
    const Timeline timeline = timeline_of(detail.jobs);
    run::BoundFinder finder(graph, timeline);
    for (std::uint32_t i = 0; i < detail.jobs.size(); ++i) {
      if (detail.jobs[i].waited_for != Wait::source) {
        continue;
      }
      ++waited;
      const Releases expected = releases(graph, detail.jobs, detail.jobs[i]);
      const run::JobBounds bounds = finder.of_start(i);
      ASSERT_EQ(expected.latest_ps, detail.jobs[i].start_ps);
      ASSERT_EQ(bounds.jobs.front(), expected.first);
      std::set<OperatorId> operators;
      for (const std::uint32_t job : bounds.jobs) {
        operators.insert(detail.jobs[job].id);
      }
      ASSERT_EQ(operators, expected.operators);
    }
  }
  EXPECT_GT(waited, 1000u);
}

// Who is blamed first, by server, then step.
std::optional<std::string> first_too_early(const WorkGraph& graph,
                                           const std::vector<TimedJob>& jobs, OperatorId op) {
  WorkGraph::Scratch scratch;
  for (const TimedJob& job : jobs) {
    std::vector<Source> sources;
    if (job.id == op) {
      graph.trace(op, graph.order(op).job(job.step, job.server).box, scratch, sources);
    }
    for (const Source& source : sources) {
      for (const TimedJob& other : jobs) {
        if (writes(graph, other, source) && other.end_ps + source.delay_ps > job.start_ps) {
          return "job " + std::to_string(job.step) + " on server " + std::to_string(job.server) +
                 " of operator '" + graph.workload().at(op).name + "' starts at ";
        }
      }
    }
  }
  return std::nullopt;
}

// Makes all jobs of an operator earlier, as far as time goes.
std::vector<TimedJob> moved(std::vector<TimedJob> jobs, OperatorId op, std::int64_t by_ps) {
  for (const TimedJob& job : jobs) {
    by_ps = job.id == op ? std::min(by_ps, job.start_ps) : by_ps;
  }
  for (TimedJob& job : jobs) {
    job.start_ps -= job.id == op ? by_ps : 0;
    job.end_ps -= job.id == op ? by_ps : 0;
  }
  return jobs;
}

TEST(EvenSteps, AreBlamedForTheJobThatALookAtEveryJobFinds) {
  std::size_t late = 0;
  std::size_t early = 0;
  for (std::uint64_t number = kFirst; number < kLast; ++number) {
    const Scenario scenario = even_scenario(number);
    SCOPED_TRACE(scenario.description());
    const WorkGraph graph = scenario.work_graph();
    test::Detail detail;
    pass<analysis::OrderCompletions>(graph, detail);
    const OperatorId last = graph.mapped().back();
    if (detail.jobs.size() > 500) {
      continue;
    }
    for (const std::int64_t by_ps : {0, 1, 7}) {
      const std::vector<TimedJob> spoilt = moved(detail.jobs, last, by_ps);
      const Timeline timeline = timeline_of(spoilt);
      const auto expected = first_too_early(graph, spoilt, last);
      const std::string blamed = test::thrown<BlamedError>([&] {
        run::OperatorAudit audit("here", graph, 0);
        for (const OperatorId op : graph.mapped()) {
          audit.check(op, timeline.jobs.runs_of(op), true);
        }
      });
      ASSERT_EQ(expected.has_value(), !blamed.empty()) << blamed;
      ASSERT_NE(blamed.find(expected.value_or("")), std::string::npos) << blamed;
      (expected ? early : late) += 1;
    }
  }
  EXPECT_GT(early, 100u);
  EXPECT_GT(late, 300u);
}

}  // namespace
}  // namespace imbrex::property
