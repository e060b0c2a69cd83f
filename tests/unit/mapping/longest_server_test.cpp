// Closed forms of an operator's stand-alone time against sums over the jobs of its work order.
#include "random_nest.hpp"

#include <imbrex/plugin/host.hpp>
#include <imbrex/values/work_order.hpp>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::nest;
using test::spatial;
using test::temporal;

constexpr std::uint64_t kSeed = 23;

// The obvious twin: adds up every server's jobs.
std::int64_t busiest(const WorkOrder& order) {
  std::int64_t longest = 0;
  for (std::int64_t s = 0; s < order.server_count(); ++s) {
    std::int64_t busy = 0;
    for (std::int64_t t = 0; t < order.step_count(s); ++t) {
      busy += order.job(t, s).duration_ps;
    }
    longest = std::max(longest, busy);
  }
  return longest;
}

Operator random_operator(Random& random) {
  Operator op;
  op.name = "conv";
  for (std::int64_t& bound : op.bounds.bound) {
    bound = random.between(1, 3);
  }
  op.bounds[Dim::P] = random.between(1, 14);
  op.bounds[Dim::Q] = random.between(1, 14);
  return op;
}

TEST(LongestServer, ClosedFormEqualsSumOverJobsOfGrids) {
  Random random(kSeed, 0);
  for (int round = 0; round < 3000; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " round " + std::to_string(round));
    const Operator op = random_operator(random);
    const std::int64_t height = random.between(1, op.bounds[Dim::P]);
    const std::int64_t width = random.between(1, op.bounds[Dim::Q]);
    Mapping mapping = nest({temporal(Dim::P, ceil_div(op.bounds[Dim::P], height)),
                            temporal(Dim::Q, ceil_div(op.bounds[Dim::Q], width))},
                           {});
    mapping.job_extent = op.bounds.bound;
    mapping.job_extent[index(Dim::P)] = height;
    mapping.job_extent[index(Dim::Q)] = width;
    const std::int64_t copies = random.between(1, 20);
    const Dealing dealing = static_cast<Dealing>(random.below(3));
    const JobClock clock{random.between(0, 5), random.between(0, 5)};
    const auto order = make_work_order(op, mapping, copies, dealing, clock, false);
    ASSERT_EQ(longest_server_ps(op, mapping, copies, dealing, clock), busiest(*order));
    ASSERT_EQ(longest_server_ps(*order), busiest(*order));
  }
}

TEST(LongestServer, ClosedFormEqualsSumOverJobsOfNests) {
  Random random(kSeed, 1);
  for (int round = 0; round < 1500; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " round " + std::to_string(round));
    const Operator op = random_operator(random);
    const Mapping mapping =
        test::random_nest(op.bounds, {.imperfect = round % 3 != 0, .max_splits = 2}, random);
    const JobClock clock{random.between(0, 5), random.between(0, 5)};
    const auto order = make_work_order(op, mapping, 1, Dealing::round_robin, clock, false);
    ASSERT_EQ(longest_server_ps(op, mapping, 1, Dealing::round_robin, clock), busiest(*order));
  }
}

TEST(LongestServer, AddsTheLongestJobOfEveryStepInLockStep) {
  // 5 rows on 2 servers of 3 steps: strips of 3 and 2 rows, the last step of server 1 is empty.
  Operator op;
  op.name = "conv";
  op.bounds[Dim::P] = 5;
  const Mapping mapping = nest({spatial(Dim::P, 2), temporal(Dim::P, 3)}, {});
  const auto lock_step = make_work_order(op, mapping, 1, Dealing::round_robin, {10, 1}, true);
  EXPECT_EQ(longest_server_ps(*lock_step), 33);
  // Blocks of 2 rows: 2 + 2 + 1 rows in turn on 2 copies; steps last max(2, 2) and 1.
  const Mapping blocks = nest({temporal(Dim::P, 3)}, {{Dim::P, 2}});
  const auto ragged = make_work_order(op, blocks, 2, Dealing::round_robin, {0, 1}, true);
  EXPECT_EQ(longest_server_ps(*ragged), 3);
}

TEST(LongestServer, SharesPixelsAsEvenlyAsPossible) {
  // Specification section 9.2: layer by layer with copies takes ceil(t / d).
  Operator op;
  op.name = "conv";
  op.bounds[Dim::P] = 13;
  op.bounds[Dim::Q] = 13;
  const Mapping pixels = nest({temporal(Dim::P, 13), temporal(Dim::Q, 13)}, {});
  EXPECT_EQ(longest_server_ps(op, pixels, 7, Dealing::round_robin, {0, 1}), ceil_div(169, 7));
}

TEST(LongestServer, IsEmptyWhereNoOrderExists) {
  Operator op;
  op.name = "conv";
  op.bounds[Dim::P] = 4;
  EXPECT_FALSE(
      longest_server_ps(op, nest({spatial(Dim::P, 4)}, {}), 2, Dealing::round_robin, {0, 1}));
  EXPECT_FALSE(
      longest_server_ps(op, nest({temporal(Dim::P, 3)}, {}), 1, Dealing::round_robin, {0, 1}));
  EXPECT_FALSE(
      longest_server_ps(op, nest({temporal(Dim::P, 4)}, {}), 0, Dealing::round_robin, {0, 1}));
  EXPECT_TRUE(longest_server_ps(op, nest({temporal(Dim::P, 4)}, {}), 2, Dealing::strip_h, {0, 1}));
}

}  // namespace
}  // namespace imbrex
