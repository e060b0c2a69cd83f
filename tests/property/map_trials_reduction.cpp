#include "map_trials.hpp"

namespace imbrex_test {
namespace {

using imbrex::Region;
using imbrex::Shape;
using imbrex::TensorId;

void touch_all_along(const Shape& shape, std::uint64_t axes, const Index& at, const Touch& touch) {
  Region region = Region::whole(shape);
  for (std::size_t axis = 0; axis < shape.rank; ++axis) {
    if ((axes >> axis & 1u) == 0) {
      region.axis[axis] = {at[axis], at[axis] + 1};
    }
  }
  imbrex_test::for_each(region, touch);
}

std::vector<std::int64_t> axes_of(std::uint64_t mask) {
  std::vector<std::int64_t> axes;
  for (std::int64_t axis = 0; axis < 4; ++axis) {
    if ((mask >> axis & 1u) != 0) {
      axes.push_back(axis);
    }
  }
  return axes;
}

}  // namespace

void dense(Dice& dice, Trial& trial) {
  Shape shape = random_shape(dice, static_cast<std::size_t>(dice.roll(1, 4)));
  trial.builder.dense("op", trial.builder.input("x", shape), dice.roll(1, 5));
  const std::size_t last = shape.rank - 1u;
  trial.reads.push_back([=](const Index& at, const Touch& touch) {
    Index from = at;
    for (from[last] = 0; from[last] < shape[last]; ++from[last]) {
      touch(from);
    }
  });
}

void matmul(Dice& dice, Trial& trial) {
  const auto rank = static_cast<std::size_t>(dice.roll(2, 4));
  Shape left = random_shape(dice, rank, 4);
  Shape right = left;
  right.extent[rank - 2] = left[rank - 1];
  right.extent[rank - 1] = dice.roll(1, 4);
  for (std::size_t axis = 0; axis + 2 < rank; ++axis) {
    Shape& broadcast = dice.flip() ? left : right;
    broadcast.extent[axis] = dice.roll(0, 2) == 0 ? 1 : broadcast[axis];
  }
  const TensorId a = trial.builder.input("a", left);
  trial.builder.matmul("op", a, trial.builder.input("b", right));
  const auto leading = [rank](const Index& at, const Shape& shape) {
    Index from = at;
    for (std::size_t axis = 0; axis + 2 < rank; ++axis) {
      from[axis] = shape[axis] == 1 ? 0 : at[axis];
    }
    return from;
  };
  trial.reads.push_back([=](const Index& at, const Touch& touch) {
    Index from = leading(at, left);
    for (from[rank - 1] = 0; from[rank - 1] < left[rank - 1]; ++from[rank - 1]) {
      touch(from);
    }
  });
  trial.reads.push_back([=](const Index& at, const Touch& touch) {
    Index from = leading(at, right);
    for (from[rank - 2] = 0; from[rank - 2] < right[rank - 2]; ++from[rank - 2]) {
      touch(from);
    }
  });
}

void global_pool(Dice& dice, Trial& trial) {
  const Shape shape = random_image(dice, trial);
  trial.builder.global_pool("op", trial.builder.input("x", shape));
  trial.reads.push_back(
      [=](const Index& at, const Touch& touch) { touch_all_along(shape, 0b1100, at, touch); });
}

void softmax(Dice& dice, Trial& trial) {
  const Shape shape = trial.given ? *trial.given : random_shape(dice, 4);
  const auto mask = static_cast<std::uint64_t>(dice.roll(1, 15));
  trial.builder.softmax("op", trial.builder.input("x", shape), axes_of(mask));
  trial.reads.push_back(
      [=](const Index& at, const Touch& touch) { touch_all_along(shape, mask, at, touch); });
}

void reduce(Dice& dice, Trial& trial) {
  const Shape shape = random_shape(dice, 4);
  const auto mask = static_cast<std::uint64_t>(dice.roll(0, 15));
  const bool keep = dice.flip();
  trial.builder.reduce("op", trial.builder.input("x", shape), axes_of(mask), keep);
  trial.reads.push_back([=](const Index& at, const Touch& touch) {
    Index from{};
    std::size_t next = 0;
    for (std::size_t axis = 0; axis < 4; ++axis) {
      const bool reduced = (mask >> axis & 1u) != 0;
      from[axis] = reduced ? 0 : at[next];
      next += !reduced || keep ? 1 : 0;
    }
    touch_all_along(shape, mask, from, touch);
  });
}

void local_response(Dice& dice, Trial& trial) {
  const Shape shape = random_shape(dice, 4);
  const std::int64_t size = dice.roll(1, 20);
  trial.builder.local_response_normalization("op", trial.builder.input("x", shape), size);
  trial.reads.push_back([=](const Index& at, const Touch& touch) {
    Index from = at;
    for (std::int64_t i = 0; i < size; ++i) {
      from[1] = at[1] - (size - 1) / 2 + i;
      touch(from);
    }
  });
}

}  // namespace imbrex_test
