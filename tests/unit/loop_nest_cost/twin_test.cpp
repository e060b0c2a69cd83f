// The closed forms against a walk through every step of every instance with explicit sets of
// points.
#include "equal_counts.hpp"

#include <imbrex/plugin/host.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex::loop_nest {
namespace {

using Point = std::vector<std::int64_t>;
using Points = std::set<Point>;
using Coordinates = std::array<std::int64_t, kDimCount>;

struct Digit {
  Loop loop;
  std::int64_t stride = 1;
};

// All loops outermost first, with the distance between their iterations.
std::vector<Digit> digits_of(const Mapping& mapping) {
  std::vector<Digit> digits;
  Coordinates reach{1, 1, 1, 1, 1, 1, 1, 1};
  for (std::size_t i = mapping.count; i-- > 0;) {
    const Loop& loop = mapping.loops[i];
    digits.insert(digits.begin(), {loop, reach[imbrex::index(loop.dim)]});
    reach[imbrex::index(loop.dim)] *= loop.bound;
  }
  return digits;
}

// Every combination of the chosen loops, in nest order, as offsets per dimension.
template <class Chosen>
std::vector<Coordinates> walk(const std::vector<Digit>& digits, Chosen&& chosen) {
  std::vector<Coordinates> all{{}};
  for (const Digit& digit : digits) {
    if (!chosen(digit.loop)) {
      continue;
    }
    std::vector<Coordinates> next;
    for (const Coordinates& base : all) {
      for (std::int64_t i = 0; i < digit.loop.bound; ++i) {
        next.push_back(base);
        next.back()[imbrex::index(digit.loop.dim)] += i * digit.stride;
      }
    }
    all = std::move(next);
  }
  return all;
}

Coordinates plus(Coordinates a, const Coordinates& b) {
  for (std::size_t d = 0; d < kDimCount; ++d) {
    a[d] += b[d];
  }
  return a;
}

Point point_of(const TensorRanks& tensor, const Coordinates& at) {
  Point point;
  for (std::size_t r = 0; r < tensor.count; ++r) {
    const Rank& rank = tensor.rank[r];
    point.push_back(rank.factor[0] * at[rank.dim[0]] + rank.factor[1] * at[rank.dim[1]]);
  }
  return point;
}

Points minus(const Points& a, const Points& b) {
  Points rest;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::inserter(rest, rest.end()));
  return rest;
}

class Twin {
 public:
  Twin(const Problem& problem, const Hierarchy& hierarchy, const Mapping& mapping)
      : problem_(problem), hierarchy_(hierarchy), digits_(digits_of(mapping)) {}

  TensorCounts counts(std::size_t role, std::size_t level) const {
    TensorCounts counts{};
    const bool output = role == index(Role::outputs);
    const std::vector<Points> mine = history(role, level, {});
    counts.tile_words = static_cast<std::int64_t>(mine.front().size());
    const std::int64_t turnover = level == 0 ? 0 : entered(mine);
    const std::int64_t handed = exchanged(role, level);
    if (!output) {
      counts.reads = handed;
      counts.fills = turnover;
      return counts;
    }
    Points ever;
    for (const Points& tile : mine) {
      ever.insert(tile.begin(), tile.end());
    }
    const auto distinct = static_cast<std::int64_t>(ever.size());
    counts.updates = handed;
    counts.reads = handed - distinct + turnover;
    counts.fills = level == 0 ? 0 : turnover - distinct;
    return counts;
  }

 private:
  // Tiles of one instance, one per step of the loops above its level.
  std::vector<Points> history(std::size_t role, std::size_t level,
                              const Coordinates& instance) const {
    const auto inside = walk(digits_, [&](const Loop& loop) { return loop.level >= level; });
    const auto steps = walk(digits_, [&](const Loop& loop) {
      return loop.level < level && loop.kind == LoopKind::temporal;
    });
    std::vector<Points> tiles;
    for (const Coordinates& step : steps) {
      Points tile;
      for (const Coordinates& offset : inside) {
        tile.insert(point_of(problem_.tensor[role], plus(plus(step, offset), instance)));
      }
      tiles.push_back(std::move(tile));
    }
    return tiles;
  }

  static std::int64_t entered(const std::vector<Points>& tiles) {
    Points before;
    std::int64_t words = 0;
    for (const Points& tile : tiles) {
      words += static_cast<std::int64_t>(minus(tile, before).size());
      before = tile;
    }
    return words;
  }

