// Rectangles of a Gantt chart against the obvious way: every job by itself, put together one by
// one.
#include "bars.hpp"

#include <algorithm>
#include <iterator>
#include <random>

#include <gtest/gtest.h>

namespace imbrex::html {
namespace {

using Random = std::mt19937_64;

std::int64_t below(Random& random, std::int64_t bound) {
  return std::uniform_int_distribution<std::int64_t>(0, bound - 1)(random);
}

// Servers of one operator, each with regular stretches and jobs of any length between them.
JobList random_jobs(Random& random) {
  JobList jobs;
  const std::int64_t servers = 1 + below(random, 5);
  for (std::int32_t server = 0; server < servers; ++server) {
    std::int64_t time = below(random, 100);
    std::int64_t step = 0;
    for (std::int64_t stretch = below(random, 6); stretch >= 0; --stretch) {
      const std::int64_t length = 1 + below(random, 30);
      const std::int64_t pause = below(random, 2) * below(random, 20);
      for (std::int64_t i = below(random, 5); i >= 0; --i) {
        jobs.add(TimedJob{OperatorId{0}, server, step++, time, time + length, Wait::nothing});
        time += length + pause;
      }
      time += below(random, 40);
    }
  }
  return jobs;
}

// One rectangle per entry, so that both ways can be compared.
std::vector<Bar> taken_apart(const std::vector<Bar>& bars) {
  std::vector<Bar> out;
  for (const Bar& bar : bars) {
    for (std::int64_t i = 0; i < bar.count; ++i) {
      Bar one = bar;
      one.step += i;
      one.start_ps += i * bar.period_ps;
      one.count = 1;
      one.period_ps = 0;
      out.push_back(one);
    }
  }
  return out;
}

std::vector<Bar> slow_bars(const JobList& jobs, const Merging& merging) {
  std::vector<Bar> all;
  for (const TimedJob& job : jobs) {
    const std::int64_t length = job.end_ps - job.start_ps;
    all.push_back({job.server / merging.servers, job.step, job.start_ps, length, 0, 1,
                   job.waited_for, 1, length});
  }
  std::stable_sort(all.begin(), all.end(), [](const Bar& a, const Bar& b) {
    return std::pair(a.lane, a.start_ps) < std::pair(b.lane, b.start_ps);
  });
  std::vector<Bar> out;
  for (const Bar& bar : all) {
    if (!out.empty() && out.back().lane == bar.lane &&
        bar.start_ps - out.back().start_ps - out.back().length_ps <= merging.gap_ps) {
      Bar& last = out.back();
      last.length_ps =
          std::max(last.start_ps + last.length_ps, bar.start_ps + bar.length_ps) - last.start_ps;
      last.jobs += 1;
      last.busy_ps += bar.length_ps;
    } else {
      out.push_back(bar);
    }
  }
  return out;
}

TEST(HtmlBars, AreAsManyRectanglesAsJobsWhenNothingIsPutTogether) {
  Random random(1);
  for (int round = 0; round < 200; ++round) {
    const JobList jobs = random_jobs(random);
    const std::vector<Bar> bars = taken_apart(bars_of(jobs.runs(), {}));
    ASSERT_EQ(bars.size(), jobs.size());
    for (std::size_t i = 0; i < bars.size(); ++i) {
      const TimedJob job = jobs[i];
      EXPECT_EQ(bars[i], (Bar{job.server, job.step, job.start_ps, job.end_ps - job.start_ps, 0, 1,
                              Wait::nothing, 1, job.end_ps - job.start_ps}));
    }
  }
}

TEST(HtmlBars, ArePutTogetherAsJobByJob) {
  Random random(2);
  int put_together = 0;
  for (int round = 0; round < 3000; ++round) {
    const JobList jobs = random_jobs(random);
    const Merging merging{below(random, 40), std::int64_t{1} << below(random, 4)};
    const std::vector<Bar> slow = slow_bars(jobs, merging);
    ASSERT_EQ(taken_apart(bars_of(jobs.runs(), merging)), slow)
        << "round " << round << ", gap " << merging.gap_ps << ", servers " << merging.servers;
    put_together += slow.size() < jobs.size() ? 1 : 0;
  }
  EXPECT_GT(put_together, 2000);
}

std::int64_t bar_count(const JobList& jobs, const Merging& merging) {
  return std::ssize(bars_of(jobs.runs(), merging));
}

// 50 servers of 400 jobs that pause as long as they work, or a picosecond less, so that they are no
// runs: 20 000 jobs in 8 000 000 ps.
JobList many_jobs() {
  JobList jobs;
  for (std::int32_t server = 0; server < 50; ++server) {
    for (std::int64_t step = 0; step < 400; ++step) {
      const std::int64_t start = server * 7 + step * 20'000;
      jobs.add(TimedJob{OperatorId{0}, server, step, start, start + 10'000 + step % 2});
    }
  }
  return jobs;
}

TEST(HtmlBars, StayJobsWhileTheirRunsAreFew) {
  JobList run;
  run.add(JobRun{{OperatorId{0}, 0, 0, 0, 5}, 10, 1'000'000'000});
  EXPECT_TRUE(merging_for(run, 10'000'000'000, 1).exact());
  const JobList jobs = many_jobs();
  EXPECT_TRUE(merging_for(jobs, 8'000'000, 20'000).exact());
  EXPECT_FALSE(merging_for(jobs, 8'000'000, 19'999).exact());
}

// Pauses are 1/800 of the makespan and seen, so that servers are put together before pauses go. 49
// times 7 ps are filled by other servers; 8 000 000 / 828 is the least that covers the rest, 9 657.
TEST(HtmlBars, ArePutTogetherNoFurtherThanNeeded) {
  const JobList jobs = many_jobs();
  const Merging some = merging_for(jobs, 8'000'000, 12'000);
  EXPECT_EQ(some.gap_ps, 8'000'000 / 1024);
  EXPECT_EQ(some.servers, 2);
  EXPECT_LE(bar_count(jobs, some), 12'000);
  const Merging most = merging_for(jobs, 8'000'000, 1);
  EXPECT_EQ(most.servers, 64);
  EXPECT_EQ(most.gap_ps, 8'000'000 / 828);
  EXPECT_EQ(bar_count(jobs, most), 1);
}

TEST(HtmlBars, OfMoreOperatorsThanAskedForAreOneEach) {
  JobList jobs;
  for (std::int32_t op = 0; op < 30; ++op) {
    for (std::int64_t step = 0; step < 50; ++step) {
      jobs.add(TimedJob{OperatorId{op}, 0, step, 100 * step, 100 * step + 1 + step % 2});
    }
  }
  const Merging merging = merging_for(jobs, 6'000, 10);
  for (std::int32_t op = 0; op < 30; ++op) {
    EXPECT_EQ(bars_of(jobs.runs_of(OperatorId{op}), merging).size(), 1U);
  }
}

}  // namespace
}  // namespace imbrex::html
