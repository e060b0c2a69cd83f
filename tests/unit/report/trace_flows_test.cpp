// Arrows and counters of traces, against slow twins that look at all jobs.
#include "counters.hpp"
#include "flows.hpp"
#include "trace_model.hpp"
#include "trace_reading.hpp"

#include <gtest/gtest.h>

namespace imbrex::trace {
namespace {

// What `flow_ends` says, by looking at every pair of jobs.
struct Arrow {
  std::size_t from = 0;
  std::size_t to = 0;
  bool operator==(const Arrow&) const = default;
};

std::vector<Arrow> slow_edges(const Result& result) {
  std::vector<Arrow> arrows;
  for (const EdgeTraffic& edge : result.edges) {
    const std::size_t none = result.jobs.size();
    std::size_t to = none;
    std::size_t from = none;
    for (std::size_t i = 0; i < none; ++i) {
      if (result.jobs[i].id == edge.consumer &&
          (to == none || result.jobs[i].start_ps < result.jobs[to].start_ps)) {
        to = i;
      }
    }
    for (std::size_t i = 0; to != none && i < none; ++i) {
      const TimedJob job = result.jobs[i];
      if (job.id == edge.producer && job.end_ps <= result.jobs[to].start_ps &&
          (from == none || job.end_ps > result.jobs[from].end_ps)) {
        from = i;
      }
    }
    if (from != none && result.jobs[from].start_ps < result.jobs[to].start_ps &&
        result.jobs[from].start_ps < result.jobs[from].end_ps &&
        result.jobs[to].start_ps < result.jobs[to].end_ps) {
      arrows.push_back({from, to});
    }
  }
  return arrows;
}

std::vector<Arrow> fast_edges(const Result& result) {
  std::map<std::int64_t, Arrow> arrows;
  for (const FlowEnd& end : flow_ends(result)) {
    (end.leaves ? arrows[end.id].from : arrows[end.id].to) = end.job;
  }
  std::vector<Arrow> out;
  for (const auto& [id, arrow] : arrows) {
    out.push_back(arrow);
  }
  return out;
}

TEST(Trace, ArrowsOfEdgesAreThoseThatLookingAtAllJobsFinds) {
  std::mt19937 random(11);
  std::size_t arrows = 0;
  for (int round = 0; round < 500; ++round) {
    Result result = random_result(random, round % 2 == 0);
    const std::vector<Arrow> slow = slow_edges(result);
    ASSERT_EQ(fast_edges(result), slow);
    arrows += slow.size();
  }
  EXPECT_GT(arrows, 200U);
}

TEST(Trace, ArrowsJoinSlicesThatAreThereAndNeverLeadBack) {
  std::mt19937 random(13);
  for (int round = 0; round < 100; ++round) {
    Reading trace(trace_json(random_result(random, true), {}));
    std::map<std::int64_t, Json> leaving;
    for (const Json& event : trace.events("s")) {
      ASSERT_TRUE(leaving.emplace(event["id"], event).second);
      ASSERT_TRUE(trace.begins({event["pid"], event["tid"]}, event["ts"]));
    }
    ASSERT_EQ(trace.events("f").size(), leaving.size());
    for (const Json& event : trace.events("f")) {
      ASSERT_TRUE(trace.begins({event["pid"], event["tid"]}, event["ts"]));
      ASSERT_LT(leaving.at(event["id"])["ts"], event["ts"]);
      ASSERT_EQ(event["bp"], "e");
    }
  }
}

TEST(Trace, CountersAreMeansOverIntervals) {
  std::mt19937 random(17);
  for (int round = 0; round < 200; ++round) {
    const Result result = random_result(random, round % 2 == 0);
    std::int64_t end_ps = 1;
    for (const OperatorResult& op : result.operators) {
      end_ps = std::max(end_ps, op.times.end_ps);
    }
    const std::int64_t count = 1 + round % 9;
    const auto intervals = busy_intervals(result, end_ps, count);
    ASSERT_LE(static_cast<std::int64_t>(intervals.size()), count);
    for (std::size_t i = 0; i < intervals.size(); ++i) {
      const std::int64_t from = intervals[i].start_ps;
      const std::int64_t to = i + 1 < intervals.size() ? intervals[i + 1].start_ps : end_ps;
      std::int64_t busy_ps = 0;
      for (const TimedJob job : result.jobs) {
        busy_ps +=
            std::max<std::int64_t>(0, std::min(to, job.end_ps) - std::max(from, job.start_ps));
      }
      const double mean = static_cast<double>(busy_ps) / static_cast<double>(to - from);
      ASSERT_NEAR(intervals[i].servers, mean, 1e-9);
      ASSERT_NEAR(intervals[i].units, mean * 2, 1e-9) << "six units, three servers";
    }
  }
}

}  // namespace
}  // namespace imbrex::trace
