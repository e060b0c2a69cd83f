// Counting `timeloop` against that tool's own procedure, followed box by box. Nests have two
// fan-outs in a row, between which levels may keep nothing.
#include "timeloop_twin.hpp"

#include "equal_counts.hpp"

#include <imbrex/plugin/host.hpp>

#include <gtest/gtest.h>

namespace imbrex::nests {
namespace {

constexpr std::size_t kLevels = 4;

Problem random_convolution(Random& random) {
  Problem problem;
  problem.mappable = true;
  const auto one = [](Dim dim) { return Rank{{imbrex::index(dim), 0}, {1, 0}, 1}; };
  const auto window = [&](Dim slide, Dim tap) {
    return Rank{{imbrex::index(slide), imbrex::index(tap)},
                {random.below(3) == 0 ? 2 : 1, random.below(3) == 0 ? 2 : 1},
                1};
  };
  for (const Dim dim : {Dim::K, Dim::C, Dim::R, Dim::S}) {
    problem.tensor[index(Role::weights)].add(one(dim));
  }
  problem.tensor[index(Role::inputs)].add(one(Dim::C));
  problem.tensor[index(Role::inputs)].add(window(Dim::P, Dim::R));
  problem.tensor[index(Role::inputs)].add(window(Dim::Q, Dim::S));
  for (const Dim dim : {Dim::K, Dim::P, Dim::Q}) {
    problem.tensor[index(Role::outputs)].add(one(dim));
  }
  return problem;
}

// Loops of 2 to 4 over the dimensions of windows mostly; levels 1 and 2 fan out.
Mapping random_mapping(Random& random, Problem& problem) {
  Mapping mapping;
  std::int64_t points = 1;
  for (std::uint8_t level = 0; level < kLevels; ++level) {
    for (const LoopKind kind : {LoopKind::temporal, LoopKind::spatial}) {
      const bool fans_out = level == 1 || level == 2;
      if (kind == LoopKind::spatial && !fans_out) {
        continue;
      }
      for (std::int64_t i = random.between(0, level >= 2 ? 2 : 3); i > 0; --i) {
        constexpr Dim kDims[] = {Dim::P, Dim::R, Dim::P, Dim::R, Dim::Q, Dim::S, Dim::K, Dim::C};
        const Loop loop{kDims[random.below(level == 3 ? 8 : 6)], kind, level, random.between(2, 4)};
        if (points * loop.bound <= 10'000) {
          points *= loop.bound;
          problem.bounds[loop.dim] *= loop.bound;
          mapping.loops[mapping.count++] = loop;
        }
      }
    }
  }
  return mapping;
}

Hierarchy random_hierarchy(Random& random) {
  Hierarchy hierarchy;
  hierarchy.counting = Counting::timeloop;
  hierarchy.link_transfers = random.below(4) != 0;
  hierarchy.levels.resize(kLevels);
  for (Level& level : hierarchy.levels) {
    level.fanout = 1 << 20;
    level.keep = static_cast<KeepMask>(random.between(0, 7));
  }
  hierarchy.levels[0].keep = 0b111;
  hierarchy.levels[2].keep = random.below(3) == 0 ? hierarchy.levels[2].keep : KeepMask{0};
  return hierarchy;
}

TEST(TimeloopTwin, ClosedFormsEqualTheToolsProcedure) {
  constexpr std::uint64_t kSeed = 20'251'129;
  constexpr std::uint64_t kTrials = 4000;
  std::uint64_t linked = 0;
  for (std::uint64_t trial = 0; trial < kTrials; ++trial) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", trial " + std::to_string(trial));
    Random random(kSeed, trial);
    Problem problem = random_convolution(random);
    const Hierarchy hierarchy = random_hierarchy(random);
    const Mapping mapping = random_mapping(random, problem);
    const NestCounts counts = count(problem, hierarchy, mapping);
    const TimeloopTwin twin(problem, hierarchy, mapping);
    expect_equal_counts(counts, hierarchy, twin);
    ASSERT_FALSE(testing::Test::HasFatalFailure());
    for (std::size_t level = 1; level < kLevels; ++level) {
      for (std::size_t role = 0; role < kRoles; ++role) {
        const bool keeps = (hierarchy.levels[level].keep & keep_bit(role)) != 0;
        linked += keeps && twin.has_links(role, level) ? 1 : 0;
      }
    }
  }
  EXPECT_GT(linked, 100u) << "trials must reach link transfers";
}

}  // namespace
}  // namespace imbrex::nests
