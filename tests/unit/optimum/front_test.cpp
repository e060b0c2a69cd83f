// Fronts of time and energy against every mapping there is, and against one search per point.
#include "random_questions.hpp"

#include <imbrex/toolkit/optimum/front.hpp>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

using optimum::Front;
using optimum::FrontPoint;

constexpr auto kNeverCancelled = [] { return false; };
constexpr double kSlack = 3 * optimum::kMargin;

Front front_of(const RandomQuestion& question, std::size_t most_points = 0) {
  return optimum::front(question.space->spec(), question.problem, question.hierarchy,
                        {0, 0, 0, kNeverCancelled}, most_points);
}

std::vector<LayerCost> feasible_costs(const RandomQuestion& question) {
  std::vector<LayerCost> costs;
  for (mapspace::MapSpace::Index i = 0; i < question.space->size(); ++i) {
    const LayerCost cost = cost_of(question, question.space->at(i));
    if (cost.verdict == Verdict::feasible) {
      costs.push_back(cost);
    }
  }
  return costs;
}

// `one` is a mapping of the space: the front has something that is no worse.
bool is_covered(const Front& front, const LayerCost& one) {
  return std::any_of(front.points.begin(), front.points.end(), [&](const FrontPoint& point) {
    return point.cost.latency_ps <= one.latency_ps &&
           point.cost.energy_pj <= one.energy_pj * (1 + kSlack);
  });
}

// A mapping of the space that nobody should choose `point` beside.
bool is_outdone(const FrontPoint& point, const LayerCost& by) {
  return by.latency_ps < point.cost.latency_ps
             ? by.energy_pj <= point.cost.energy_pj
             : by.latency_ps == point.cost.latency_ps &&
                   by.energy_pj < point.cost.energy_pj * (1 - kSlack);
}

void expect_real(const RandomQuestion& question, const FrontPoint& point) {
  EXPECT_TRUE(question.space->contains(point.mapping));
  const LayerCost cost = cost_of(question, point.mapping);
  EXPECT_EQ(cost.verdict, Verdict::feasible);
  EXPECT_EQ(cost.latency_ps, point.cost.latency_ps);
  EXPECT_EQ(cost.energy_pj, point.cost.energy_pj);
}

std::int64_t wanted(const char* name, std::int64_t usual) {
  const char* const said = std::getenv(name);
  return said != nullptr ? std::atoll(said) : usual;
}

// IMBREX_OPTIMUM_PROBLEMS, IMBREX_OPTIMUM_SEED: as in optimum_test.cpp.
TEST(Front, EqualsEnumerationOfRandomProblems) {
  const std::int64_t problems = wanted("IMBREX_OPTIMUM_PROBLEMS", 1000);
  const auto seed = static_cast<std::uint64_t>(wanted("IMBREX_OPTIMUM_SEED", 23));
  std::size_t points = 0;
  for (std::int64_t i = 0; i < problems && !HasFailure(); ++i) {
    SCOPED_TRACE("problem " + std::to_string(i));
    Random random(seed, static_cast<std::uint64_t>(i));
    const RandomQuestion question = random_question(random, 20000);
    const Front front = front_of(question);
    EXPECT_TRUE(front.proved) << front.unproved;
    EXPECT_EQ(front.found, front.points.size());
    points += front.found;
    const std::vector<LayerCost> all = feasible_costs(question);
    for (const FrontPoint& point : front.points) {
      expect_real(question, point);
      EXPECT_TRUE(std::none_of(all.begin(), all.end(),
                               [&](const LayerCost& by) { return is_outdone(point, by); }));
    }
    EXPECT_TRUE(std::all_of(all.begin(), all.end(),
                            [&](const LayerCost& one) { return is_covered(front, one); }));
  }
  EXPECT_GT(points, static_cast<std::size_t>(problems + problems / 4));  // many have several
}

