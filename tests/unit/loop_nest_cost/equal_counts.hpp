// The counts of a nest against those of a slow twin, tensor by tensor.
#pragma once

#include <imbrex/toolkit/nests/counts.hpp>

#include <string>

#include <gtest/gtest.h>

namespace imbrex::nests {

// `Twin`: counts(role, level). Fails fatally at the first that differs.
template <class Twin>
void expect_equal_counts(const NestCounts& counts, const Hierarchy& hierarchy, const Twin& twin) {
  ASSERT_EQ(counts.verdict, Verdict::feasible);
  for (std::size_t level = 0; level < hierarchy.levels.size(); ++level) {
    for (std::size_t role = 0; role < kRoles; ++role) {
      if ((hierarchy.levels[level].keep & keep_bit(role)) == 0) {
        continue;
      }
      SCOPED_TRACE("level " + std::to_string(level) + ", tensor " + std::to_string(role));
      const TensorCounts want = twin.counts(role, level);
      const TensorCounts& got = counts.tensor[level][role];
      ASSERT_EQ(got.tile_words, want.tile_words);
      ASSERT_EQ(got.reads, want.reads);
      ASSERT_EQ(got.fills, want.fills);
      ASSERT_EQ(got.updates, want.updates);
    }
  }
}

}  // namespace imbrex::nests
