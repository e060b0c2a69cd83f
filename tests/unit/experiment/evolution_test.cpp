// NSGA-II, as the library that is loaded for it, on spaces that are small enough to enumerate.
#include "evolution/evolve.hpp"
#include "experiment/pareto.hpp"
#include "experiment/search.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <stdexcept>

#include <gtest/gtest.h>

namespace imbrex::experiment {
namespace {

using Genome = std::vector<std::size_t>;
constexpr double kInfeasible = 1e300;

// Genes of so many levels, and what a genome costs.
struct Space {
  std::vector<std::size_t> levels;
  Costs (*costs)(const Genome& genome);

  std::vector<Genome> genomes() const {
    std::vector<Genome> out = {{}};
    for (const std::size_t size : levels) {
      std::vector<Genome> longer;
      for (const Genome& genome : out) {
        for (std::size_t level = 0; level < size; ++level) {
          longer.push_back(genome);
          longer.back().push_back(level);
        }
      }
      out = std::move(longer);
    }
    return out;
  }
};

// Two conflicting sums of squares; the third gene should be small for both.
Costs two_hills(const Genome& genome) {
  const auto square = [](double x) { return x * x; };
  const auto x = static_cast<double>(genome[0]);
  const auto y = static_cast<double>(genome[1]);
  const auto z = static_cast<double>(genome[2]);
  return {square(x) + square(y) + z, square(x - 9) + square(y - 5) + z};
}

// Three objectives, a ridge that is forbidden.
Costs with_a_gap(const Genome& genome) {
  const auto x = static_cast<double>(genome[0]);
  const auto y = static_cast<double>(genome[1]);
  return genome[0] % 4 == 2 || genome[1] == 3
             ? Costs(3, kInfeasible)
             : Costs{x + std::abs(y - 4), std::abs(x - 7) + y, std::abs(x - y)};
}

// Nearly everything is infeasible; the rest is a staircase.
Costs needles(const Genome& genome) {
  return genome[0] + genome[1] == 14
             ? Costs{static_cast<double>(genome[0]), static_cast<double>(genome[1])}
             : Costs(2, kInfeasible);
}

// What was asked for.
struct History {
  std::vector<std::vector<Genome>> generations;
  std::map<Genome, Costs> known;

