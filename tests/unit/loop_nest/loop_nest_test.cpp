// LoopNest against slow, obvious twins: painting every step, enumerating every coordinate.
#include "boxes.hpp"
#include "random_nest.hpp"

#include <imbrex/values/loop_nest.hpp>

#include <map>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::random_nest;

constexpr std::uint64_t kSeed = 20240706;

LoopBounds random_bounds(Random& random) {
  LoopBounds bounds;
  bounds[Dim::N] = random.between(1, 2);
  bounds[Dim::G] = random.between(1, 3);
  bounds[Dim::K] = random.between(1, 6);
  bounds[Dim::C] = random.between(1, 6);
  bounds[Dim::P] = random.between(1, 8);
  bounds[Dim::Q] = random.between(1, 5);
  bounds[Dim::R] = random.between(1, 3);
  bounds[Dim::S] = random.between(1, 2);
  return bounds;
}

// Calls visit(step, server, box) for all jobs, walking the loops like nested for statements.
template <class Visit>
void walk(const LoopBounds& bounds, const Mapping& mapping, Visit visit) {
  std::array<std::int64_t, kMaxLoops> at{};
  for (;;) {
    std::int64_t step = 0;
    std::int64_t server = 0;
    std::array<std::int64_t, kDimCount> tile{};
    for (std::size_t i = 0; i < mapping.outer; ++i) {
      const Loop& loop = mapping.loops[i];
      std::int64_t& number = loop.kind == LoopKind::temporal ? step : server;
      number = number * loop.bound + at[i];
      tile[index(loop.dim)] = tile[index(loop.dim)] * loop.bound + at[i];
    }
    DimBox box;
    for (std::size_t d = 0; d < kDimCount; ++d) {
      const std::int64_t low = tile[d] * mapping.job_extent[d];
      box.dim[d] = {low, std::min(low + mapping.job_extent[d], bounds.bound[d])};
    }
    visit(step, server, box);
    std::size_t i = mapping.outer;
    while (i > 0 && ++at[i - 1] == mapping.loops[i - 1].bound) {
      at[--i] = 0;
    }
    if (i == 0) {
      return;
    }
  }
}

TEST(LoopNest, BoxEqualsNestedLoops) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(kSeed, seed);
    const LoopBounds bounds = random_bounds(random);
    const Mapping mapping = random_nest(bounds, {.imperfect = seed % 2 == 1}, random);
    const LoopNest nest(bounds, mapping);
    std::int64_t jobs = 0;
    walk(bounds, mapping, [&](std::int64_t step, std::int64_t server, const DimBox& box) {
      ++jobs;
      const DimBox got = nest.box(step, server);
      EXPECT_EQ(got.empty(), box.empty());
      if (!box.empty()) {
        EXPECT_EQ(got, box);
      }
    });
    EXPECT_EQ(jobs, nest.steps() * nest.servers());
  }
}

// O1: paint the step of every job on its output points; what stays is the last contribution.
TEST(LoopNest, FinishStepEqualsPaintingEveryStep) {
  std::int64_t points = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(kSeed + 1, seed);
    const LoopBounds bounds = random_bounds(random);
    const Mapping mapping = random_nest(bounds, {.imperfect = seed % 2 == 1}, random);
    const LoopNest nest(bounds, mapping);
    std::map<std::array<std::int64_t, 5>, std::int64_t> last;
    walk(bounds, mapping, [&](std::int64_t step, std::int64_t, const DimBox& box) {
      if (box.empty()) {
        return;
      }
      test::for_each_output(box, [&](auto n, auto g, auto k, auto p, auto q) {
        std::int64_t& painted = last[{n, g, k, p, q}];
        painted = std::max(painted, step);
      });
    });
    for (const auto& [x, step] : last) {
      ++points;
      ASSERT_EQ(nest.dim_finish(Dim::N, x[0]) + nest.dim_finish(Dim::G, x[1]) +
                    nest.dim_finish(Dim::K, x[2]) + nest.dim_finish(Dim::P, x[3]) +
                    nest.dim_finish(Dim::Q, x[4]) + nest.reduction_finish(),
                step);
    }
  }
  EXPECT_GT(points, 30000);
}

TEST(LoopNest, RangeMaximumEqualsEnumeration) {
  std::int64_t intervals = 0;
  for (std::uint64_t seed = 0; seed < 1200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(kSeed + 2, seed);
    LoopBounds bounds;
    bounds[Dim::P] = random.between(1, 120);
    bounds[Dim::K] = random.between(1, 9);
    const Mapping mapping =
        random_nest(bounds, {.imperfect = seed % 2 == 1, .max_splits = 5}, random);
    const LoopNest nest(bounds, mapping);
    const DimFinishTable table(nest, Dim::P);
    for (int i = 0; i < 50; ++i) {
      const std::int64_t a = random.between(0, bounds[Dim::P] - 1);
      const std::int64_t b = random.between(a, bounds[Dim::P] - 1);
      std::int64_t truth = 0;
      for (std::int64_t x = a; x <= b; ++x) {
        truth = std::max(truth, nest.dim_finish(Dim::P, x));
      }
      ++intervals;
      ASSERT_EQ(nest.range_max(Dim::P, {a, b + 1}), truth) << "[" << a << ", " << b << "]";
      ASSERT_EQ(table.range_max({a, b + 1}), truth) << "[" << a << ", " << b << "]";
    }
  }
  EXPECT_EQ(intervals, 60000);
}

