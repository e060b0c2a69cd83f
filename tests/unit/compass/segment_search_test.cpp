// Specification compass sections 11, 14 A, 15.4, 15.6 and 15.11.
#include "sequences.hpp"

#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/segments/segment_search.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace imbrex::segments {
namespace {

const std::vector<double>& costs_a() {
  static const std::vector<double> costs = example_a_costs();
  return costs;
}

TEST(ExampleA, HasTheSpansAndCosts) {
  const Spans spans = example_a();
  EXPECT_EQ(spans.count(), 14u);
  EXPECT_EQ(all_groups(spans).size(), 22u);
  const std::vector<double> table = {20, 37, 65, 19, 27, 18, 28, 30, 18, 20, 29, 12, 15, 13};
  EXPECT_EQ(costs_a(), table);
}

TEST(ExampleA, GreedyCosts94) {
  const Ends ends = greedy(example_a());
  EXPECT_EQ(ends, (Ends{3, 6}));
  EXPECT_EQ(total(example_a(), ends, costs_a()), 94);
}

TEST(ExampleA, LayerwiseCosts100) {
  EXPECT_EQ(total(example_a(), {1, 2, 3, 4, 5, 6}, costs_a()), 100);
}

TEST(ExampleA, TheOptimumIs76) {
  const Ends ends = shortest_path(example_a(), costs_a());
  EXPECT_EQ(ends, (Ends{1, 3, 6}));
  EXPECT_EQ(total(example_a(), ends, costs_a()), 76);
}

TEST(ShortestPath, EqualsEnumerationOnRandomCosts) {
  for (std::uint64_t trial = 0; trial < 400; ++trial) {
    Random random(23, trial);
    const Spans spans = random_spans(random, 14);
    const std::vector<double> costs = random_costs(spans, random);
    double best = std::numeric_limits<double>::infinity();
    for (const Ends& group : all_groups(spans)) {
      best = std::min(best, total(spans, group, costs));
    }
    const Ends ends = shortest_path(spans, costs);
    ASSERT_TRUE(is_group(spans, ends)) << "trial " << trial;
    ASSERT_EQ(total(spans, ends, costs), best) << "trial " << trial;
  }
}

TEST(ShortestPath, IsNeverAboveGreedy) {
  for (std::uint64_t trial = 0; trial < 200; ++trial) {
    Random random(29, trial);
    const Spans spans = random_spans(random, 40);
    const std::vector<double> costs = random_costs(spans, random);
    ASSERT_LE(total(spans, shortest_path(spans, costs), costs), total(spans, greedy(spans), costs));
  }
}

TEST(ShortestPath, TakesTheFewestSpansWhenEachCostsTheSame) {
  for (std::uint64_t trial = 0; trial < 200; ++trial) {
    Random random(31, trial);
    const Spans spans = random_spans(random, 40);
    EXPECT_EQ(shortest_path(spans, std::vector<double>(spans.count(), 5.0)).size(),
              greedy(spans).size());
  }
}

TEST(ShortestPath, TiesWhenCostsAreSumsOverUnits) {
  for (std::uint64_t trial = 0; trial < 100; ++trial) {
    Random random(37, trial);
    const Spans spans = random_spans(random, 12);
    std::vector<double> unit(static_cast<std::size_t>(spans.units()));
    std::generate(unit.begin(), unit.end(), [&] { return static_cast<double>(random.below(50)); });
    std::vector<double> costs;
    for (std::int32_t a = 0; a < spans.units(); ++a) {
      double sum = 0;
      for (std::int32_t b = a; b < spans.largest_end(a); ++b) {
        sum += unit[static_cast<std::size_t>(b)];
        costs.push_back(sum);
      }
    }
    const double expected = total(spans, shortest_path(spans, costs), costs);
    for (const Ends& group : all_groups(spans)) {
      ASSERT_EQ(total(spans, group, costs), expected);
    }
  }
}

TEST(ShortestPath, AsksForEverySpanOnceAndIsTheSameWhenToldOnlyWhatMatters) {
  for (std::uint64_t trial = 0; trial < 200; ++trial) {
    Random random(43, trial);
    const Spans spans = random_spans(random, 40);
    const std::vector<double> costs = random_costs(spans, random);
    std::size_t asked = 0;
    const Ends ends = shortest_path(spans, [&](UnitSpan span, double before, double least) {
      const std::size_t number = spans.number(span.begin, span.end);
      EXPECT_EQ(number, asked++);
      return before + costs[number] < least ? costs[number]
                                            : std::numeric_limits<double>::infinity();
    });
    EXPECT_EQ(asked, spans.count());
    ASSERT_EQ(ends, shortest_path(spans, costs)) << "trial " << trial;
  }
}

TEST(ShortestPath, OfEqualSumsHasLongerSpansLate) {
  EXPECT_EQ(shortest_path(Spans({2, 3, 3}), std::vector<double>{1, 2, 1, 2, 1}), (Ends{1, 3}));
}

TEST(ShortestPath, TakesSingleUnitsWhenCostsGrowWithTheSquare) {
  Random random(41, 0);
  const Spans spans = random_spans(random, 30);
  std::vector<double> costs;
  for (std::int32_t a = 0; a < spans.units(); ++a) {
    for (std::int32_t b = a + 1; b <= spans.largest_end(a); ++b) {
      costs.push_back(static_cast<double>((b - a) * (b - a)));
    }
  }
  EXPECT_EQ(shortest_path(spans, costs).size(), static_cast<std::size_t>(spans.units()));
}

constexpr auto credit_of = [](std::size_t before, std::size_t next) {
  return static_cast<double>((before * 7 + next * 13) % 11);
};

TEST(PairCredit, EqualsEnumerationOnRandomInstances) {
  for (std::uint64_t trial = 0; trial < 300; ++trial) {
    Random random(43, trial);
    const Spans spans = random_spans(random, 13);
    const std::vector<double> costs = random_costs(spans, random);
    double best = std::numeric_limits<double>::infinity();
    for (const Ends& group : all_groups(spans)) {
      best = std::min(best, total_with_credit(spans, group, costs, credit_of));
    }
    const Ends ends = shortest_path_with_credit(spans, costs, credit_of);
    ASSERT_TRUE(is_group(spans, ends)) << "trial " << trial;
    ASSERT_EQ(total_with_credit(spans, ends, costs, credit_of), best) << "trial " << trial;
  }
}

TEST(PairCredit, WithoutCreditIsTheShortestPath) {
  for (std::uint64_t trial = 0; trial < 100; ++trial) {
    Random random(47, trial);
    const Spans spans = random_spans(random, 30);
    const std::vector<double> costs = random_costs(spans, random);
    const Ends ends =
        shortest_path_with_credit(spans, costs, [](std::size_t, std::size_t) { return 0.0; });
    ASSERT_EQ(total(spans, ends, costs), total(spans, shortest_path(spans, costs), costs));
  }
}

TEST(PairCredit, NeverCostsMoreThanWithoutCredit) {
  for (std::uint64_t trial = 0; trial < 100; ++trial) {
    Random random(53, trial);
    const Spans spans = random_spans(random, 30);
    const std::vector<double> costs = random_costs(spans, random);
    const Ends ends = shortest_path_with_credit(spans, costs, credit_of);
    ASSERT_LE(total_with_credit(spans, ends, costs, credit_of),
              total(spans, shortest_path(spans, costs), costs));
  }
}

TEST(LeastProduct, EqualsEnumerationOnRandomInstances) {
  for (std::uint64_t trial = 0; trial < 400; ++trial) {
    Random random(59, trial);
    const Spans spans = random_spans(random, 12);
    const std::vector<double> x = random_costs(spans, random);
    const std::vector<double> y = random_costs(spans, random);
    double best = std::numeric_limits<double>::infinity();
    for (const Ends& group : all_groups(spans)) {
      best = std::min(best, total(spans, group, x) * total(spans, group, y));
    }
    const Ends ends = least_product(spans, x, y);
    ASSERT_TRUE(is_group(spans, ends)) << "trial " << trial;
    ASSERT_EQ(total(spans, ends, x) * total(spans, ends, y), best) << "trial " << trial;
  }
}

TEST(LeastProduct, IsNeverAboveThatOfEitherShortestPath) {
  for (std::uint64_t trial = 0; trial < 100; ++trial) {
    Random random(61, trial);
    const Spans spans = random_spans(random, 40);
    const std::vector<double> x = random_costs(spans, random);
    const std::vector<double> y = random_costs(spans, random);
    const auto product = [&](const Ends& ends) {
      return total(spans, ends, x) * total(spans, ends, y);
    };
    const double least = product(least_product(spans, x, y));
    ASSERT_LE(least, product(shortest_path(spans, x)));
    ASSERT_LE(least, product(shortest_path(spans, y)));
  }
}

TEST(Spans, NumbersThemWithoutGaps) {
  Random random(67, 0);
  const Spans spans = random_spans(random, 30);
  std::size_t next = 0;
  for (std::int32_t a = 0; a < spans.units(); ++a) {
    for (std::int32_t b = a + 1; b <= spans.largest_end(a); ++b) {
      ASSERT_EQ(spans.number(a, b), next++);
      ASSERT_TRUE(spans.fits(a, b));
    }
    ASSERT_FALSE(spans.fits(a, spans.largest_end(a) + 1));
  }
  EXPECT_EQ(spans.count(), next);
}

}  // namespace
}  // namespace imbrex::segments
