// The fewest steps against every way there is to share small jobs; fitting tiles against whole
// counts.
#include "spread.hpp"

#include "tile_room.hpp"

#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/nests/counts.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex::loop_nest {
namespace {

constexpr DimOrder kOrder = {Dim::C, Dim::K, Dim::G, Dim::Q, Dim::P, Dim::S, Dim::R, Dim::N};

Extents extents(std::int64_t k, std::int64_t c, std::int64_t q) {
  Extents result;
  result.fill(1);
  result[imbrex::index(Dim::K)] = k;
  result[imbrex::index(Dim::C)] = c;
  result[imbrex::index(Dim::Q)] = q;
  return result;
}

SpreadSlot slot(std::int64_t fanout, std::vector<Dim> dims) {
  SpreadSlot result;
  result.fanout = fanout;
  result.order = kOrder;
  result.most.fill(1);
  for (const Dim dim : dims) {
    result.most[imbrex::index(dim)] = fanout;
  }
  return result;
}

// Every share of every dimension in every slot.
class EveryWay {
 public:
  explicit EveryWay(const SpreadProblem& problem) : problem_(problem) {}
  std::int64_t fewest() {
    std::vector<std::int64_t> room;
    for (const SpreadSlot& slot : problem_.slots) {
      room.push_back(slot.fanout);
    }
    visit(0, 0, problem_.extent[0], 1, room);
    return fewest_;
  }

 private:
  void visit(std::size_t d, std::size_t s, std::int64_t left, std::int64_t steps,
             std::vector<std::int64_t>& room) {
    if (s == problem_.slots.size()) {
      steps *= left;
      if (d + 1 == kDimCount) {
        fewest_ = std::min(fewest_, steps);
      } else {
        visit(d + 1, 0, problem_.extent[d + 1], steps, room);
      }
      return;
    }
    const std::int64_t all = room[s];
    for (std::int64_t share = 1; share <= std::min({all, left, problem_.slots[s].most[d]});
         ++share) {
      if (!problem_.divides || left % share == 0) {
        room[s] = all / share;
        visit(d, s + 1, (left + share - 1) / share, steps, room);
      }
    }
    room[s] = all;
  }

  const SpreadProblem& problem_;
  std::int64_t fewest_ = INT64_MAX;
};

void expect_consistent(const SpreadProblem& problem, const Spread& spread) {
  std::int64_t steps = 1;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    std::int64_t left = problem.extent[d];
    for (std::size_t s = 0; s < problem.slots.size(); ++s) {
      EXPECT_LE(spread.share[s][d], problem.slots[s].most[d]);
      EXPECT_TRUE(!problem.divides || left % spread.share[s][d] == 0);
      left = (left + spread.share[s][d] - 1) / spread.share[s][d];
    }
    EXPECT_EQ(left, spread.left[d]);
    steps *= left;
  }
  EXPECT_EQ(steps, spread.steps);
  for (std::size_t s = 0; s < problem.slots.size(); ++s) {
    EXPECT_LE(product_of(spread.share[s]), problem.slots[s].fanout);
  }
}

TEST(Spread, NeedsTheFewestStepsOfAllWays) {
  constexpr std::uint64_t kSeed = 71;
  for (std::uint64_t trial = 0; trial < 2000; ++trial) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", trial " + std::to_string(trial));
    Random random(kSeed, trial);
    Extents extent;
    extent.fill(1);
    for (const Dim dim : {Dim::K, Dim::C, Dim::Q, Dim::R}) {
      extent[imbrex::index(dim)] = random.between(1, dim == Dim::R ? 3 : 13);
    }
    std::vector<SpreadSlot> slots;
    const std::int64_t count = random.between(1, 2);
    for (std::int64_t s = 0; s < count; ++s) {
      SpreadSlot one = slot(random.between(1, 24), {});
      for (const Dim dim : {Dim::K, Dim::C, Dim::Q, Dim::R}) {
        one.most[imbrex::index(dim)] = random.below(4) == 0 ? random.between(1, 3) : one.fanout;
      }
      slots.push_back(one);
    }
    const SpreadProblem problem{extent, slots, random.below(3) == 0};
    const Spread greedy = greedy_spread(problem);
    const Spread fewest = fewest_steps(problem, greedy);
    expect_consistent(problem, greedy);
    expect_consistent(problem, fewest);
    ASSERT_EQ(fewest.steps, EveryWay(problem).fewest());
  }
}

// Greedy takes 64 of the 65 channels' turns first: 2 steps for them, 100 for the columns. 100
// columns on 50 of the elements take 2 steps, which 65 channels repeat: 130.
TEST(Spread, GivesUpGreedySharesWhereOtherOnesAreFaster) {
  SpreadSlot channels_first = slot(64, {Dim::K, Dim::Q});
  const std::vector<SpreadSlot> slots{channels_first};
  const SpreadProblem problem{extents(65, 1, 100), slots, false};
  const Spread greedy = greedy_spread(problem);
  EXPECT_EQ(greedy.share[0][imbrex::index(Dim::K)], 33);  // as few as two steps need
  EXPECT_EQ(greedy.steps, 2 * 100);
  const Spread spread = fewest_steps(problem, greedy);
  EXPECT_LE(spread.steps, 130);
  EXPECT_EQ(spread.steps, EveryWay(problem).fewest());
}

