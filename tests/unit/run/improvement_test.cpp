// The speed-up in the recipe's objective.
#include "run/metrics.hpp"

#include <gtest/gtest.h>

namespace imbrex {
namespace {

Metrics metrics(std::int64_t latency_ps, double throughput_per_s, double energy_pj, double edp_js) {
  Metrics result;
  result.set("latency_ps", latency_ps);
  result.set("throughput_per_s", throughput_per_s);
  result.set("energy_pj", energy_pj);
  result.set("edp_js", edp_js);
  return result;
}

TEST(Improvement, IsHowOftenTheRunFitsIntoTheBaseline) {
  const Metrics run = metrics(250, 40, 30, 2);
  const Metrics baseline = metrics(1000, 10, 45, 12);
  EXPECT_EQ(run::improvement_of(Objective::latency, run, baseline), 4);
  EXPECT_EQ(run::improvement_of(Objective::throughput, run, baseline),
            4);  // of rates, the other way
  EXPECT_EQ(run::improvement_of(Objective::energy, run, baseline), 1.5);
  EXPECT_EQ(run::improvement_of(Objective::edp, run, baseline), 6);
}

TEST(Improvement, IsUnknownWhereOneSideDoesNotKnow) {
  Metrics silent;
  silent.set("latency_ps", std::int64_t{250});
  const Metrics baseline = metrics(1000, 10, 45, 12);
  EXPECT_EQ(run::improvement_of(Objective::energy, silent, baseline), 0);
  EXPECT_EQ(run::improvement_of(Objective::energy, baseline, silent), 0);
  EXPECT_EQ(run::improvement_of(Objective::latency, silent, baseline), 4);
}

}  // namespace
}  // namespace imbrex