  std::vector<Costs> front() const {
    std::vector<Costs> all;
    for (const auto& [genome, costs] : known) {
      if (costs[0] < kInfeasible) {
        all.push_back(costs);
      }
    }
    std::vector<Costs> out;
    for (const std::size_t member : front_of(all)) {
      out.push_back(all[member]);
    }
    return out;
  }
};

History evolved(const Space& space, std::size_t population, std::size_t generations,
                std::uint32_t seed = 1, std::size_t stop_after = 1000) {
  History run;
  Genome first;
  std::mt19937 random(seed);
  for (std::size_t i = 0; i < population * space.levels.size(); ++i) {
    first.push_back(random() % space.levels[i % space.levels.size()]);
  }
  const std::size_t objectives = space.costs(Genome(space.levels.size(), 0)).size();
  const auto evaluate = [&](std::span<const std::size_t> genomes, std::span<double> costs) {
    run.generations.emplace_back();
    for (std::size_t i = 0; i < genomes.size() / space.levels.size(); ++i) {
      const auto part = genomes.subspan(i * space.levels.size(), space.levels.size());
      const Genome genome(part.begin(), part.end());
      const Costs of = space.costs(genome);
      std::copy(of.begin(), of.end(), costs.begin() + static_cast<std::ptrdiff_t>(i * objectives));
      run.generations.back().push_back(genome);
      run.known[genome] = of;
    }
    return run.generations.size() < stop_after;
  };
  open_nsga2()({space.levels, objectives, population, generations, seed, first}, evaluate);
  return run;
}

std::vector<Costs> exact_front(const Space& space) {
  History all;
  for (const Genome& genome : space.genomes()) {
    all.known[genome] = space.costs(genome);
  }
  return all.front();
}

std::vector<Costs> without_twins(std::vector<Costs> front) {
  front.erase(std::unique(front.begin(), front.end()), front.end());
  return front;
}

TEST(Evolution, FindsTheExactFrontOfSmallSpaces) {
  for (const Space& space : {Space{{10, 6, 40}, two_hills}, Space{{12, 9}, with_a_gap}}) {
    const History run = evolved(space, 24, 60);
    EXPECT_EQ(without_twins(run.front()), without_twins(exact_front(space)));
    EXPECT_GT(without_twins(run.front()).size(), 3U);
  }
  const Space large{{10, 6, 40}, two_hills};
  EXPECT_LT(evolved(large, 24, 60).known.size(), large.genomes().size() / 2)
      << "what looks at everything needs no search";
}

// Fifteen of 225 genomes are feasible, none of them beside another: most are found all the same.
TEST(Evolution, GetsAwayFromWhatIsInfeasible) {
  const Space space{{15, 15}, needles};
  const std::vector<Costs> exact = without_twins(exact_front(space));
  ASSERT_EQ(exact.size(), 15U);
  for (const std::uint32_t seed : {1U, 2U, 3U}) {
    const std::vector<Costs> found = without_twins(evolved(space, 24, 60, seed).front());
    EXPECT_TRUE(std::includes(exact.begin(), exact.end(), found.begin(), found.end()));
    EXPECT_GE(found.size(), 8U);
  }
}

TEST(Evolution, AsksForWholeGenerationsWithinTheSpace) {
  const Space space{{2, 7, 3}, two_hills};
  const History run = evolved(space, 12, 9);
  ASSERT_EQ(run.generations.size(), 9U);
  for (const auto& generation : run.generations) {
    ASSERT_EQ(generation.size(), 12U);
    for (const Genome& genome : generation) {
      for (std::size_t gene = 0; gene < genome.size(); ++gene) {
        EXPECT_LT(genome[gene], space.levels[gene]);
      }
    }
  }
}

TEST(Evolution, DependsOnItsSeedAndOnNothingElse) {
  const Space space{{30, 30, 30}, two_hills};
  const History run = evolved(space, 16, 12, 5);
  EXPECT_EQ(evolved(space, 16, 12, 5).generations, run.generations);
  EXPECT_NE(evolved(space, 16, 12, 6).generations, run.generations);
  const History shorter = evolved(space, 16, 4, 5);
  EXPECT_TRUE(
      std::equal(shorter.generations.begin(), shorter.generations.end(), run.generations.begin()))
      << "more generations go on where fewer ended";
}

TEST(Evolution, StopsWhenToldAndLetsErrorsThrough) {
  EXPECT_EQ(evolved({{30, 30, 30}, two_hills}, 16, 12, 5, 3).generations.size(), 3U);
  EXPECT_EQ(evolved({{30, 30, 30}, two_hills}, 16, 12, 5, 1).generations.size(), 1U);
  const auto fail = [](const Genome&) -> Costs { throw std::runtime_error("no room"); };
  Space broken{{4, 4}, two_hills};
  const Genome first(16, 0);
  const auto evaluate = [&](std::span<const std::size_t>, std::span<double>) {
    fail({});
    return true;
  };
  EXPECT_THROW(open_nsga2()({broken.levels, 2, 8, 3, 1, first}, evaluate), std::runtime_error);
}

// No order among equals may make the sorting fall over.
TEST(Evolution, BearsCostsThatAreAllTheSame) {
  const auto flat = [](const Genome&) { return Costs{1, 1}; };
  const auto infeasible = [](const Genome&) { return Costs(2, kInfeasible); };
  EXPECT_EQ(evolved({{9, 9}, flat}, 16, 20).generations.size(), 20U);
  EXPECT_TRUE(evolved({{9, 9}, infeasible}, 16, 20).front().empty());
}

}  // namespace
}  // namespace imbrex::experiment
