// Dominance and hypervolume against their definitions, on small whole numbers with many ties.
#include "experiment/pareto.hpp"

#include <algorithm>
#include <limits>
#include <random>

#include <gtest/gtest.h>

namespace imbrex::experiment {
namespace {

std::vector<Costs> random_costs(std::mt19937& random, std::size_t objectives, std::size_t values) {
  std::vector<Costs> out(random() % 12);
  for (Costs& costs : out) {
    for (std::size_t i = 0; i < objectives; ++i) {
      costs.push_back(static_cast<double>(random() % values));
    }
  }
  return out;
}

bool beats(const Costs& one, const Costs& other) {
  bool nowhere_worse = true;
  for (std::size_t i = 0; i < one.size(); ++i) {
    nowhere_worse = nowhere_worse && one[i] <= other[i];
  }
  return nowhere_worse && one != other;
}

TEST(Pareto, FrontsAreWhatNoneOfAllPairsBeats) {
  std::mt19937 random(3);
  for (int round = 0; round < 600; ++round) {
    const std::vector<Costs> all = random_costs(random, 1 + random() % 4, 2 + random() % 5);
    std::vector<std::size_t> expected;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (std::none_of(all.begin(), all.end(),
                       [&](const Costs& by) { return beats(by, all[i]); })) {
        expected.push_back(i);
      }
    }
    std::vector<std::size_t> found = front_of(all);
    EXPECT_TRUE(std::is_sorted(found.begin(), found.end(), [&](std::size_t a, std::size_t b) {
      return all[a] != all[b] ? all[a] < all[b] : a < b;
    }));
    std::sort(found.begin(), found.end());
    ASSERT_EQ(found, expected) << "round " << round;
  }
}

// Counts the unit cells below the reference that some point dominates.
double counted_cells(const std::vector<Costs>& points, std::size_t objectives,
                     std::size_t reference) {
  std::size_t cells = 1;
  for (std::size_t i = 0; i < objectives; ++i) {
    cells *= reference;
  }
  double count = 0;
  for (std::size_t cell = 0; cell < cells; ++cell) {
    count += std::any_of(points.begin(), points.end(), [&](const Costs& point) {
      std::size_t rest = cell;
      return std::all_of(point.begin(), point.end(), [&](double cost) {
        const auto at = static_cast<double>(rest % reference);
        rest /= reference;
        return cost <= at;
      });
    });
  }
  return count;
}

TEST(Pareto, TheHypervolumeIsThatOfCountedCells) {
  std::mt19937 random(5);
  for (int round = 0; round < 400; ++round) {
    const std::size_t objectives = 1 + random() % 4;
    const std::size_t reference = 1 + random() % 5;
    const std::vector<Costs> points = random_costs(random, objectives, reference + 2);
    const double expected = counted_cells(points, objectives, reference);
    ASSERT_EQ(hypervolume(points, Costs(objectives, static_cast<double>(reference))), expected)
        << "round " << round;
  }
}

TEST(Pareto, CostsTurnWhatShouldBeLarge) {
  PointRecord record;
  record.quantities = {{"latency_ps", std::int64_t{5}},
                       {"utilisation", 0.5},
                       {"energy_pj", std::numeric_limits<double>::quiet_NaN()},
                       {"exactness", std::string("exact")}};
  EXPECT_EQ(costs_of(&record, {"utilisation", "latency_ps"}), (Costs{-0.5, 5}));
  EXPECT_EQ(costs_of(&record, {"latency_ps", "energy_pj"}), std::nullopt) << "no number to sort by";
  EXPECT_EQ(costs_of(&record, {"latency_ps", "edp_js"}), std::nullopt);
  EXPECT_EQ(costs_of(nullptr, {"latency_ps"}), std::nullopt);
}

}  // namespace
}  // namespace imbrex::experiment
