// What of many jobs imbrex.report.svg draws, against a look at every coordinate.
#include "trace_reading.hpp"
#include "visible_spans.hpp"

#include <gtest/gtest.h>

namespace imbrex::svg {
namespace {

// Every coordinate on its own: covered by a job, in a gap that is too narrow, or free.
std::vector<Span> slow_spans(std::span<const JobRun> runs) {
  std::vector<Span> out;
  std::vector<Span> jobs;
  for (const TimedJob job : JobRuns(runs)) {
    jobs.push_back({job.start_ps, job.end_ps});
  }
  for (Coordinate at = 0; at < 400; ++at) {
    const bool begins = std::any_of(jobs.begin(), jobs.end(), [at](const Span& job) {
      return job.from == at || (job.from < at && at < job.to);
    });
    if (!begins) {
      continue;
    }
    Coordinate end = at;
    for (const Span& job : jobs) {
      end = job.from <= at ? std::max(end, job.to) : end;
    }
    if (!out.empty() && at - out.back().to < kNarrowest) {
      out.back().to = std::max(out.back().to, end);
    } else {
      out.push_back({at, end});
    }
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    Coordinate most = out[i].from + kVisible;
    most = i + 1 < out.size() ? std::min(most, out[i + 1].from - kNarrowest) : most;
    out[i].to = std::max(out[i].to, most);
  }
  return out;
}

TEST(SvgSpans, SpansAreThoseThatLookingAtEveryCoordinateFinds) {
  std::mt19937 random(5);
  std::size_t spans = 0;
  for (int round = 0; round < 500; ++round) {
    const Result result = trace::random_result(random, round % 2 == 0);
    // A tick of the random times is as wide as the narrowest gap, or a little less.
    const std::int64_t tick = 100'000 / (4 + round % 2);
    const auto x = [tick](std::int64_t time_ps) { return time_ps / tick; };
    JobList scaled;
    for (const TimedJob job : result.jobs) {
      TimedJob moved = job;
      moved.server = 0;
      moved.start_ps = x(job.start_ps);
      moved.end_ps = x(job.end_ps);
      moved.id = operator_id(0);
      moved.step = 0;
      scaled.add(moved);
    }
    const auto lanes = lanes_of(scaled.runs(), kLowest, [](std::int64_t time) { return time; });
    ASSERT_EQ(lanes.size(), scaled.empty() ? 0U : 1U);
    if (!lanes.empty()) {
      ASSERT_EQ(lanes.front(), slow_spans(scaled.runs()));
      spans += lanes.front().size();
    }
  }
  EXPECT_GT(spans, 1000U);
}

TEST(SvgSpans, ServersShareLanesWhereTheyAreTooMany) {
  JobList jobs;
  for (std::int32_t server = 0; server < 6; ++server) {
    jobs.add(TimedJob{operator_id(0), server, 0, server * 100, server * 100 + 50});
  }
  const auto x = [](std::int64_t time) { return time; };
  EXPECT_EQ(lanes_of(jobs.runs(), 6 * kLowest, x).size(), 6U);
  const auto shared = lanes_of(jobs.runs(), 3 * kLowest, x);
  ASSERT_EQ(shared.size(), 3U);
  EXPECT_EQ(shared[1], (std::vector<Span>{{200, 250}, {300, 350}}));
}

}  // namespace
}  // namespace imbrex::svg
