// Refined candidates: distinct, legal, prefix-stable, and better than uniform ones where there is
// something to climb; streaming lags against the definition.
#include "random_nest.hpp"
#include "search_system.hpp"

#include <imbrex/toolkit/search/candidates.hpp>
#include <imbrex/toolkit/search/fittest.hpp>
#include <imbrex/toolkit/search/recalled_candidates.hpp>
#include <imbrex/toolkit/search/search_run.hpp>
#include <imbrex/values/loop_nest.hpp>

#include <algorithm>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::FakeEvaluator;
using test::SearchSystem;
using test::wide_layer;

class RefinedCandidates : public ::testing::TestWithParam<search::CandidateSource> {
 protected:
  search::LayerCandidates sample(std::size_t count, std::int64_t budget = 0) {
    evaluator = system.fresh_evaluator();
    search::SearchRun run(system.design, *evaluator, &system.host, budget);
    return search::sample_candidates(run, operator_id(0), {count, GetParam()},
                                     system.host.random(0));
  }
  SearchSystem system{wide_layer()};
  std::unique_ptr<FakeEvaluator> evaluator;
};
INSTANTIATE_TEST_SUITE_P(Sources, RefinedCandidates,
                         ::testing::Values(search::CandidateSource::uniform,
                                           search::CandidateSource::refined));

TEST_P(RefinedCandidates, AreDistinctFeasibleAndInTheSpace) {
  const mapspace::MapSpace space(system.cost.map_space(operator_id(0), {}));
  ASSERT_EQ(space.size(), test::kWideSpace);
  const search::LayerCandidates candidates = sample(40);
  ASSERT_EQ(candidates.size(), 41u);
  EXPECT_FALSE(candidates.complete);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    EXPECT_TRUE(space.contains(candidates.mappings[i])) << i;
    const LayerCost cost = system.cost.cost_of(operator_id(0), candidates.mappings[i]);
    EXPECT_EQ(cost.verdict, Verdict::feasible) << i;
    EXPECT_EQ(cost.latency_ps, candidates.latency_ps[i]) << i;
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_NE(candidates.mappings[i], candidates.mappings[j]) << i << ' ' << j;
    }
  }
}

TEST_P(RefinedCandidates, OfEverySmallerCountAreAPrefix) {
  const search::LayerCandidates most = sample(50);
  for (std::size_t count = 1; count < 50; ++count) {
    const search::LayerCandidates few = sample(count);
    ASSERT_EQ(few.size(), count + 1);
    EXPECT_TRUE(std::equal(few.mappings.begin(), few.mappings.end(), most.mappings.begin()))
        << count;
  }
}

TEST_P(RefinedCandidates, NeverExceedTheBudget) {
  for (const std::int64_t budget : {1, 7, 31, 32, 33, 100}) {
    sample(60, budget);
    // The start's design and mapping come on top of the budget.
    EXPECT_LE(evaluator->evaluations(), budget + 2) << budget;
  }
}

TEST_P(RefinedCandidates, AreTheSameEveryTime) {
  const search::LayerCandidates one = sample(60);
  const search::LayerCandidates other = sample(60);
  EXPECT_EQ(one.mappings, other.mappings);
  EXPECT_EQ(one.latency_ps, other.latency_ps);
}

// Made again, candidates are those that are kept; so are the best of them.
TEST_P(RefinedCandidates, AreRecalledAsTheyWere) {
  for (const std::size_t count : {1u, 5u, 33u, 60u, 80u, 85u, 200u}) {
    for (const std::size_t kept : {0u, 1u, 7u, 40u, 4096u}) {
      const search::LayerCandidates all = sample(count);
      evaluator = system.fresh_evaluator();
      search::SearchRun run(system.design, *evaluator, &system.host, 0);
      search::RecalledCandidates recalled(kept);
      const search::CandidateSummary summary = search::sample_candidates(
          run, operator_id(0), {count, GetParam()}, system.host.random(0), recalled);
      ASSERT_EQ(recalled.size(), all.size());
      EXPECT_EQ(recalled.best(), all.best());
      EXPECT_EQ(summary.size, all.size());
      EXPECT_EQ(summary.complete, all.complete);
      EXPECT_EQ(summary.canonical, all.canonical);
      for (const bool backwards : {false, true}) {
        for (std::size_t n = 0; n < all.size(); ++n) {
          const std::size_t i = backwards ? all.size() - 1 - n : n;
          ASSERT_EQ(recalled.mapping(i), all.mappings[i]) << count << ' ' << kept << ' ' << i;
        }
      }
    }
  }
}

