// The slow twin of backward maps: operators described element by element, straight from their
// definitions, and the set of input elements that a region of the output reads.
#pragma once

#include <imbrex/values/region.hpp>

#include <functional>
#include <random>
#include <vector>

namespace imbrex_test {

using Index = std::array<std::int64_t, imbrex::kMaxRank>;
using Touch = std::function<void(const Index&)>;
// Calls touch for every input element that output element `at` reads; out-of-range ones are
// ignored.
using Reads = std::function<void(const Index& at, const Touch& touch)>;

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  // In [low, high], by remainder: the same numbers with every standard library.
  std::int64_t roll(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(high - low + 1));
  }
  bool flip() { return roll(0, 1) == 1; }

 private:
  std::mt19937_64 engine_;
};

inline void for_each(const imbrex::Region& region, const Touch& visit) {
  if (region.empty()) {
    return;
  }
  Index at{};
  for (std::size_t axis = 0; axis < region.rank; ++axis) {
    at[axis] = region.axis[axis].begin;
  }
  for (;;) {
    visit(at);
    std::size_t axis = region.rank;
    while (axis > 0 && ++at[axis - 1] == region.axis[axis - 1].end) {
      at[axis - 1] = region.axis[axis - 1].begin;
      --axis;
    }
    if (axis == 0) {
      return;
    }
  }
}

// A set of elements of one tensor.
class ElementSet {
 public:
  explicit ElementSet(const imbrex::Shape& shape)
      : shape_(shape), member_(static_cast<std::size_t>(shape.elements()), 0) {}

  void add(const Index& at) {
    std::int64_t flat = 0;
    for (std::size_t axis = 0; axis < shape_.rank; ++axis) {
      if (at[axis] < 0 || at[axis] >= shape_[axis]) {
        return;
      }
      flat = flat * shape_[axis] + at[axis];
    }
    std::uint8_t& member = member_[static_cast<std::size_t>(flat)];
    if (member == 0) {
      member = 1;
      grow(at);
      ++count_;
    }
  }
  bool contains(const Index& at) const {
    std::int64_t flat = 0;
    for (std::size_t axis = 0; axis < shape_.rank; ++axis) {
      flat = flat * shape_[axis] + at[axis];
    }
    return member_[static_cast<std::size_t>(flat)] != 0;
  }
  std::int64_t count() const { return count_; }
  const imbrex::Region& box() const { return box_; }
  const imbrex::Shape& shape() const { return shape_; }

 private:
  void grow(const Index& at) {
    if (count_ == 0) {
      box_ = imbrex::Region::whole(shape_);
    }
    for (std::size_t axis = 0; axis < shape_.rank; ++axis) {
      imbrex::Interval& side = box_.axis[axis];
      side.begin = count_ == 0 ? at[axis] : std::min(side.begin, at[axis]);
      side.end = count_ == 0 ? at[axis] + 1 : std::max(side.end, at[axis] + 1);
    }
  }

  imbrex::Shape shape_;
  std::vector<std::uint8_t> member_;
  std::int64_t count_ = 0;
  imbrex::Region box_;
};

inline imbrex::Region random_region(Dice& dice, const imbrex::Shape& shape) {
  imbrex::Region region = imbrex::Region::whole(shape);
  for (std::size_t axis = 0; axis < shape.rank; ++axis) {
    const std::int64_t begin = dice.roll(0, shape[axis] - 1);
    const std::int64_t end = dice.roll(begin + 1, shape[axis]);
    if (dice.roll(0, 3) != 0) {  // else the whole axis
      region.axis[axis] = {begin, end};
    }
  }
  return region;
}

}  // namespace imbrex_test
