// Networks of convolutions and what stands between them, layer behind layer: every call goes on
// from the last tensor.
#pragma once

#include <imbrex/values/workload_builder.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace imbrex::test {

class NetworkWriter {
 public:
  NetworkWriter(std::string_view name, std::int64_t side)
      : builder_(name), last_(builder_.input("input", Shape{4, {1, 3, side, side}})) {}

  TensorId last() const noexcept { return last_; }
  void go_on_from(TensorId tensor) noexcept { last_ = tensor; }

  // TensorFlow "same" padding (section 9.3 conventions), from `last`.
  TensorId conv(std::int64_t kernel, std::int64_t stride, std::int64_t channels) {
    Window window = square(kernel, stride);
    pad_same(window, shape(last_));
    return conv(window, channels);
  }
  TensorId padded_conv(std::int64_t kernel, std::int64_t stride, std::int64_t pad,
                       std::int64_t channels) {
    Window window = square(kernel, stride);
    window.pad_begin = window.pad_end = {pad, pad};
    return conv(window, channels);
  }
  TensorId pool(std::int64_t kernel, std::int64_t stride, bool same = false, std::int64_t pad = 0) {
    Window window = square(kernel, stride);
    window.pad_begin = window.pad_end = {pad, pad};
    if (same) {
      pad_same(window, shape(last_));
    }
    return last_ = builder_.pool(next_name(), last_, window);
  }
  TensorId upper_half(TensorId data) {
    const std::int64_t channels = shape(data)[1];
    return last_ = builder_.slice(next_name(), data, 1, channels / 2, channels);
  }
  TensorId upsample(std::int64_t factor) {
    Shape target = shape(last_);
    target.extent[2] *= factor;
    target.extent[3] *= factor;
    return last_ =
               builder_.resize(next_name(), last_, target, WorkloadBuilder::ResizeMode::nearest);
  }
  TensorId concat(TensorId left, TensorId right) {
    const TensorId operands[] = {left, right};
    return last_ = builder_.concat(next_name(), operands, 1);
  }
  TensorId add(TensorId left, TensorId right) {
    const TensorId operands[] = {left, right};
    return last_ = builder_.elementwise(next_name(), operands);
  }
  std::shared_ptr<const Workload> finish() {
    return std::make_shared<const Workload>(builder_.finish());
  }

 private:
  static Window square(std::int64_t kernel, std::int64_t stride) {
    Window window;
    window.kernel = {kernel, kernel};
    window.stride = {stride, stride};
    return window;
  }
  const Shape& shape(TensorId id) const { return builder_.at(id).shape; }
  std::string next_name() { return std::to_string(count_++); }
  TensorId conv(const Window& window, std::int64_t channels) {
    ConvolutionParams params;
    params.output_channels = channels;
    params.window = window;
    return last_ = builder_.convolution(next_name(), last_, params);
  }

  WorkloadBuilder builder_;
  TensorId last_;
  int count_ = 0;
};

}  // namespace imbrex::test
