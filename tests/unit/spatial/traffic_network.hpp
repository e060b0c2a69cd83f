// A network of 1x1 layers with 4 channels, and of what may lie between them.
#pragma once

#include <imbrex/values/workload_builder.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

namespace imbrex::test {

class Network : public WorkloadBuilder {
 public:
  Network() : WorkloadBuilder("network") {}
  TensorId image(std::string_view name) { return input(name, {4, {1, 4, 8, 8}}); }
  TensorId layer(std::string_view name, TensorId data, std::int32_t bits = 8) {
    ConvolutionParams params;
    params.output_channels = 4;
    params.output_bits = bits;
    return convolution(name, data, params);
  }
  TensorId halved(std::string_view name, TensorId data) {
    Window window;
    window.kernel = window.stride = {2, 2};
    return pool(name, data, window);
  }
  TensorId sum(std::string_view name, TensorId a, TensorId b) {
    return elementwise(name, std::vector<TensorId>{a, b});
  }
};

}  // namespace imbrex::test
