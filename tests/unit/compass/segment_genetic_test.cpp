// Specification compass sections 9, 14 B, 15.4 and 15.5.
#include "segment_genetic.hpp"

#include "sequences.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace imbrex::compass {
namespace {

constexpr double kPrinted = 5e-5;  // the specification prints four digits

struct ExampleB : ::testing::Test {
  segments::Spans spans = segments::example_a();
  std::vector<double> costs = segments::example_a_costs();
  std::vector<segments::Ends> population = {{3, 5, 6}, {1, 3, 6}};
  Scores scores{spans, population, costs};
};

TEST_F(ExampleB, PopulationCosts98And76) {
  EXPECT_EQ(segments::total(spans, population[0], costs), 98);
  EXPECT_EQ(segments::total(spans, population[1], costs), 76);
}

TEST_F(ExampleB, UnitMeansAreTheTables) {
  const double means[] = {20.833, 17.583, 17.583, 9.833, 9.833, 11.333};
  for (std::int32_t i = 0; i < 6; ++i) {
    EXPECT_NEAR(scores.of_unit(i), means[i], 5e-4) << i;
  }
}

TEST_F(ExampleB, SpanScoresAreTheTables) {
  EXPECT_NEAR(scores.of_span(0, 3), 1.1607, kPrinted);
  EXPECT_NEAR(scores.of_span(3, 5), 1.0169, kPrinted);
  EXPECT_NEAR(scores.of_span(5, 6), 1.1471, kPrinted);
  EXPECT_NEAR(scores.of_span(0, 1), 0.9600, kPrinted);
  EXPECT_NEAR(scores.of_span(1, 3), 0.7678, kPrinted);
  EXPECT_NEAR(scores.of_span(3, 6), 0.9355, kPrinted);
}

TEST_F(ExampleB, PairScoresAreTheTables) {
  EXPECT_NEAR(scores.of_pair(0, 3, 5), 1.1233, kPrinted);
  EXPECT_NEAR(scores.of_pair(3, 5, 6), 1.0645, kPrinted);
}

TEST_F(ExampleB, ExpectationsAddUp) {
  const auto expected = [&](std::int32_t a, std::int32_t b) {
    return costs[spans.number(a, b)] / scores.of_span(a, b);
  };
  EXPECT_NEAR(expected(0, 1) + expected(1, 3), expected(0, 3), 1e-9);
  EXPECT_NEAR(expected(3, 5) + expected(5, 6), expected(3, 6), 1e-9);
}

TEST_F(ExampleB, MergeTakesTheWorstLegalPair) {
  Random random(1, 0);
  segments::Ends ends = population[0];
  ASSERT_TRUE(mutate(spans, scores, Mutation::merge, random, ends));
  EXPECT_EQ(ends, (segments::Ends{3, 6}));  // the worst pair, [0,5), does not fit
}

TEST_F(ExampleB, MergeRefusesWhenNothingFits) {
  Random random(1, 0);
  segments::Ends ends = {3, 6};
  EXPECT_FALSE(mutate(spans, scores, Mutation::merge, random, ends));
  EXPECT_EQ(ends, (segments::Ends{3, 6}));
}

TEST_F(ExampleB, SplitCutsTheWorstSpanAnywhereInside) {
  bool seen[4] = {};
  for (std::uint64_t stream = 0; stream < 50; ++stream) {
    Random random(2, stream);
    segments::Ends ends = population[0];
    ASSERT_TRUE(mutate(spans, scores, Mutation::split, random, ends));
    ASSERT_EQ(ends.size(), 4u);
    EXPECT_TRUE(is_group(spans, ends));
    ASSERT_TRUE(ends[0] == 1 || ends[0] == 2);  // [0,3) is the worst
    seen[ends[0]] = true;
  }
  EXPECT_TRUE(seen[1] && seen[2]);
}

TEST_F(ExampleB, SplitRefusesSingleUnits) {
  Random random(2, 0);
  segments::Ends ends = {1, 2, 3, 4, 5, 6};
  EXPECT_FALSE(mutate(spans, scores, Mutation::split, random, ends));
}

TEST_F(ExampleB, MoveShiftsTheCutOfTheWorstPairWhereItFits) {
  for (std::uint64_t stream = 0; stream < 20; ++stream) {
    Random random(3, stream);
    segments::Ends ends = population[0];
    ASSERT_TRUE(mutate(spans, scores, Mutation::move, random, ends));
    EXPECT_EQ(ends, (segments::Ends{2, 5, 6}));  // [0,4) does not fit, so only to the left
  }
}

TEST_F(ExampleB, FixedRandomKeepsTheBestSpan) {
  for (std::uint64_t stream = 0; stream < 50; ++stream) {
    Random random(4, stream);
    segments::Ends ends = population[1];
    ASSERT_TRUE(mutate(spans, scores, Mutation::fixed_random, random, ends));
    EXPECT_TRUE(is_group(spans, ends));
    const auto one = std::find(ends.begin(), ends.end(), 1);
    ASSERT_NE(one, ends.end());
    EXPECT_EQ(*(one + 1), 3);
  }
}

TEST(Scores, AreOneWhenAllIndividualsAreEqual) {
  const segments::Spans spans = segments::example_a();
  const std::vector<double> costs = segments::example_a_costs();
  const std::vector<segments::Ends> population(7, segments::Ends{1, 3, 6});
  const Scores scores(spans, population, costs);
  EXPECT_NEAR(scores.of_span(0, 1), 1, 1e-12);
  EXPECT_NEAR(scores.of_span(1, 3), 1, 1e-12);
  EXPECT_NEAR(scores.of_span(3, 6), 1, 1e-12);
}

TEST(Mutations, AlwaysLeavePathsOfSpansThatFit) {
  for (std::uint64_t trial = 0; trial < 300; ++trial) {
    Random random(71, trial);
    const segments::Spans spans = segments::random_spans(random, 30);
    const std::vector<double> costs = random_costs(spans, random);
    std::vector<segments::Ends> population(5);
    for (segments::Ends& ends : population) {
      append_random(spans, 0, spans.units(), random, ends);
      ASSERT_TRUE(is_group(spans, ends)) << "trial " << trial;
    }
    const Scores scores(spans, population, costs);
    for (const Mutation kind :
         {Mutation::merge, Mutation::split, Mutation::move, Mutation::fixed_random}) {
      segments::Ends ends = population[0];
      const bool changed = mutate(spans, scores, kind, random, ends);
      ASSERT_TRUE(is_group(spans, ends)) << "trial " << trial;
      ASSERT_TRUE(changed || ends == population[0]) << "trial " << trial;
    }
  }
}

struct RandomGenetic {
  explicit RandomGenetic(std::uint64_t trial)
      : random(73, trial),
        spans(segments::random_spans(random, 40)),
        costs(random_costs(spans, random)) {}
  GeneticResult run(const GeneticOptions& options, std::uint64_t seed = 1) const {
    return genetic(spans, {costs, {}}, options, Random(seed, 0), [] {});
  }
  Random random;
  segments::Spans spans;
  std::vector<double> costs;
};

TEST(Genetic, StaysBetweenTheOptimumAndItsFirstGeneration) {
  for (std::uint64_t trial = 0; trial < 30; ++trial) {
    const RandomGenetic instance(trial);
    const GeneticResult result = instance.run({});
    ASSERT_TRUE(is_group(instance.spans, result.best)) << "trial " << trial;
    ASSERT_EQ(segments::total(instance.spans, result.best, instance.costs), result.cost);
    ASSERT_GE(result.cost, segments::total(instance.spans,
                                           segments::shortest_path(instance.spans, instance.costs),
                                           instance.costs));
    ASSERT_LE(result.cost, result.trace.front());
    ASSERT_TRUE(std::is_sorted(result.trace.rbegin(), result.trace.rend())) << "trial " << trial;
  }
}

TEST(Genetic, RepeatsItselfForTheSameSeedOnly) {
  const RandomGenetic instance(3);
  const GeneticResult first = instance.run({});
  const GeneticResult second = instance.run({});
  EXPECT_EQ(first.best, second.best);
  EXPECT_EQ(first.trace, second.trace);
  bool differs = false;
  for (std::uint64_t seed = 2; seed < 8; ++seed) {
    differs = differs || instance.run({}, seed).trace != first.trace;
  }
  EXPECT_TRUE(differs);
}

TEST(Genetic, StopsAfterItsPatience) {
  const segments::Spans single(std::vector<std::int32_t>{1, 2});  // one way to cut
  const std::vector<double> costs(single.count(), 1.0);
  const GeneticResult result = genetic(single, {costs, {}}, {100, 20, 30, 4}, Random(1, 0), [] {});
  EXPECT_EQ(result.trace.size(), 5u);  // the first and four more
  const GeneticResult all = genetic(single, {costs, {}}, {100, 20, 30, 0}, Random(1, 0), [] {});
  EXPECT_EQ(all.trace.size(), 31u);
}

TEST(Genetic, WithoutGenerationsGivesTheBestOfItsFirst) {
  const RandomGenetic instance(5);
  EXPECT_EQ(instance.run({100, 20, 0, 8}).trace.size(), 1u);
}

TEST(Genetic, FindsProductsNoSmallerThanTheLeast) {
  for (std::uint64_t trial = 0; trial < 20; ++trial) {
    RandomGenetic instance(trial);
    const std::vector<double> energy = random_costs(instance.spans, instance.random);
    const GeneticResult result =
        genetic(instance.spans, {instance.costs, energy}, {}, Random(trial, 0), [] {});
    const segments::Ends least = least_product(instance.spans, instance.costs, energy);
    const double optimum = segments::total(instance.spans, least, instance.costs) *
                           segments::total(instance.spans, least, energy);
    ASSERT_GE(result.cost, optimum * (1 - 1e-12)) << "trial " << trial;
    ASSERT_DOUBLE_EQ(result.cost, segments::total(instance.spans, result.best, instance.costs) *
                                      segments::total(instance.spans, result.best, energy));
  }
}

TEST(Genetic, AsksWhetherToGoOnInEveryGeneration) {
  const RandomGenetic instance(7);
  int asked = 0;
  genetic(instance.spans, {instance.costs, {}}, {100, 20, 6, 0}, Random(1, 0), [&] { ++asked; });
  EXPECT_EQ(asked, 6);
}

}  // namespace
}  // namespace imbrex::compass
