// Jobs kept as runs are the jobs that were put in.
#include "run/job_collector.hpp"

#include <imbrex/values/design.hpp>

#include <algorithm>
#include <random>
#include <tuple>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

constexpr OperatorId kA = operator_id(0);

std::vector<TimedJob> all(const JobList& list) {
  std::vector<TimedJob> jobs;
  for (const TimedJob job : list) {
    jobs.push_back(job);
  }
  return jobs;
}

// Stretches of equal distances, of all lengths, and gaps in steps: like the orders of real
// operators, only less regular. By operator, server and step.
std::vector<TimedJob> random_jobs(std::mt19937& random) {
  const auto below = [&](unsigned limit) { return static_cast<std::int64_t>(random() % limit); };
  std::vector<TimedJob> jobs;
  for (std::int32_t op = 0; op < 4; ++op) {
    for (std::int32_t server = 0; server < 3; ++server) {
      std::int64_t step = below(3);
      std::int64_t at_ps = below(100);
      while (below(5) != 0) {
        const std::int64_t length_ps = below(4);
        const std::int64_t distance_ps = below(7) - 2;
        const auto waited_for = static_cast<Wait>(below(3));
        for (std::int64_t i = below(6); i >= 0; --i) {
          jobs.push_back({operator_id(static_cast<std::size_t>(op)), server, step++, at_ps,
                          at_ps + length_ps, waited_for});
          at_ps += distance_ps;
        }
        step += below(2);
      }
    }
  }
  return jobs;
}

TEST(JobLists, KeepJobsAtEqualDistancesAsOneRun) {
  JobList list;
  for (std::int64_t step = 0; step < 1000; ++step) {
    list.add(TimedJob{kA, 0, step, 50 + 10 * step, 57 + 10 * step, Wait::server});
  }
  ASSERT_EQ(list.runs().size(), 1u);
  EXPECT_EQ(list.runs()[0].count, 1000);
  EXPECT_EQ(list.runs()[0].period_ps, 10);
  EXPECT_EQ(list[999], (TimedJob{kA, 0, 999, 10040, 10047, Wait::server}));
  EXPECT_EQ(list.size(), 1000u);
}

TEST(JobLists, StartARunWhereAnythingChanges) {
  const TimedJob first{kA, 0, 0, 0, 5, Wait::nothing};
  const auto next = [&](auto change) {
    TimedJob job{kA, 0, 2, 20, 25, Wait::nothing};
    change(job);
    JobList list;
    list.add(first);
    list.add(TimedJob{kA, 0, 1, 10, 15, Wait::nothing});
    list.add(job);
    return list.runs().size();
  };
  EXPECT_EQ(next([](TimedJob&) {}), 1u);
  EXPECT_EQ(next([](TimedJob& job) { job.id = operator_id(1); }), 2u);
  EXPECT_EQ(next([](TimedJob& job) { job.server = 1; }), 2u);
  EXPECT_EQ(next([](TimedJob& job) { job.step = 3; }), 2u);
  EXPECT_EQ(next([](TimedJob& job) { job.start_ps = 21; }), 2u);
  EXPECT_EQ(next([](TimedJob& job) { job.end_ps = 26; }), 2u);
  EXPECT_EQ(next([](TimedJob& job) { job.waited_for = Wait::server; }), 2u);
}

TEST(JobLists, GiveBackWhatWasPutIn) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    const std::vector<TimedJob> jobs = random_jobs(random);
    JobList list;
    for (const TimedJob& job : jobs) {
      list.add(job);
    }
    ASSERT_EQ(all(list), jobs);
    ASSERT_EQ(list.size(), jobs.size());
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      ASSERT_EQ(list[i], jobs[i]);
      const std::size_t run = list.run_of(i);
      ASSERT_LE(list.begin_of(run), i);
      ASSERT_LT(i, list.begin_of(run + 1));
    }
    for (std::size_t op = 0; op < 5; ++op) {
      std::vector<TimedJob> mine;
      for (const TimedJob job : JobRuns(list.runs_of(operator_id(op)))) {
        mine.push_back(job);
      }
      std::vector<TimedJob> expected = jobs;
      std::erase_if(expected, [&](const TimedJob& job) { return job.id != operator_id(op); });
      ASSERT_EQ(mine, expected);
      ASSERT_EQ(JobRuns(list.runs_of(operator_id(op))).count(),
                static_cast<std::int64_t>(expected.size()));
    }
  }
}

TEST(JobLists, SurviveTimesAtTheEndsOfTheRange) {
  JobList list;
  list.add(TimedJob{kA, 0, 0, INT64_MIN, INT64_MIN + 1});
  list.add(TimedJob{kA, 0, 1, INT64_MAX - 1, INT64_MAX});
  list.add(TimedJob{kA, 0, 2, 0, 1});
  list.add(TimedJob{kA, 0, INT64_MAX, 0, 1});
  list.add(TimedJob{kA, 0, INT64_MAX, 0, 1});
  EXPECT_EQ(list[4].step, INT64_MAX);
  EXPECT_EQ(list[0].start_ps, INT64_MIN);
  EXPECT_EQ(list[1].end_ps, INT64_MAX);
  EXPECT_EQ(list[2].start_ps, 0);
}

// Whatever order an analyzer reports them in: by time, by step, at random, some of them twice.
TEST(JobCollectors, PutJobsInOrder) {
  std::mt19937 random(11);
  const auto key = [](const TimedJob& job) { return std::tuple(job.id, job.server, job.step); };
  for (int round = 0; round < 400; ++round) {
    std::vector<TimedJob> jobs = random_jobs(random);
    if (round % 4 == 3 && !jobs.empty()) {
      jobs.push_back(jobs[random() % jobs.size()]);
    }
    std::vector<TimedJob> reported = jobs;
    if (round % 4 == 1) {
      std::shuffle(reported.begin(), reported.end(), random);
    } else if (round % 4 == 2) {
      std::stable_sort(reported.begin(), reported.end(), [](const TimedJob& a, const TimedJob& b) {
        return std::tie(a.start_ps, a.step) < std::tie(b.start_ps, b.step);
      });
    }
    run::JobCollector collector;
    for (const TimedJob& job : reported) {
      collector.add(job);
    }
    std::sort(jobs.begin(), jobs.end(),
              [&](const TimedJob& a, const TimedJob& b) { return key(a) < key(b); });
    ASSERT_EQ(all(std::move(collector).sorted()), jobs);
  }
}

TEST(JobCollectors, FollowServersThatAreReportedInTurns) {
  run::JobCollector collector;
  for (std::int64_t step = 0; step < 100; ++step) {
    for (std::int32_t server = 0; server < 5; ++server) {
      collector.add(TimedJob{kA, server, step, 10 * step, 10 * step + 10});
    }
  }
  EXPECT_EQ(collector.runs().size(), 5u);
  EXPECT_EQ(std::move(collector).sorted().size(), 500u);
}

}  // namespace
}  // namespace imbrex::test