// O2: the last job whose output box meets the wanted box, found by looking at all of them.
TEST(LoopNest, ReadyStepEqualsPairwiseComparisonOfBoxes) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(kSeed + 3, seed);
    const LoopBounds bounds = random_bounds(random);
    const Mapping mapping = random_nest(bounds, {.imperfect = seed % 2 == 1}, random);
    const LoopNest nest(bounds, mapping);
    for (int i = 0; i < 8; ++i) {
      DimBox wanted = bounds.whole();
      for (const Dim d : {Dim::N, Dim::G, Dim::K, Dim::P, Dim::Q}) {
        const std::int64_t a = random.between(0, bounds[d] - 1);
        wanted[d] = {a, random.between(a, bounds[d] - 1) + 1};
      }
      std::int64_t truth = -1;
      walk(bounds, mapping, [&](std::int64_t step, std::int64_t, const DimBox& box) {
        bool meets = !box.empty();
        for (std::size_t d = 0; d < kDimCount; ++d) {
          meets = meets && !box.dim[d].intersect(wanted.dim[d]).empty();
        }
        truth = meets ? std::max(truth, step) : truth;
      });
      ASSERT_EQ(nest.ready_step(wanted), truth);
    }
  }
}

// O4: with exact factors, every output tile is hit once per reduction iteration.
TEST(LoopNest, EveryOutputTileIsHitOncePerReductionIteration) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(kSeed + 4, seed);
    const LoopBounds bounds = random_bounds(random);
    const Mapping mapping = random_nest(bounds, {}, random);
    std::int64_t expected = 1;
    for (const Loop& loop : mapping.outer_loops()) {
      const bool reduction = loop.dim == Dim::C || loop.dim == Dim::R || loop.dim == Dim::S;
      expected *= reduction ? loop.bound : 1;
    }
    std::map<std::array<std::int64_t, 5>, std::int64_t> hits;
    walk(bounds, mapping, [&](std::int64_t, std::int64_t, const DimBox& box) {
      ++hits[{box[Dim::N].begin, box[Dim::G].begin, box[Dim::K].begin, box[Dim::P].begin,
              box[Dim::Q].begin}];
    });
    for (const auto& [tile, count] : hits) {
      ASSERT_EQ(count, expected);
    }
  }
}

// O7: loops of bound 1 change nothing; the order of temporal loops changes who is ready when, but
// the last output is always ready in the last step.
TEST(LoopNest, UnitLoopsChangeNothingAndTheLastOutputComesLast) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(kSeed + 5, seed);
    const LoopBounds bounds = random_bounds(random);
    Mapping mapping = random_nest(bounds, {.max_splits = 2}, random);
    const LoopNest nest(bounds, mapping);
    EXPECT_EQ(nest.ready_step(bounds.whole()), nest.steps() - 1);
    Mapping padded = mapping;
    padded.loops[padded.count++] = test::temporal(Dim::P, 1);
    padded.outer = padded.count;
    const LoopNest same(bounds, padded);
    DimBox probe = bounds.whole();
    probe[Dim::P] = {0, (bounds[Dim::P] + 1) / 2};
    EXPECT_EQ(same.ready_step(probe), nest.ready_step(probe));
    random.shuffle(std::span<Loop>(mapping.loops.data(), mapping.count));
    const LoopNest shuffled(bounds, mapping);
    EXPECT_EQ(shuffled.ready_step(bounds.whole()), shuffled.steps() - 1);
  }
}

// O9: a larger region is never ready earlier.
TEST(LoopNest, ReadyStepGrowsWithTheRegion) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(kSeed + 6, seed);
    const LoopBounds bounds = random_bounds(random);
    const LoopNest nest(bounds, random_nest(bounds, {.imperfect = true}, random));
    DimBox inner = bounds.whole();
    DimBox outer = bounds.whole();
    for (const Dim d : {Dim::N, Dim::G, Dim::K, Dim::P, Dim::Q}) {
      const std::int64_t a = random.between(0, bounds[d] - 1);
      inner[d] = {a, random.between(a, bounds[d] - 1) + 1};
      outer[d] = {random.between(0, inner[d].begin), random.between(inner[d].end, bounds[d])};
    }
    EXPECT_LE(nest.ready_step(inner), nest.ready_step(outer));
  }
}

}  // namespace
}  // namespace imbrex