TEST_P(RefinedCandidates, BestOnesAreKeptInOrder) {
  const search::LayerCandidates all = sample(60);
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return all.objective[a] < all.objective[b];
  });
  for (const std::size_t most : {1u, 2u, 7u, 60u, 1000u}) {
    evaluator = system.fresh_evaluator();
    search::SearchRun run(system.design, *evaluator, &system.host, 0);
    search::Fittest fittest(most);
    search::sample_candidates(run, operator_id(0), {60, GetParam()}, system.host.random(0),
                              fittest);
    const auto& best = fittest.best_first();
    ASSERT_EQ(best.size(), std::min(most, all.size()));
    for (std::size_t i = 0; i < best.size(); ++i) {
      EXPECT_EQ(best[i].number, order[i]) << most;
      EXPECT_EQ(best[i].mapping, all.mappings[order[i]]) << most;
    }
  }
}

// ---- streaming lags ----

// The definition: walk through all jobs; note per row when it is first worked on and last written.
search::StreamingLags lags_by_walking(const Operator& op, const Mapping& mapping,
                                      std::int64_t latency, std::int64_t producer,
                                      std::int64_t consumer) {
  const LoopNest nest(op.bounds, mapping);
  const std::int64_t rows = op.bounds[Dim::P];
  const std::int64_t positions = op.bounds[Dim::N] * rows;
  std::vector<std::int64_t> first(static_cast<std::size_t>(positions), INT64_MAX);
  std::vector<std::int64_t> last(static_cast<std::size_t>(positions), -1);
  for (std::int64_t t = 0; t < nest.steps(); ++t) {
    for (std::int64_t s = 0; s < nest.servers(); ++s) {
      const DimBox box = nest.box(t, s);
      for (std::int64_t n = box[Dim::N].begin; n < box[Dim::N].end; ++n) {
        for (std::int64_t p = box[Dim::P].begin; p < box[Dim::P].end; ++p) {
          const auto i = static_cast<std::size_t>(n * rows + p);
          first[i] = std::min(first[i], t);
          last[i] = std::max(last[i], t);
        }
      }
    }
  }
  const std::int64_t step = latency / nest.steps();
  search::StreamingLags lags;
  for (std::int64_t i = 0; i < positions; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const std::int64_t arrives = i + 1 == positions ? producer : producer / positions * (i + 1);
    lags.start_ps = std::max(lags.start_ps, arrives - first[at] * step);
    const std::int64_t done = (last[at] + 1) * step + latency % nest.steps();
    lags.consumer_ps = std::max(lags.consumer_ps, done - consumer / positions * i);
  }
  return lags;
}

TEST(StreamingLags, EqualAWalkThroughAllJobs) {
  WorkloadBuilder builder("layer");
  ConvolutionParams params;
  params.output_channels = 6;
  builder.convolution("c", builder.input("x", {4, {2, 4, 12, 6, 1, 1}}), params);
  const Workload workload = builder.finish();
  const Operator& op = workload.operators()[0];
  Random random(7, 0);
  for (int i = 0; i < 2000; ++i) {
    const Mapping mapping = test::random_nest(op.bounds, {}, random);
    const std::int64_t latency = random.between(0, 100'000);
    const std::int64_t producer = random.between(0, 100'000);
    const std::int64_t consumer = random.between(0, 100'000);
    const search::StreamingLags fast =
        search::streaming_lags(op, mapping, latency, producer, consumer);
    const search::StreamingLags slow = lags_by_walking(op, mapping, latency, producer, consumer);
    ASSERT_EQ(fast.start_ps, slow.start_ps) << "trial " << i;
    ASSERT_EQ(fast.consumer_ps, slow.consumer_ps) << "trial " << i;
  }
}

// By hand, 8 rows in 800 ps. All at once: starts when the producer ends (800), the consumer after
// it (1600), which ends at 2400. Row by row: row 0 arrives after 100, its output 100 later; the
// three layers end at 1000. Channels outermost, every row is finished only
// in the second half, the first after 9 of 16 steps, so the consumer may start at 450.
TEST(StreamingLags, RankRowsBeforeBlocks) {
  WorkloadBuilder builder("layer");
  ConvolutionParams params;
  params.output_channels = 2;
  builder.convolution("c", builder.input("x", {4, {1, 1, 8, 1, 1, 1}}), params);
  const Workload workload = builder.finish();
  const Operator& op = workload.operators()[0];
  using test::nest;
  using test::temporal;
  const Mapping block = nest({}, {{Dim::P, 8}, {Dim::K, 2}});
  const Mapping rows = nest({temporal(Dim::P, 8)}, {{Dim::K, 2}});
  const Mapping channels = nest({temporal(Dim::K, 2), temporal(Dim::P, 8)}, {});
  EXPECT_EQ(search::streaming_latency_ps(op, block, 800), 2400);
  EXPECT_EQ(search::streaming_latency_ps(op, rows, 800), 1000);
  EXPECT_EQ(search::streaming_lags(op, channels, 800, 800, 800).consumer_ps, 450);
}

}  // namespace
}  // namespace imbrex
