// Sums and products that stop at a limit, against 128-bit arithmetic.
#include <imbrex/toolkit/extents/bounded_extents.hpp>

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex::extents {
namespace {

__extension__ using Wide = __int128;

std::int64_t bounded(Wide value) {
  return static_cast<std::int64_t>(std::clamp<Wide>(value, -kExtentLimit, kExtentLimit));
}

// Of any size: all bits of a 64-bit number but the highest few.
std::int64_t operand(std::mt19937_64& random) {
  return static_cast<std::int64_t>(random()) >> random() % 64;
}

TEST(BoundedExtents, AgreeWithWideArithmetic) {
  constexpr std::int64_t kEnds[] = {0,
                                    1,
                                    -1,
                                    std::numeric_limits<std::int64_t>::max(),
                                    std::numeric_limits<std::int64_t>::min(),
                                    kExtentLimit};
  std::mt19937_64 random(1);
  for (int i = 0; i < 200'000; ++i) {
    const std::int64_t a = i % 7 < 6 ? operand(random) : kEnds[random() % 6];
    const std::int64_t b = i % 5 < 4 ? operand(random) : kEnds[random() % 6];
    ASSERT_EQ(bounded_product(a, b), bounded(Wide{a} * b)) << a << " * " << b;
    ASSERT_EQ(bounded_sum(a, b), bounded(Wide{a} + b)) << a << " + " << b;
  }
}

TEST(BoundedExtents, MultiplyAnyNumberOfExtents) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 20'000; ++i) {
    std::vector<std::int64_t> extents(random() % 7);
    std::int64_t expected = 1;
    for (std::int64_t& extent : extents) {
      extent = static_cast<std::int64_t>(random() % (std::uint64_t{1} << (random() % 40)));
      expected = bounded(Wide{expected} * extent);
    }
    EXPECT_EQ(bounded_product(extents), expected);
  }
}

}  // namespace
}  // namespace imbrex::extents