TEST(Spread, KeepsWhatIsGivenUnlessSomethingIsBetter) {
  const std::vector<SpreadSlot> slots{slot(8, {Dim::K, Dim::Q})};
  const SpreadProblem problem{extents(8, 1, 8), slots, false};
  Spread good(problem.extent);
  good.share[0][imbrex::index(Dim::K)] = 2;
  good.share[0][imbrex::index(Dim::Q)] = 4;
  good.left[imbrex::index(Dim::K)] = 4;
  good.left[imbrex::index(Dim::Q)] = 2;
  good.steps = 8;
  EXPECT_EQ(fewest_steps(problem, good).share, good.share);
  EXPECT_EQ(greedy_spread(problem).share[0][imbrex::index(Dim::K)], 8);
}

TEST(Spread, PrimeNumbersOfElementsAreUsed) {
  const std::vector<SpreadSlot> slots{slot(871, {Dim::K, Dim::C, Dim::Q}), slot(8, {Dim::C})};
  const SpreadProblem problem{extents(64, 64, 56), slots, false};
  const Spread spread = fewest_steps(problem, greedy_spread(problem));
  expect_consistent(problem, spread);
  // 64 * 64 * 56 / (871 * 8) = 32.9; 8 channels inside, 8 * 13 outside with 56 positions: 8 * 5 =
  // 40 is what dividing shares cannot reach.
  EXPECT_LE(spread.steps, 36);
  const SpreadProblem dividing{problem.extent, slots, true};
  EXPECT_GE(fewest_steps(dividing, greedy_spread(dividing)).steps, 40);
}

// Rows of a convolution whose filter slides by one to three rows.
Problem sliding_problem(Random& random) {
  Problem problem;
  problem.mappable = true;
  for (const Dim dim : {Dim::K, Dim::C, Dim::R}) {
    problem.tensor[index(Role::weights)].add({{imbrex::index(dim), 0}, {1, 0}, 1});
  }
  problem.tensor[index(Role::inputs)].add({{imbrex::index(Dim::C), 0}, {1, 0}, 1});
  problem.tensor[index(Role::inputs)].add(
      {{imbrex::index(Dim::P), imbrex::index(Dim::R)}, {random.between(1, 3), 1}, 1});
  problem.tensor[index(Role::outputs)].add({{imbrex::index(Dim::K), 0}, {1, 0}, 1});
  problem.tensor[index(Role::outputs)].add({{imbrex::index(Dim::P), 0}, {1, 0}, 1});
  return problem;
}

Hierarchy three_levels(Random& random) {
  Hierarchy hierarchy;
  hierarchy.levels.resize(3);
  for (Level& level : hierarchy.levels) {
    level.keep = static_cast<KeepMask>(random.between(0, 7));
    level.capacity_bits = random.below(3) == 0 ? 0 : random.between(8, 1200);
  }
  hierarchy.levels[0].keep = 0b111;
  return hierarchy;
}

TEST(TileRoom, FitsWhenTheWholeCountSaysSo) {
  constexpr std::uint64_t kSeed = 5;
  std::size_t fitting = 0;
  constexpr std::uint64_t kTrials = 3000;
  for (std::uint64_t trial = 0; trial < kTrials; ++trial) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", trial " + std::to_string(trial));
    Random random(kSeed, trial);
    Problem problem = sliding_problem(random);
    const Hierarchy hierarchy = three_levels(random);
    Mapping mapping;
    Extents whole;
    whole.fill(1);
    for (std::uint8_t level = 0; level < 3; ++level) {
      for (const Dim dim : {Dim::K, Dim::C, Dim::P, Dim::R}) {
        const std::int64_t bound = random.between(1, 3);
        mapping.loops[mapping.count++] = {dim, LoopKind::temporal, level, bound};
        whole[imbrex::index(dim)] *= bound;
      }
    }
    problem.bounds.bound = whole;
    TileRoom room(problem, hierarchy, whole);
    for (const Loop& loop : mapping.all_loops()) {
      if (&loop != &mapping.loops[4]) {
        room.multiply(loop.level, imbrex::index(loop.dim), loop.bound);
      }
    }
    const Loop& last = mapping.loops[4];  // of level 1
    const bool inside = room.fits();
    const bool fits = inside && room.fits_with(1, imbrex::index(last.dim), last.bound);
    fitting += fits ? 1 : 0;
    ASSERT_EQ(fits, count(problem, hierarchy, mapping).verdict == Verdict::feasible);
  }
  EXPECT_GT(fitting, kTrials / 10);
  EXPECT_LT(fitting, kTrials * 9 / 10);
}

}  // namespace
}  // namespace imbrex::loop_nest
