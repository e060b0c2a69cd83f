// Multiply-accumulates of transposed convolutions: batch * input rows * input columns * input
// channels of a group * output channels * taps, before anything is cropped.
#include <imbrex/values/workload_builder.hpp>

#include <vector>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

struct Case {
  const char* name;
  std::vector<std::int64_t> input;
  std::int64_t channels, groups, kernel, stride, pad, surplus;
  std::int64_t macs, iterations;  // iterations: output positions times channels times taps
};

Workload network_of(const Case& one) {
  WorkloadBuilder builder(one.name);
  Shape shape;
  shape.rank = static_cast<std::uint8_t>(one.input.size());
  for (std::size_t i = 0; i < one.input.size(); ++i) {
    shape.extent[i] = one.input[i];
  }
  ConvolutionParams params;
  params.output_channels = one.channels;
  params.groups = one.groups;
  for (std::size_t s = 0; s + 2 < one.input.size(); ++s) {
    params.window.kernel[s] = one.kernel;
    params.window.stride[s] = one.stride;
    params.window.pad_begin[s] = params.window.pad_end[s] = one.pad;
    params.output_padding[s] = one.surplus;
  }
  builder.transposed_convolution("t", builder.input("x", shape), params);
  return builder.finish();
}

TEST(TransposedMacs, CountWhatInputPositionsMeet) {
  const Case cases[] = {
      {"stride of the kernel", {1, 1, 2, 2}, 3, 1, 2, 2, 0, 0, 48, 4 * 4 * 3 * 4},
      {"two inputs, three outputs", {1, 2, 4, 4}, 3, 1, 2, 2, 0, 0, 384, 8 * 8 * 2 * 3 * 4},
      {"grouped batch", {2, 4, 8, 8}, 4, 4, 3, 2, 1, 1, 4608, 2 * 256 * 4 * 9},
      {"surplus row", {1, 1, 3, 3}, 2, 1, 3, 2, 1, 1, 162, 36 * 2 * 9},
      {"cropped", {1, 1, 4, 4}, 4, 1, 1, 1, 1, 0, 64, 2 * 2 * 4},
      {"holes between taps", {1, 1, 3, 3}, 1, 1, 1, 4, 0, 0, 9, 81},
      {"one axis", {1, 2, 5}, 3, 1, 4, 2, 0, 0, 5 * 2 * 3 * 4, 12 * 2 * 3 * 4},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.name);
    const Workload network = network_of(one);
    EXPECT_EQ(network.macs(), one.macs);
    EXPECT_EQ(network.operators().front().bounds.macs(), one.iterations);
  }
}

}  // namespace
}  // namespace imbrex
