// Convolutions, pools, padding, resizing: everything that reads rows and columns.
#include "operators.hpp"

#include <imbrex/toolkit/extents/bounded_extents.hpp>

#include <fmt/format.h>

namespace imbrex::toml_reader {
namespace {

constexpr std::string_view kModes[] = {"nearest", "linear"};
constexpr std::string_view kCoordinates[] = {"half_pixel", "align_corners", "asymmetric"};

ConvolutionParams convolution_params(LayerInput& in) {
  ConvolutionParams params;
  params.window = in.fields.window(in.shape(), false);
  params.weight_bits = in.fields.bits("weight_bits");
  params.output_bits = in.fields.bits("bits");
  return params;
}

bool has_rows_and_columns(LayerInput& in) {
  if (in.shape().rank >= 3 && in.shape().rank <= 4) {
    return true;
  }
  in.fields.complain(fmt::format("expected data as [batch, channels, rows, columns], given rank {}",
                                 in.shape().rank));
  return false;
}

TensorId resized(LayerInput& in, std::array<std::int64_t, 2> size) {
  Shape output = in.shape();
  for (std::size_t s = 0; s + 2 < output.rank; ++s) {
    output.extent[s + 2] = size[s];
  }
  const auto mode = static_cast<WorkloadBuilder::ResizeMode>(in.fields.word("mode", kModes));
  const auto coordinates =
      static_cast<ResizeCoordinates>(in.fields.word("coordinates", kCoordinates));
  return in.fields.failed() ? TensorId::none
                            : in.builder.resize(in.name, in.data(), output, mode, coordinates);
}

}  // namespace

TensorId build_convolution(LayerInput& in) {
  ConvolutionParams params = convolution_params(in);
  params.output_channels = in.fields.required_integer("filters", 1);
  params.groups = in.fields.integer("groups", 1, 1);
  return in.fields.failed() ? TensorId::none : in.builder.convolution(in.name, in.data(), params);
}

TensorId build_depthwise_convolution(LayerInput& in) {
  if (!has_rows_and_columns(in)) {
    return TensorId::none;
  }
  ConvolutionParams params = convolution_params(in);
  const std::int64_t multiplier = in.fields.integer("multiplier", 1, 1);
  constexpr std::int64_t kMost = 1 << 20;
  if (multiplier > kMost) {
    in.fields.complain(in.fields.find("multiplier"), fmt::format("expected at most {}", kMost));
  }
  if (in.fields.failed()) {
    return TensorId::none;
  }
  params.groups = in.shape()[1];
  params.output_channels = extents::bounded_product(in.shape()[1], multiplier);
  return in.builder.convolution(in.name, in.data(), params);
}

TensorId build_transposed_convolution(LayerInput& in) {
  ConvolutionParams params = convolution_params(in);
  params.output_channels = in.fields.required_integer("filters", 1);
  params.groups = in.fields.integer("groups", 1, 1);
  params.output_padding = in.fields.pair("output_pad", {0, 0}, 0);
  return in.fields.failed() ? TensorId::none
                            : in.builder.transposed_convolution(in.name, in.data(), params);
}

TensorId build_pool(LayerInput& in) {
  const Window window = in.fields.window(in.shape(), true);
  return in.fields.failed() ? TensorId::none : in.builder.pool(in.name, in.data(), window);
}

TensorId build_global_pool(LayerInput& in) {
  return in.builder.global_pool(in.name, in.data());
}

TensorId build_pad(LayerInput& in) {
  if (!has_rows_and_columns(in)) {
    return TensorId::none;
  }
  const Window window = in.fields.window(in.shape(), false);
  if (in.fields.failed()) {
    return TensorId::none;
  }
  std::vector<std::int64_t> begin(in.shape().rank, 0);
  std::vector<std::int64_t> end(in.shape().rank, 0);
  for (std::size_t s = 0; s + 2 < begin.size(); ++s) {
    begin[s + 2] = window.pad_begin[s];
    end[s + 2] = window.pad_end[s];
  }
  return in.builder.pad(in.name, in.data(), begin, end);
}

TensorId build_upsample(LayerInput& in) {
  const std::array<std::int64_t, 2> factor = in.fields.pair("factor", {2, 2}, 1);
  if (!has_rows_and_columns(in) || in.fields.failed()) {
    return TensorId::none;
  }
  std::array<std::int64_t, 2> size{1, 1};
  for (std::size_t s = 0; s + 2 < in.shape().rank; ++s) {
    size[s] = extents::bounded_product(in.shape()[s + 2], factor[s]);
  }
  return resized(in, size);
}

TensorId build_resize(LayerInput& in) {
  if (!in.fields.has("size")) {
    in.fields.complain("expected the key 'size'");
  }
  const std::array<std::int64_t, 2> size = in.fields.pair("size", {1, 1}, 1);
  return has_rows_and_columns(in) ? resized(in, size) : TensorId::none;
}

}  // namespace imbrex::toml_reader
