#include "map_trials.hpp"

#include <algorithm>

namespace imbrex_test {
namespace {

using imbrex::Shape;

// Factors dealt to axes at random on both sides; definition by the flat row-major index.
void make_reshape(Trial& trial, const Shape& from, const Shape& to) {
  trial.builder.reshape("op", trial.builder.input("x", from), to);
  trial.reads.push_back([=](const Index& at, const Touch& touch) {
    std::int64_t flat = 0;
    for (std::size_t axis = 0; axis < to.rank; ++axis) {
      flat = flat * to[axis] + at[axis];
    }
    Index source{};
    for (std::size_t axis = from.rank; axis-- > 0;) {
      source[axis] = flat % from[axis];
      flat /= from[axis];
    }
    touch(source);
  });
}

Shape deal_factors(Dice& dice, const std::vector<std::int64_t>& factors) {
  Shape shape;
  shape.rank = static_cast<std::uint8_t>(dice.roll(1, 5));
  std::vector<std::size_t> axes;
  for (std::size_t i = 0; i < factors.size(); ++i) {
    axes.push_back(static_cast<std::size_t>(dice.roll(0, shape.rank - 1)));
  }
  std::sort(axes.begin(), axes.end());  // keeps the order of factors: groups of axes line up
  for (std::size_t i = 0; i < factors.size(); ++i) {
    shape.extent[axes[i]] *= factors[i];
  }
  return shape;
}

}  // namespace

void reshape(Dice& dice, Trial& trial) {
  std::vector<std::int64_t> factors(static_cast<std::size_t>(dice.roll(1, 5)));
  for (std::int64_t& factor : factors) {
    factor = dice.roll(1, 4);
  }
  const Shape from = deal_factors(dice, factors);
  make_reshape(trial, from, deal_factors(dice, factors));
}

void flatten(Dice& dice, Trial& trial) {
  const Shape from = random_shape(dice, 4, 4);
  Shape to;
  to.rank = 2;
  to.extent[0] = from[0];
  to.extent[1] = from.elements() / from[0];
  trial.tight_box = true;
  make_reshape(trial, from, to);
}

// Splitting the channels into groups, the first half of a channel shuffle.
void split_axis(Dice& dice, Trial& trial) {
  Shape from = random_shape(dice, 3, 4);
  const std::int64_t groups = dice.roll(1, 4);
  const Shape to{4, {from[0], groups, from[1], from[2], 1, 1}};
  from.extent[1] *= groups;
  trial.tight_box = true;
  make_reshape(trial, from, to);
}

}  // namespace imbrex_test
