// Backward maps against element-wise token flooding (specification clsa-cim sections 6.2 and 11.1,
// O2). Every operator is also written down element by element; for random shapes, parameters and
// output regions the set of elements really read is compared with the region that the map gives.
#include "element_reads.hpp"

#include <imbrex/error.hpp>
#include <imbrex/workload_builder.hpp>

#include <cmath>
#include <numeric>
#include <optional>

#include <gtest/gtest.h>

namespace {

using imbrex::Exactness;
using imbrex::Region;
using imbrex::ResizeCoordinates;
using imbrex::Shape;
using imbrex::TensorId;
using imbrex::Window;
using imbrex::Workload;
using imbrex::WorkloadBuilder;
using imbrex_test::Dice;
using imbrex_test::ElementSet;
using imbrex_test::Index;
using imbrex_test::Reads;
using imbrex_test::Touch;

// One operator on one or more inputs, with its definition per input.
struct Trial {
  WorkloadBuilder builder{"trial"};
  std::vector<Reads> reads;
  std::optional<Shape> given;  // the image to work on, else a random one
  bool skips = false;          // a stride exceeds its window: boxes may hold what nobody reads
  bool tight_box = false;      // conservative because of holes, but the hull is tight
};

using MakeTrial = void (*)(Dice&, Trial&);

constexpr int kCases = 400;
constexpr int kRegionsPerCase = 4;

struct Rule {
  const char* name;
  MakeTrial make;
  bool exact;  // expected of every map without gaps
};
std::ostream& operator<<(std::ostream& out, const Rule& rule) {
  return out << rule.name;
}

Shape random_shape(Dice& dice, std::size_t rank, std::int64_t most = 6) {
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

Window random_window(Dice& dice, bool dilate) {
  Window window;
  for (std::size_t s = 0; s < 2; ++s) {
    window.kernel[s] = dice.roll(1, 3);
    window.stride[s] = dice.roll(1, 3);
    window.dilation[s] = dilate ? dice.roll(1, 2) : 1;
    window.pad_begin[s] = dice.roll(0, 2);
    window.pad_end[s] = dice.roll(0, 2);
  }
  return window;
}

bool skips_elements(const Window& window) {
  bool skips = false;
  for (std::size_t s = 0; s < 2; ++s) {
    skips = skips || window.stride[s] > window.kernel[s];
  }
  return skips;
}

// Visits (row, column) of the input under every tap of a window.
void under_window(const Window& w, const Index& at,
                  const std::function<void(std::int64_t, std::int64_t)>& visit) {
  for (std::int64_t r = 0; r < w.kernel[0]; ++r) {
    for (std::int64_t s = 0; s < w.kernel[1]; ++s) {
      visit(at[2] * w.stride[0] + r * w.dilation[0] - w.pad_begin[0],
            at[3] * w.stride[1] + s * w.dilation[1] - w.pad_begin[1]);
    }
  }
}

void make_convolution(Dice& dice, Trial& trial, bool dilate) {
  Shape image = random_image(dice, trial);
  imbrex::ConvolutionParams params;
  params.groups = trial.given ? (dice.flip() ? 1 : image[1]) : dice.roll(1, 3);
  const std::int64_t in_group = trial.given ? image[1] / params.groups : dice.roll(1, 2);
  const std::int64_t out_group = dice.roll(1, 3);
  image.extent[1] = params.groups * in_group;
  params.output_channels = params.groups * out_group;
  params.window = random_window(dice, dilate);
  trial.builder.convolution("op", trial.builder.input("x", image), params);
  trial.skips = skips_elements(params.window);
  trial.reads.push_back([=](const Index& at, const Touch& touch) {
    const std::int64_t group = at[1] / out_group;
    under_window(params.window, at, [&](std::int64_t row, std::int64_t column) {
      for (std::int64_t c = 0; c < in_group; ++c) {
        touch({at[0], group * in_group + c, row, column});
      }
    });
  });
}
void convolution(Dice& dice, Trial& trial) {
  make_convolution(dice, trial, false);
}
void dilated_convolution(Dice& dice, Trial& trial) {
  make_convolution(dice, trial, true);
}

// Definition by scattering: input pixel i adds to outputs i*stride + r*dilation - pad.
void make_transposed(Dice& dice, Trial& trial, bool dilate) {
  const Shape image = random_image(dice, trial);
  imbrex::ConvolutionParams params;
  params.output_channels = dice.roll(1, 3);
  params.window = random_window(dice, dilate);
  for (std::size_t s = 0; s < 2; ++s) {  // pads of at most the window, so that an output remains
    params.window.pad_begin[s] = std::min(params.window.pad_begin[s], params.window.kernel[s] - 1);
    params.window.pad_end[s] = 0;
  }
  trial.builder.transposed_convolution("op", trial.builder.input("x", image), params);
  trial.reads.push_back([=](const Index& at, const Touch& touch) {
    const Window& w = params.window;
    const auto meets = [&](std::size_t s, std::int64_t i) {
      for (std::int64_t r = 0; r < w.kernel[s]; ++r) {
        if (i * w.stride[s] + r * w.dilation[s] - w.pad_begin[s] == at[s + 2]) {
          return true;
        }
      }
      return false;
    };
    for (std::int64_t y = 0; y < image[2]; ++y) {
      for (std::int64_t x = 0; x < image[3]; ++x) {
        for (std::int64_t c = 0; c < image[1] && meets(0, y) && meets(1, x); ++c) {
          touch({at[0], c, y, x});
        }
      }
    }
  });
}
void transposed_convolution(Dice& dice, Trial& trial) {
  make_transposed(dice, trial, false);
}
void dilated_transposed(Dice& dice, Trial& trial) {
  make_transposed(dice, trial, true);
}

void pool(Dice& dice, Trial& trial) {
  const Shape image = random_image(dice, trial);
  Window window = random_window(dice, false);
  for (std::size_t s = 0; s < 2; ++s) {
    window.pad_begin[s] = std::min(window.pad_begin[s], window.kernel[s] - 1);
    window.pad_end[s] = std::min(window.pad_end[s], window.kernel[s] - 1);
  }
  window.ceil_mode = dice.flip();
  trial.builder.pool("op", trial.builder.input("x", image), window);
  trial.skips = skips_elements(window);
  trial.reads.push_back([=](const Index& at, const Touch& touch) {
    under_window(window, at, [&](std::int64_t row, std::int64_t column) {
      touch({at[0], at[1], row, column});
    });
  });
}

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

void nearest_resize(Dice& dice, Trial& trial) {
  const Shape shape = random_image(dice, trial);
  Shape output = shape;
  for (std::size_t axis = 2; axis < 4; ++axis) {
    output.extent[axis] = dice.flip() ? shape[axis] * dice.roll(1, 3) : dice.roll(1, 14);
    trial.skips = trial.skips || output[axis] < shape[axis];
  }
  trial.builder.resize("op", trial.builder.input("x", shape), output,
                       WorkloadBuilder::ResizeMode::nearest);
  trial.reads.push_back([=](const Index& at, const Touch& touch) {
    Index from = at;
    for (std::size_t axis = 2; axis < 4; ++axis) {
      from[axis] = at[axis] * shape[axis] / output[axis];  // both positive: floor
    }
    touch(from);
  });
}

// Two neighbours of the source coordinate, computed in doubles with a tolerance for whole numbers.
void linear_resize(Dice& dice, Trial& trial) {
  const Shape shape = random_image(dice, trial);
  Shape output = shape;
  for (std::size_t axis = 2; axis < 4; ++axis) {
    output.extent[axis] = dice.roll(1, 16);
    trial.skips = trial.skips || output[axis] < shape[axis];
  }
  const auto coordinates = static_cast<ResizeCoordinates>(dice.roll(0, 2));
  trial.builder.resize("op", trial.builder.input("x", shape), output,
                       WorkloadBuilder::ResizeMode::linear, coordinates);
  trial.reads.push_back([=](const Index& at, const Touch& touch) {
    std::array<std::array<std::int64_t, 2>, 2> near{};
    for (std::size_t s = 0; s < 2; ++s) {
      const auto in = static_cast<double>(shape[s + 2]);
      const auto out = static_cast<double>(output[s + 2]);
      const auto y = static_cast<double>(at[s + 2]);
      double source = y * in / out;
      if (coordinates == ResizeCoordinates::half_pixel) {
        source = (y + 0.5) * in / out - 0.5;
      } else if (coordinates == ResizeCoordinates::align_corners) {
        source = out > 1 ? y * (in - 1) / (out - 1) : 0;
      }
      const auto low = static_cast<std::int64_t>(std::floor(source + 1e-9));
      const std::int64_t last = shape[s + 2] - 1;
      const bool copied =
          output[s + 2] == shape[s + 2];  // axes that keep their extent are not resized
      near[s] = {copied ? at[s + 2] : std::clamp<std::int64_t>(low, 0, last),
                 copied ? at[s + 2] : std::clamp<std::int64_t>(low + 1, 0, last)};
    }
    for (const std::int64_t row : near[0]) {
      for (const std::int64_t column : near[1]) {
        touch({at[0], at[1], row, column});
      }
    }
  });
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

class BackwardMapRule : public testing::TestWithParam<Rule> {};

TEST_P(BackwardMapRule, EqualsTokenFlooding) {
  std::int64_t exact_comparisons = 0;
  for (std::uint64_t seed = 1; seed <= kCases; ++seed) {
    SCOPED_TRACE(testing::Message() << GetParam().name << ", seed " << seed);
    Dice dice(seed);
    Trial trial;
    std::optional<Workload> workload;
    try {
      GetParam().make(dice, trial);
      workload.emplace(trial.builder.finish());
    } catch (const imbrex::InputError&) {
      continue;  // a window larger than its padded input
    }
    const imbrex::Operator& op = workload->operators()[0];
    ASSERT_EQ(trial.reads.size(), op.maps.size());
    for (int i = 0; i < kRegionsPerCase; ++i) {
      const Region output = imbrex_test::random_region(dice, workload->at(op.output).shape);
      for (std::size_t input = 0; input < op.maps.size(); ++input) {
        const imbrex::BackwardMap& map = op.maps[input];
        const bool exact = map.exactness() == Exactness::exact && !trial.skips;
        compare(map.apply(output), flood(output, trial.reads[input], map.input_shape()),
                exact || trial.tight_box, exact);
        exact_comparisons += exact ? 1 : 0;
      }
    }
    if (HasFailure()) {
      return;
    }
  }
  if (GetParam().exact) {  // most cases are compared with equality, not only by containment
    EXPECT_GE(exact_comparisons, kCases * kRegionsPerCase / 10);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Section62, BackwardMapRule,
    testing::Values(Rule{"convolution", convolution, true},
                    Rule{"dilated_convolution", dilated_convolution, true},
                    Rule{"transposed_convolution", transposed_convolution, true},
                    Rule{"dilated_transposed", dilated_transposed, false}, Rule{"pool", pool, true},
                    Rule{"pad", pad, true}, Rule{"slice", slice, true},
                    Rule{"elementwise", elementwise, true}, Rule{"expand", expand, true},
                    Rule{"concat", concat, true}, Rule{"nearest_resize", nearest_resize, true},
                    Rule{"linear_resize", linear_resize, true},
                    Rule{"space_to_depth", space_to_depth, false},
                    Rule{"depth_to_space", depth_to_space, false}, Rule{"dense", dense, true},
                    Rule{"matmul", matmul, true}, Rule{"global_pool", global_pool, true},
                    Rule{"softmax", softmax, true}, Rule{"reduce", reduce, true},
                    Rule{"local_response", local_response, true},
                    Rule{"transpose", transpose, true}, Rule{"gather", gather, false},
                    Rule{"reshape", reshape, false}, Rule{"flatten", flatten, false},
                    Rule{"split_axis", split_axis, false}),
    [](const auto& test) { return std::string(test.param.name); });

// With all channels, space-to-depth needs exactly the block of pixels.
TEST(BackwardMap, OfSpaceToDepthIsTightWhenAllChannelsAreAsked) {
  for (std::uint64_t seed = 1; seed <= kCases; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Dice dice(seed);
    Trial trial;
    space_to_depth(dice, trial);
    const Workload workload = trial.builder.finish();
    const imbrex::Operator& op = workload.operators()[0];
    Region output = imbrex_test::random_region(dice, workload.at(op.output).shape);
    output.axis[1] = {0, workload.at(op.output).shape[1]};
    compare(op.maps[0].apply(output), flood(output, trial.reads[0], op.maps[0].input_shape()), true,
            true);
  }
}

// One step of a chain, or nothing when the window does not fit or the result grows too large.
struct Step {
  Workload workload;
  Reads reads;
  bool hole_free;

  const imbrex::BackwardMap& map() const { return workload.operators()[0].maps[0]; }
  const Shape& output() const { return map().output_shape(); }
};

std::optional<Step> make_step(Dice& dice, MakeTrial make, std::optional<Shape> given) {
  Trial trial;
  trial.given = given;
  try {
    make(dice, trial);
    Workload workload = trial.builder.finish();
    const imbrex::BackwardMap& map = workload.operators()[0].maps[0];
    const bool hole_free = map.exactness() == Exactness::exact && !trial.skips;
    if (map.output_shape().elements() > 3000) {
      return std::nullopt;
    }
    return Step{std::move(workload), trial.reads[0], hole_free};
  } catch (const imbrex::InputError&) {
    return std::nullopt;
  }
}

// Chains: regions composed step by step against element sets flooded step by step.
TEST(BackwardMap, ComposesAlongRandomChains) {
  constexpr MakeTrial kSteps[] = {
      convolution, pool, pad, nearest_resize, transposed_convolution, softmax, dilated_convolution};
  std::int64_t equal = 0;
  for (std::uint64_t seed = 1; seed <= 1500; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Dice dice(seed);
    std::vector<Step> chain;
    std::optional<Shape> shape;
    while (chain.size() < 4) {
      const MakeTrial make = kSteps[dice.roll(0, std::size(kSteps) - 1)];
      if (std::optional<Step> step = make_step(dice, make, shape)) {
        shape = step->output();
        chain.push_back(std::move(*step));
      }
    }
    Region region = imbrex_test::random_region(dice, *shape);
    ElementSet needed(*shape);
    imbrex_test::for_each(region, [&](const Index& at) { needed.add(at); });
    bool hole_free = true;
    for (std::size_t i = chain.size(); i-- > 0;) {
      ElementSet read(chain[i].map().input_shape());
      imbrex_test::for_each(Region::whole(chain[i].output()), [&](const Index& at) {
        if (needed.contains(at)) {
          chain[i].reads(at, [&](const Index& from) { read.add(from); });
        }
      });
      region = chain[i].map().apply(region);
      needed = read;
      hole_free = hole_free && chain[i].hole_free;
      compare(region, needed, hole_free, hole_free);
    }
    equal += hole_free ? 1 : 0;
    if (HasFailure()) {
      return;
    }
  }
  EXPECT_GE(equal, 150);
}

// Projections: any box of a convolution's loop nest, C, R and S included, iteration by iteration.
TEST(Projection, HoldsWhatEveryIterationOfABoxTouches) {
  for (std::uint64_t seed = 1; seed <= kCases; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Dice dice(seed);
    Trial trial;
    std::optional<Workload> workload;
    try {
      dilated_convolution(dice, trial);
      workload.emplace(trial.builder.finish());
    } catch (const imbrex::InputError&) {
      continue;
    }
    const imbrex::Operator& op = workload->operators()[0];
    imbrex::DimBox box;
    for (std::size_t d = 0; d < imbrex::kDimCount; ++d) {
      const std::int64_t begin = dice.roll(0, op.bounds.bound[d] - 1);
      box.dim[d] = {begin, dice.roll(begin + 1, op.bounds.bound[d])};
    }
    ElementSet inputs(workload->at(op.inputs[0]).shape);
    ElementSet outputs(workload->at(op.output).shape);
    const auto visit = [&](const std::array<std::int64_t, 8>& i) {  // N G K C P Q R S
      outputs.add({i[0], i[1] * op.bounds[imbrex::Dim::K] + i[2], i[4], i[5]});
      inputs.add({i[0], i[1] * op.bounds[imbrex::Dim::C] + i[3],
                  i[4] * op.stride[0] + i[6] * op.dilation[0] - op.pad_begin[0],
                  i[5] * op.stride[1] + i[7] * op.dilation[1] - op.pad_begin[1]});
    };
    std::array<std::int64_t, 8> at{};
    const std::function<void(std::size_t)> loops = [&](std::size_t d) {
      if (d == 8) {
        visit(at);
        return;
      }
      for (at[d] = box.dim[d].begin; at[d] < box.dim[d].end; ++at[d]) {
        loops(d + 1);
      }
    };
    loops(0);
    EXPECT_TRUE(workload->output_region(imbrex::OperatorId{0}, box) == outputs.box() ||
                box[imbrex::Dim::G].extent() > 1);
    EXPECT_TRUE(workload->output_region(imbrex::OperatorId{0}, box).contains(outputs.box()));
    if (inputs.count() > 0) {
      EXPECT_TRUE(workload->input_region(imbrex::OperatorId{0}, 0, box).contains(inputs.box()));
    }
  }
}

}  // namespace