// The least energy of all mappings faster than so much, again and again: slow, and nothing new.
std::vector<LayerCost> one_by_one(const RandomQuestion& question) {
  constexpr double kNo = std::numeric_limits<double>::infinity();
  std::vector<LayerCost> slowest_first;
  std::int64_t limit_ps = std::numeric_limits<std::int64_t>::max();
  while (true) {
    const auto energy = [&](const LayerCost& cost) {
      return cost.latency_ps < limit_ps ? cost.energy_pj : kNo;
    };
    const optimum::Answer answer =
        optimum::solve({question.space->spec(), question.problem, question.hierarchy, energy},
                       {0, 0, 0, kNeverCancelled});
    EXPECT_TRUE(answer.proved) << answer.unproved;
    if (!answer.mapping || answer.objective == kNo) {
      return slowest_first;
    }
    // As little energy, faster: no point of its own.
    if (!slowest_first.empty() &&
        answer.cost.energy_pj * (1 - optimum::kMargin) <= slowest_first.back().energy_pj) {
      slowest_first.pop_back();
    }
    slowest_first.push_back(answer.cost);
    limit_ps = answer.cost.latency_ps;
  }
}

TEST(Front, EqualsOneSearchPerPointWhereNobodyEnumerates) {
  std::size_t points = 0;
  for (std::uint64_t i = 0; i < 60 && !HasFailure(); ++i) {
    SCOPED_TRACE("problem " + std::to_string(i));
    Random random(29, i);
    const RandomQuestion question = random_question(random, 1'000'000'000'000);
    const Front front = front_of(question);
    EXPECT_TRUE(front.proved) << front.unproved;
    const std::vector<LayerCost> other = one_by_one(question);
    ASSERT_EQ(front.points.size(), other.size());
    for (std::size_t p = 0; p < other.size(); ++p) {
      const LayerCost& same = other[other.size() - 1 - p];
      EXPECT_EQ(front.points[p].cost.latency_ps, same.latency_ps);
      EXPECT_NEAR(front.points[p].cost.energy_pj, same.energy_pj, kSlack * same.energy_pj);
    }
    points += other.size();
  }
  EXPECT_GT(points, 80u);
}

TEST(Front, LeavesOutPointsBetweenOthersAndSaysHowManyThereWere) {
  for (std::uint64_t i = 0;; ++i) {
    ASSERT_LT(i, 1000u);
    Random random(31, i);
    const RandomQuestion question = random_question(random, 20000);
    const Front all = front_of(question);
    if (all.points.size() < 5) {
      continue;
    }
    const Front few = front_of(question, 3);
    EXPECT_TRUE(few.proved);
    EXPECT_EQ(few.found, all.points.size());
    ASSERT_EQ(few.points.size(), 3u);
    EXPECT_EQ(few.points[0].mapping, all.points.front().mapping);
    EXPECT_EQ(few.points[1].mapping, all.points[(all.points.size() - 1) / 2].mapping);
    EXPECT_EQ(few.points[2].mapping, all.points.back().mapping);
    return;
  }
}

TEST(Front, OfAnUnfinishedSearchIsNotProved) {
  int unfinished = 0;
  int with_points = 0;
  for (std::uint64_t i = 0; i < 200; ++i) {
    Random random(37, i);
    const RandomQuestion question = random_question(random, 1'000'000'000);
    const Front front = optimum::front(question.space->spec(), question.problem, question.hierarchy,
                                       {0, 300, 0, kNeverCancelled});
    EXPECT_EQ(front.proved, front.unproved.empty());
    if (!front.proved) {
      ++unfinished;
      with_points += front.points.empty() ? 0 : 1;
      EXPECT_EQ(front.unproved, "max_states");
      std::for_each(front.points.begin(), front.points.end(),
                    [&](const FrontPoint& point) { expect_real(question, point); });
    }
  }
  EXPECT_GT(unfinished, 10);
  EXPECT_GT(with_points, 10);
}

TEST(Front, PlacesAreSpreadEvenly) {
  using Places = std::vector<std::size_t>;
  EXPECT_EQ(optimum::evenly_spread(0), Places{});
  EXPECT_EQ(optimum::evenly_spread(1), (Places{0}));
  EXPECT_EQ(optimum::evenly_spread(2), (Places{0, 1}));
  EXPECT_EQ(optimum::evenly_spread(5), (Places{0, 4, 2, 1, 3}));
  EXPECT_EQ(optimum::evenly_spread(8), (Places{0, 7, 3, 1, 5, 2, 4, 6}));
}

}  // namespace
}  // namespace imbrex::test
