// What the search for the optimum counts before all is decided: loops inside a tile do not change
// what passes into it, nor what neighbours hand on of it.
#include "random_questions.hpp"

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

// The loops outside the tile of level `to`; all others at the innermost level, dimension by
// dimension.
Mapping outside_of(const Mapping& whole, std::size_t to, std::size_t levels) {
  Mapping mapping;
  std::array<std::int64_t, kDimCount> rest;
  rest.fill(1);
  for (const Loop& loop : whole.all_loops()) {
    if (loop.level < to) {
      mapping.loops[mapping.count++] = loop;
    } else {
      rest[index(loop.dim)] *= loop.bound;
    }
  }
  for (std::size_t d = 0; d < kDimCount; ++d) {
    if (rest[d] > 1) {
      mapping.loops[mapping.count++] = {static_cast<Dim>(d), LoopKind::temporal,
                                        static_cast<std::uint8_t>(levels - 1), rest[d]};
    }
  }
  mapping.outer = whole.outer;
  mapping.job_extent = whole.job_extent;
  return mapping;
}

// Without capacities; nothing is kept inside level `to`.
Hierarchy decided(Hierarchy hierarchy, std::size_t to) {
  for (std::size_t l = 0; l < hierarchy.levels.size(); ++l) {
    hierarchy.levels[l].capacity_bits = 0;
    hierarchy.levels[l].keep = l <= to ? hierarchy.levels[l].keep : nests::KeepMask{0};
  }
  return hierarchy;
}

// Of operands: results of a level are read for what is inside, too. Returns words handed on.
std::int64_t expect_alike(const RandomQuestion& question, const Mapping& mapping, std::size_t to) {
  const std::size_t levels = question.hierarchy.levels.size();
  const nests::NestCounts whole =
      nests::count(question.problem, decided(question.hierarchy, levels), mapping);
  const nests::NestCounts known = nests::count(question.problem, decided(question.hierarchy, to),
                                               outside_of(mapping, to, levels));
  EXPECT_EQ(whole.verdict, Verdict::feasible);
  std::int64_t handed_on = 0;
  for (std::size_t role = 0; role < index(nests::Role::outputs); ++role) {
    bool is_innermost = true;
    for (std::size_t l = to + 1; l-- > 0;) {
      if ((question.hierarchy.levels[l].keep & nests::keep_bit(role)) == 0) {
        continue;
      }
      const nests::TensorCounts& want = whole.tensor[l][role];
      const nests::TensorCounts& got = known.tensor[l][role];
      EXPECT_EQ(got.tile_words, want.tile_words);
      EXPECT_EQ(got.fills, want.fills);
      EXPECT_EQ(got.handed_on, want.handed_on);
      EXPECT_TRUE(is_innermost || got.reads == want.reads);
      is_innermost = false;
      handed_on += got.handed_on;
    }
  }
  return handed_on;
}

TEST(Prefix, OfANestCountsWhatPassesIntoItsTiles) {
  std::int64_t with_links = 0;
  for (std::uint64_t i = 0; i < 2000 && !HasFailure(); ++i) {
    SCOPED_TRACE("problem " + std::to_string(i));
    Random random(41, i);
    const RandomQuestion question = random_question(random, 1'000'000'000);
    if (question.space->empty()) {
      continue;
    }
    for (std::size_t m = 0; m < 10; ++m) {
      const auto at = random.below(static_cast<std::uint64_t>(question.space->size()));
      const Mapping mapping = question.space->at(at);
      for (std::size_t to = 1; to < question.hierarchy.levels.size(); ++to) {
        SCOPED_TRACE("level " + std::to_string(to));
        with_links += expect_alike(question, mapping, to) > 0 ? 1 : 0;
      }
    }
  }
  EXPECT_GT(with_links, 200);
}

}  // namespace
}  // namespace imbrex::test
