// The closed forms against a walk through every step of every instance with explicit sets of
// points.
#include "equal_counts.hpp"
#include "random_nests.hpp"
#include "walk.hpp"

#include <string>

#include <gtest/gtest.h>

namespace imbrex::nests {
namespace {

TEST(LoopNestTwin, ClosedFormsEqualTheWalk) {
  constexpr std::uint64_t kSeed = 20'240'507;
  constexpr std::uint64_t kTrials = 1500;
  for (std::uint64_t trial = 0; trial < kTrials; ++trial) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", trial " + std::to_string(trial));
    Random random(kSeed, trial);
    // Strides and dilations of windows, all of whose coordinates exist.
    Problem problem = convolution(
        {random.between(1, 3), random.between(1, 3), random.between(1, 2), random.between(1, 2)}, 0,
        0);
    const Hierarchy hierarchy = random_hierarchy(random);
    const Mapping mapping = random_even_mapping(random, problem, 1500);
    const NestCounts counts = count(problem, hierarchy, mapping);
    expect_equal_counts(counts, hierarchy, Walk(problem, hierarchy, mapping));
    ASSERT_FALSE(testing::Test::HasFatalFailure());
  }
}

}  // namespace
}  // namespace imbrex::nests
