// Times that stop at the limit instead of wrapping around.
#include <imbrex/values/work_order.hpp>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

TEST(TimeMath, ProductsBelowTheLimitAreExact) {
  EXPECT_EQ(bounded_ps(0, 5), 0);
  EXPECT_EQ(bounded_ps(7, 1'400'000), 9'800'000);
  EXPECT_EQ(bounded_ps(kTimeLimitPs - 1, 1), kTimeLimitPs - 1);
}

TEST(TimeMath, ProductsBeyondTheLimitStopThere) {
  EXPECT_EQ(bounded_ps(kTimeLimitPs, 1), kTimeLimitPs);
  EXPECT_EQ(bounded_ps(kTimeLimitPs, 3), kTimeLimitPs);
  EXPECT_EQ(bounded_ps(std::int64_t{1} << 54, 1000), kTimeLimitPs);  // wraps around in 64 bits
  EXPECT_EQ(bounded_ps(INT64_MAX, INT64_MAX), kTimeLimitPs);
}

TEST(TimeMath, SumsStopAtTheLimitToo) {
  EXPECT_EQ(bounded_sum_ps(3, 4), 7);
  EXPECT_EQ(bounded_sum_ps(kTimeLimitPs, kTimeLimitPs), kTimeLimitPs);
  EXPECT_EQ(bounded_sum_ps(kTimeLimitPs - 1, 1), kTimeLimitPs);
}

// A layer of 2^54 positions at 1 ns cannot be quoted; before, the product wrapped around.
TEST(TimeMath, LayersThatTakeForEverReachTheLimit) {
  Operator op;
  op.name = "endless";
  op.kind = OperatorKind::matmul;
  op.bounds[Dim::P] = std::int64_t{1} << 27;
  op.bounds[Dim::Q] = std::int64_t{1} << 27;
  Mapping mapping;
  mapping.job_extent = op.bounds.bound;
  EXPECT_EQ(longest_server_ps(op, mapping, 1, Dealing::round_robin, {0, 1000}), kTimeLimitPs);
}

}  // namespace
}  // namespace imbrex