  // Words that pass between one instance and those below it; what several get or give in one step
  // counts once.
  std::int64_t exchanged(std::size_t role, std::size_t level) const {
    std::size_t child = level + 1;
    while (child < hierarchy_.levels.size() &&
           (hierarchy_.levels[child].keep & keep_bit(role)) == 0) {
      ++child;
    }
    const bool is_mac = child == hierarchy_.levels.size();
    const auto children = walk(digits_, [&](const Loop& loop) {
      return loop.level >= level && loop.level < child && loop.kind == LoopKind::spatial;
    });
    std::vector<std::vector<Points>> tiles;
    for (const Coordinates& instance : children) {
      tiles.push_back(history(role, child, instance));
    }
    std::int64_t words = 0;
    for (std::size_t t = 0; t < tiles.front().size(); ++t) {
      std::set<Points> different;
      for (const std::vector<Points>& one : tiles) {
        // A MAC keeps nothing; a step of it is a step of all loops.
        different.insert(t == 0 || is_mac ? one[t] : minus(one[t], one[t - 1]));
      }
      for (const Points& points : different) {
        words += static_cast<std::int64_t>(points.size());
      }
    }
    return words;
  }

  const Problem& problem_;
  const Hierarchy& hierarchy_;
  std::vector<Digit> digits_;
};

Problem random_convolution(Random& random) {
  Problem problem;
  problem.mappable = true;
  const auto add = [&](Role role, Rank rank) { problem.tensor[index(role)].add(rank); };
  const auto one = [](Dim dim) { return Rank{{imbrex::index(dim), 0}, {1, 0}, 1}; };
  for (const Dim dim : {Dim::K, Dim::C, Dim::R, Dim::S}) {
    add(Role::weights, one(dim));
  }
  add(Role::inputs, one(Dim::N));
  add(Role::inputs, one(Dim::C));
  add(Role::inputs, {{imbrex::index(Dim::P), imbrex::index(Dim::R)},
                     {random.between(1, 3), random.between(1, 3)},
                     1});
  add(Role::inputs, {{imbrex::index(Dim::Q), imbrex::index(Dim::S)},
                     {random.between(1, 2), random.between(1, 2)},
                     1});
  for (const Dim dim : {Dim::N, Dim::K, Dim::P, Dim::Q}) {
    add(Role::outputs, one(dim));
  }
  return problem;
}

Hierarchy random_hierarchy(Random& random) {
  Hierarchy hierarchy;
  hierarchy.levels.resize(3);
  for (Level& level : hierarchy.levels) {
    level.fanout = 1 << 20;
    level.keep = static_cast<KeepMask>(random.between(0, 7));
  }
  hierarchy.levels[0].keep = 0b111;
  return hierarchy;
}

// A handful of loops of bound 2 or 3, so that the walk stays small.
Mapping random_mapping(Random& random, Problem& problem) {
  Mapping mapping;
  std::int64_t points = 1;
  for (std::uint8_t level = 0; level < 3; ++level) {
    for (const LoopKind kind : {LoopKind::temporal, LoopKind::spatial}) {
      const std::int64_t loops = random.between(0, kind == LoopKind::temporal ? 3 : 2);
      for (std::int64_t i = 0; i < loops; ++i) {
        constexpr Dim kDims[] = {Dim::N, Dim::K, Dim::C, Dim::P, Dim::Q, Dim::R, Dim::S};
        const Loop loop{kDims[random.below(7)], kind, level, random.between(2, 3)};
        if (points * loop.bound <= 1500) {
          points *= loop.bound;
          problem.bounds[loop.dim] *= loop.bound;
          mapping.loops[mapping.count++] = loop;
        }
      }
    }
  }
  return mapping;
}

TEST(LoopNestTwin, ClosedFormsEqualTheWalk) {
  constexpr std::uint64_t kSeed = 20'240'507;
  constexpr std::uint64_t kTrials = 1500;
  for (std::uint64_t trial = 0; trial < kTrials; ++trial) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", trial " + std::to_string(trial));
    Random random(kSeed, trial);
    Problem problem = random_convolution(random);
    const Hierarchy hierarchy = random_hierarchy(random);
    const Mapping mapping = random_mapping(random, problem);
    const NestCounts counts = count(problem, hierarchy, mapping);
    expect_equal_counts(counts, hierarchy, Twin(problem, hierarchy, mapping));
    ASSERT_FALSE(testing::Test::HasFatalFailure());
  }
}

}  // namespace
}  // namespace imbrex::loop_nest
