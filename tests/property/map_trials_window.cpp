#include "map_trials.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace imbrex_test {
namespace {

using imbrex::ResizeCoordinates;
using imbrex::Shape;
using imbrex::Window;
using imbrex::WorkloadBuilder;

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

}  // namespace

void convolution(Dice& dice, Trial& trial) {
  make_convolution(dice, trial, false);
}
void dilated_convolution(Dice& dice, Trial& trial) {
  make_convolution(dice, trial, true);
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

}  // namespace imbrex_test
