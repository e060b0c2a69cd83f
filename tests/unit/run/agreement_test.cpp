// When do an analysis and a simulation agree? From the rule of run/agreement.hpp, on a simulated
// makespan of 1000 ps.
#include "run/agreement.hpp"

#include <gtest/gtest.h>

namespace imbrex {
namespace {

run::AgreementJudge judge(Exactness exactness, std::optional<double> tolerance_percent = {},
                          bool sequential = false) {
  run::AgreementRule rule;
  rule.exactness = exactness;
  rule.sequential = sequential;
  rule.tolerance_percent = tolerance_percent;
  return {rule, 1000};
}

TEST(Agreement, OfAnExactAnalysisIsEqualityOrTheTolerance) {
  const run::AgreementJudge equal = judge(Exactness::exact);
  EXPECT_TRUE(equal.makespan_agrees(1000, 1000));
  EXPECT_FALSE(equal.makespan_agrees(1001, 1000));
  EXPECT_FALSE(equal.makespan_agrees(999, 1000));
  EXPECT_FALSE(equal.agrees({0, 500}, {1, 500}));
  EXPECT_FALSE(equal.agrees({0, 500}, {0, 501}));
  const run::AgreementJudge close = judge(Exactness::exact, 2.5);  // 25 ps
  EXPECT_TRUE(close.makespan_agrees(975, 1000));
  EXPECT_FALSE(close.makespan_agrees(974, 1000));
  EXPECT_TRUE(close.agrees({0, 500}, {25, 475}));
  EXPECT_FALSE(close.agrees({0, 500}, {26, 500}));
}

TEST(Agreement, OfAConservativeAnalysisIsNeverEarly) {
  const run::AgreementJudge late = judge(Exactness::conservative);
  EXPECT_TRUE(late.makespan_agrees(5000, 1000));
  EXPECT_FALSE(late.makespan_agrees(999, 1000));
  EXPECT_TRUE(late.agrees({0, 500}, {100, 500}));  // what counts is when results are there
  EXPECT_FALSE(late.agrees({100, 499}, {100, 500}));
  const run::AgreementJudge limited = judge(Exactness::conservative, 10);
  EXPECT_TRUE(limited.makespan_agrees(1100, 1000));
  EXPECT_FALSE(limited.makespan_agrees(1101, 1000));
  EXPECT_FALSE(limited.makespan_agrees(999, 1000));
}

TEST(Agreement, OfAnEstimateIsTenPercentOfTheMakespan) {
  const run::AgreementJudge estimate = judge(Exactness::estimate);
  EXPECT_TRUE(estimate.makespan_agrees(900, 1000));
  EXPECT_TRUE(estimate.makespan_agrees(1100, 1000));
  EXPECT_FALSE(estimate.makespan_agrees(899, 1000));
  EXPECT_FALSE(estimate.makespan_agrees(1101, 1000));
  EXPECT_TRUE(estimate.agrees({0, 1}, {500, 900}));
  EXPECT_FALSE(judge(Exactness::estimate, 1).makespan_agrees(980, 1000));
}

TEST(Agreement, OfADelayOnPurposeIsNeverEarlyWhateverItClaims) {
  const run::AgreementJudge exact = judge(Exactness::exact, {}, true);
  EXPECT_TRUE(exact.makespan_agrees(3000, 1000));
  EXPECT_FALSE(exact.makespan_agrees(999, 1000));
  EXPECT_TRUE(exact.agrees({400, 600}, {0, 200}));
  EXPECT_FALSE(exact.agrees({0, 199}, {0, 200}));
  const run::AgreementJudge estimate = judge(Exactness::estimate, {}, true);
  EXPECT_TRUE(estimate.makespan_agrees(3000, 1000));
  EXPECT_TRUE(estimate.makespan_agrees(900, 1000));
  EXPECT_FALSE(estimate.makespan_agrees(899, 1000));
}

// Servers and steps are matched, not positions: (0, 1) is missing on one side, (1, 0) on the other,
// and (0, 2) ends at another time.
TEST(Agreement, CountsJobsThatOneSideDoesNotKnow) {
  const auto job = [](std::int32_t server, std::int64_t step, std::int64_t end_ps) {
    return TimedJob{OperatorId{0}, server, step, end_ps - 10, end_ps};
  };
  const JobRun analysed[] = {{job(0, 0, 10)}, {job(0, 1, 20)}, {job(0, 2, 30)}};
  const JobRun simulated[] = {{job(0, 0, 10)}, {job(0, 2, 31)}, {job(1, 0, 20)}};
  EXPECT_EQ(judge(Exactness::exact).differing_jobs(analysed, simulated), 3);
  EXPECT_EQ(judge(Exactness::estimate).differing_jobs(analysed, simulated), 2);
  EXPECT_EQ(judge(Exactness::exact).differing_jobs(analysed, analysed), 0);
}

}  // namespace
}  // namespace imbrex
