#include "map_trials.hpp"

namespace imbrex_test {
namespace {

using imbrex::Region;
using imbrex::Shape;

}  // namespace

Shape random_shape(Dice& dice, std::size_t rank, std::int64_t most) {
  Shape shape;
  shape.rank = static_cast<std::uint8_t>(rank);
  for (std::size_t axis = 0; axis < rank; ++axis) {
    shape.extent[axis] = dice.roll(1, most);
  }
  return shape;
}

Shape random_image(Dice& dice, const Trial& trial) {
  if (trial.given) {
    return *trial.given;
  }
  return {4, {dice.roll(1, 2), dice.roll(1, 4), dice.roll(4, 9), dice.roll(4, 9), 1, 1}};
}

// The hull of a few elements: of two boxes, does the map's one hold all, and no more than it may?
void compare(const Region& mapped, const ElementSet& read, bool tight, bool hole_free) {
  if (read.count() == 0) {
    if (tight) {
      EXPECT_TRUE(mapped.empty());
    }
    return;
  }
  EXPECT_TRUE(Region::whole(read.shape()).contains(mapped));
  EXPECT_TRUE(mapped.contains(read.box()));
  if (tight) {
    EXPECT_TRUE(mapped == read.box());
  }
  if (hole_free) {
    EXPECT_EQ(mapped.elements(), read.count());
  }
}

ElementSet flood(const Region& output, const Reads& reads, const Shape& input) {
  ElementSet read(input);
  imbrex_test::for_each(output,
                        [&](const Index& at) { reads(at, [&](const Index& i) { read.add(i); }); });
  return read;
}

}  // namespace imbrex_test
