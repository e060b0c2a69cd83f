#include "map_trials.hpp"

#include <algorithm>
#include <numeric>
#include <string>

namespace imbrex_test {
namespace {

using imbrex::Shape;
using imbrex::TensorId;

}  // namespace

void pad(Dice& dice, Trial& trial) {
  const Shape shape = trial.given ? *trial.given : random_shape(dice, 4);
  std::vector<std::int64_t> begin(4);
  std::vector<std::int64_t> end(4);
  for (std::size_t axis = 0; axis < 4; ++axis) {
    begin[axis] = dice.roll(shape[axis] > 1 ? -1 : 0, 3);
    end[axis] = dice.roll(0, 3);
  }
  trial.builder.pad("op", trial.builder.input("x", shape), begin, end);
  trial.reads.push_back([=](const Index& at, const Touch& touch) {
    Index from{};
    for (std::size_t axis = 0; axis < 4; ++axis) {
      from[axis] = at[axis] - begin[axis];
    }
    touch(from);
  });
}

// Rows, columns or channels; steps larger than 1 leave elements out.
void slice(Dice& dice, Trial& trial) {
  const Shape shape = random_shape(dice, 4, 8);
  const auto axis = static_cast<std::size_t>(dice.roll(0, 3));
  const std::int64_t begin = dice.roll(0, shape[axis] - 1);
  const std::int64_t end = dice.roll(begin + 1, shape[axis]);
  const std::int64_t step = dice.roll(1, 3);
  trial.builder.slice("op", trial.builder.input("x", shape), static_cast<std::int64_t>(axis), begin,
                      end, step);
  trial.skips = step > 1;
  trial.reads.push_back([=](const Index& at, const Touch& touch) {
    Index from = at;
    from[axis] = begin + at[axis] * step;
    touch(from);
  });
}

void elementwise(Dice& dice, Trial& trial) {
  const Shape full = random_shape(dice, 4);
  std::vector<TensorId> operands = {trial.builder.input("a", full)};
  const auto missing = static_cast<std::size_t>(dice.roll(0, 3));
  Shape small;
  small.rank = static_cast<std::uint8_t>(4 - missing);
  for (std::size_t axis = 0; axis < small.rank; ++axis) {
    small.extent[axis] = dice.flip() ? 1 : full[axis + missing];
  }
  operands.push_back(trial.builder.input("b", small));
  trial.builder.elementwise("op", operands);
  trial.reads.push_back([](const Index& at, const Touch& touch) { touch(at); });
  trial.reads.push_back([=](const Index& at, const Touch& touch) {
    Index from{};
    for (std::size_t axis = 0; axis < small.rank; ++axis) {
      from[axis] = small[axis] == 1 ? 0 : at[axis + missing];
    }
    touch(from);
  });
}

void expand(Dice& dice, Trial& trial) {
  const Shape full = random_shape(dice, 4);
  Shape small = full;
  for (std::size_t axis = 0; axis < 4; ++axis) {
    small.extent[axis] = dice.flip() ? 1 : full[axis];
  }
  trial.builder.expand("op", trial.builder.input("x", small), full);
  trial.reads.push_back([=](const Index& at, const Touch& touch) {
    Index from{};
    for (std::size_t axis = 0; axis < 4; ++axis) {
      from[axis] = small[axis] == 1 ? 0 : at[axis];
    }
    touch(from);
  });
}

void concat(Dice& dice, Trial& trial) {
  const Shape shape = random_shape(dice, 4);
  const auto axis = static_cast<std::size_t>(dice.roll(0, 3));
  std::vector<TensorId> operands;
  std::int64_t offset = 0;
  for (std::int64_t i = dice.roll(1, 3); i >= 0; --i) {
    Shape part = shape;
    part.extent[axis] = dice.roll(1, 4);
    operands.push_back(trial.builder.input(std::string("x").append(std::to_string(i)), part));
    trial.reads.push_back([=](const Index& at, const Touch& touch) {
      Index from = at;
      from[axis] -= offset;
      touch(from);
    });
    offset += part[axis];
  }
  trial.builder.concat("op", operands, static_cast<std::int64_t>(axis));
}

void space_to_depth(Dice& dice, Trial& trial) {
  const std::int64_t b = dice.roll(1, 3);
  Shape shape = random_shape(dice, 4, 3);
  shape.extent[2] *= b;
  shape.extent[3] *= b;
  trial.builder.space_to_depth("op", trial.builder.input("x", shape), b);
  trial.reads.push_back([=](const Index& at, const Touch& touch) {
    const std::int64_t channels = shape[1];
    const std::int64_t place = at[1] / channels;
    touch({at[0], at[1] % channels, at[2] * b + place / b, at[3] * b + place % b});
  });
}

// Either order of the channels.
void depth_to_space(Dice& dice, Trial& trial) {
  const std::int64_t b = dice.roll(1, 3);
  Shape shape = random_shape(dice, 4, 3);
  const std::int64_t channels = shape[1];
  const bool depth_first = dice.flip();
  shape.extent[1] *= b * b;
  trial.builder.depth_to_space("op", trial.builder.input("x", shape), b);
  trial.reads.push_back([=](const Index& at, const Touch& touch) {
    const std::int64_t place = (at[2] % b) * b + at[3] % b;
    const std::int64_t from = depth_first ? place * channels + at[1] : at[1] * b * b + place;
    touch({at[0], from, at[2] / b, at[3] / b});
  });
}

void transpose(Dice& dice, Trial& trial) {
  const Shape shape = random_shape(dice, 4);
  std::vector<std::int64_t> permutation(4);
  std::iota(permutation.begin(), permutation.end(), 0);
  for (std::int64_t i = 3; i > 0; --i) {
    std::swap(permutation[static_cast<std::size_t>(i)],
              permutation[static_cast<std::size_t>(dice.roll(0, i))]);
  }
  trial.builder.transpose("op", trial.builder.input("x", shape), permutation);
  trial.reads.push_back([=](const Index& at, const Touch& touch) {
    Index from{};
    for (std::size_t axis = 0; axis < 4; ++axis) {
      from[static_cast<std::size_t>(permutation[axis])] = at[axis];
    }
    touch(from);
  });
}

void gather(Dice& dice, Trial& trial) {
  const Shape shape = random_shape(dice, 4);
  const auto axis = static_cast<std::size_t>(dice.roll(0, 3));
  std::vector<std::int64_t> picked(static_cast<std::size_t>(dice.roll(1, 4)));
  for (std::int64_t& index : picked) {
    index = dice.roll(0, shape[axis] - 1);
  }
  const auto [low, high] = std::minmax_element(picked.begin(), picked.end());
  const auto count = static_cast<std::int64_t>(picked.size());
  const bool keep = count > 1 || dice.flip();
  trial.builder.gather("op", trial.builder.input("x", shape), static_cast<std::int64_t>(axis),
                       {*low, *high + 1}, count, keep);
  trial.reads.push_back([=](const Index& at, const Touch& touch) {
    Index from{};
    std::size_t next = 0;
    for (std::size_t a = 0; a < 4; ++a) {
      if (a == axis) {
        from[a] = picked[keep ? static_cast<std::size_t>(at[next++]) : 0];
      } else {
        from[a] = at[next++];
      }
    }
    touch(from);
  });
}

}  // namespace imbrex_test
