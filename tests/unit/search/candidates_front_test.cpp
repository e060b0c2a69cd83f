// Candidates from fronts: what they hold, that they are few, and that nothing is called proved
// which is not.
#include "search_system.hpp"

#include <imbrex/toolkit/search/candidates.hpp>
#include <imbrex/toolkit/search/recalled_candidates.hpp>
#include <imbrex/toolkit/search/search_run.hpp>

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using search::CandidateSource;
using search::LayerCandidates;
using test::FakeEvaluator;
using test::SearchSystem;
using test::wide_layer;

class FrontCandidates : public ::testing::Test {
 protected:
  search::CandidateOptions from_front(std::size_t count, std::size_t draws) const {
    search::CandidateOptions options;
    options.count = count;
    options.from = CandidateSource::front;
    options.draws = draws;
    return options;
  }
  LayerCandidates sample(const search::CandidateOptions& options, std::int64_t budget = 0) {
    evaluator = system.fresh_evaluator();
    search::SearchRun run(system.design, *evaluator, &system.host, budget);
    return search::sample_candidates(run, operator_id(0), options, system.host.random(0));
  }
  std::int64_t streaming(const Mapping& mapping, std::int64_t latency_ps) const {
    return search::streaming_latency_ps(system.workload->at(operator_id(0)), mapping, latency_ps);
  }
  SearchSystem system{wide_layer()};
  std::unique_ptr<FakeEvaluator> evaluator;
};

// With more draws than mappings nothing is left to chance: the best alone is there, and what is
// left out does not stream better than what is not.
TEST_F(FrontCandidates, OfAWholeSpaceAreItsBest) {
  const LayerCandidates all = sample({100, CandidateSource::uniform});
  ASSERT_TRUE(all.complete);
  const LayerCandidates few = sample(from_front(12, 16));
  ASSERT_EQ(few.size(), 13u);  // and the start
  EXPECT_FALSE(few.complete);
  EXPECT_EQ(few.objective[few.best()], all.objective[all.best()]);
  // The last one streams worst of those that are there for that.
  const std::int64_t worst_kept = streaming(few.mappings.back(), few.latency_ps.back());
  std::size_t left_out = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (std::find(few.mappings.begin(), few.mappings.end(), all.mappings[i]) ==
        few.mappings.end()) {
      ++left_out;
      EXPECT_GE(streaming(all.mappings[i], all.latency_ps[i]), worst_kept) << i;
    }
  }
  EXPECT_EQ(left_out, all.size() - few.size());
}

TEST_F(FrontCandidates, AreDistinctFeasibleAndRepeatable) {
  const LayerCandidates once = sample(from_front(20, 3));
  const LayerCandidates again = sample(from_front(20, 3));
  EXPECT_EQ(once.mappings, again.mappings);
  EXPECT_EQ(once.latency_ps, again.latency_ps);
  for (std::size_t i = 0; i < once.size(); ++i) {
    const LayerCost cost = system.cost.cost_of(operator_id(0), once.mappings[i]);
    EXPECT_EQ(cost.verdict, Verdict::feasible) << i;
    EXPECT_EQ(cost.latency_ps, once.latency_ps[i]) << i;
    EXPECT_EQ(std::count(once.mappings.begin(), once.mappings.end(), once.mappings[i]), 1) << i;
  }
  ASSERT_TRUE(once.canonical);
  EXPECT_TRUE(system.cost.canonical(once.mappings[*once.canonical]));
}

TEST_F(FrontCandidates, NeverExceedTheBudget) {
  for (const std::int64_t budget : {1, 7, 33, 60}) {
    sample(from_front(20, 3), budget);
    EXPECT_LE(evaluator->evaluations(), budget + 2) << budget;
  }
}

TEST_F(FrontCandidates, AreRecalledAsTheyWere) {
  const LayerCandidates all = sample(from_front(20, 3));
  evaluator = system.fresh_evaluator();
  search::SearchRun run(system.design, *evaluator, &system.host, 0);
  search::RecalledCandidates recalled(0);
  search::sample_candidates(run, operator_id(0), from_front(20, 3), system.host.random(0),
                            recalled);
  ASSERT_EQ(recalled.size(), all.size());
  EXPECT_EQ(recalled.best(), all.best());
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(recalled.mapping(i), all.mappings[i]) << i;
  }
}

// This cost model does not say how it counts.
TEST_F(FrontCandidates, AreNotCalledProvedWhereNothingCanBe) {
  evaluator = system.fresh_evaluator();
  search::SearchRun run(system.design, *evaluator, &system.host, 0);
  const optimum::Front& front = run.front_of(operator_id(0), 0);
  EXPECT_FALSE(front.proved);
  EXPECT_TRUE(front.points.empty());
  EXPECT_EQ(front.unproved, "the cost model does not say how it counts");
}

}  // namespace
}  // namespace imbrex
