// Shapes and windows in few words, for tests of the builder.
#pragma once

#include <imbrex/values/workload_builder.hpp>

#include <cstdint>
#include <initializer_list>

namespace imbrex::test {

inline Shape shape(std::initializer_list<std::int64_t> extents) {
  Shape result;
  for (const std::int64_t extent : extents) {
    result.extent[result.rank++] = extent;
  }
  return result;
}

inline Window square(std::int64_t kernel, std::int64_t stride, std::int64_t pad) {
  Window window;
  window.kernel = {kernel, kernel};
  window.stride = {stride, stride};
  window.pad_begin = {pad, pad};
  window.pad_end = {pad, pad};
  return window;
}

inline ConvolutionParams conv(std::int64_t filters, const Window& window, std::int64_t groups = 1) {
  ConvolutionParams params;
  params.output_channels = filters;
  params.window = window;
  params.groups = groups;
  return params;
}

}  // namespace imbrex::test
