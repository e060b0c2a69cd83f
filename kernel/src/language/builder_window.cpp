// Sliding windows without weights, padding and resizing.
#include "language/builder_impl.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

namespace imbrex {

using namespace workload_detail;

namespace workload_detail {

void check_window(std::string_view name, const Window& window) {
  for (std::size_t s = 0; s < 2; ++s) {
    constexpr std::int64_t kLimit = std::int64_t{1} << 31;
    for (const std::int64_t value : {window.kernel[s], window.stride[s], window.dilation[s]}) {
      if (value < 1 || value > kLimit) {
        complain(name, "kernel, stride and dilation in [1, 2^31]",
                 fmt::format("kernel {}, stride {}, dilation {}", window.kernel[s],
                             window.stride[s], window.dilation[s]));
      }
    }
    for (const std::int64_t value : {window.pad_begin[s], window.pad_end[s]}) {
      if (value < 0 || value > kLimit) {
        complain(name, "pads in [0, 2^31]", fmt::to_string(value));
      }
    }
  }
}

std::int64_t sliding_extent(std::string_view name, const Window& window, std::size_t axis,
                            std::int64_t input) {
  const std::int64_t padded = input + window.pad_begin[axis] + window.pad_end[axis];
  const std::int64_t extent = window_extent(window, axis);
  if (extent > padded) {
    complain(name, fmt::format("a window of at most {} (input and pads)", padded),
             fmt::format("{}", extent));
  }
  const std::int64_t stride = window.stride[axis];
  if (!window.ceil_mode) {
    return (padded - extent) / stride + 1;
  }
  std::int64_t result = ceil_div(padded - extent, stride) + 1;
  // A last window that starts in the padding after the data would see nothing; it is dropped.
  if ((result - 1) * stride >= input + window.pad_begin[axis]) {
    --result;
  }
  return result;
}

Exactness window_exactness(const Window& window, std::size_t spatial_rank) noexcept {
  for (std::size_t s = 0; s < spatial_rank; ++s) {
    if (window.kernel[s] > 1 && window.dilation[s] > 1) {
      return Exactness::conservative;
    }
  }
  return Exactness::exact;
}

}  // namespace workload_detail

void pad_same(Window& window, const Shape& input) noexcept {
  for (std::size_t s = 0; s < 2 && s + 2 < input.rank; ++s) {
    const std::int64_t output = ceil_div(input[s + 2], window.stride[s]);
    const std::int64_t total = std::max<std::int64_t>(
        (output - 1) * window.stride[s] + window_extent(window, s) - input[s + 2], 0);
    window.pad_begin[s] = total / 2;
    window.pad_end[s] = total - total / 2;
  }
}

TensorId WorkloadBuilder::pool(std::string_view name, TensorId data, const Window& window) {
  const Shape input = impl_->shape(data);
  check_rank(name, input, 3, 4);
  check_window(name, window);
  Shape output = input;
  AxisRules rules = same_axes(input);
  const std::size_t spatial = std::size_t{input.rank} - 2;
  for (std::size_t s = 0; s < spatial; ++s) {
    output.extent[s + 2] = sliding_extent(name, window, s, input[s + 2]);
    rules[s + 2] = window_axis(s + 2, window.stride[s], window.kernel[s], window.dilation[s],
                               window.pad_begin[s]);
  }
  Operator op = start(name, OperatorKind::pool);
  add_input(op, data, make_map(input, output, rules, window_exactness(window, spatial)));
  return impl_->add(std::move(op), output, impl_->tensor(data).bits_per_element);
}

TensorId WorkloadBuilder::global_pool(std::string_view name, TensorId data) {
  const Shape input = impl_->shape(data);
  check_rank(name, input, 3, kMaxRank);
  Shape output = input;
  AxisRules rules = same_axes(input);
  for (std::size_t axis = 2; axis < input.rank; ++axis) {
    output.extent[axis] = 1;
    rules[axis] = whole_axis(input[axis]);
  }
  Operator op = start(name, OperatorKind::pool);
  add_input(op, data, make_map(input, output, rules));
  return impl_->add(std::move(op), output, impl_->tensor(data).bits_per_element);
}

TensorId WorkloadBuilder::local_response_normalization(std::string_view name, TensorId data,
                                                       std::int64_t size) {
  const Shape input = impl_->shape(data);
  check_rank(name, input, 2, kMaxRank);
  if (size < 1) {
    complain(name, "a window of at least 1 channel", fmt::to_string(size));
  }
  AxisRules rules = same_axes(input);
  const std::int64_t window = std::min(size, 2 * input[1] + 1);  // wider ones see all channels too
  rules[1] = window_axis(1, 1, window, 1, (window - 1) / 2);
  Operator op = start(name, OperatorKind::normalization);
  add_input(op, data, make_map(input, input, rules));
  return impl_->add(std::move(op), input, impl_->tensor(data).bits_per_element);
}

TensorId WorkloadBuilder::pad(std::string_view name, TensorId data,
                              std::span<const std::int64_t> begin,
                              std::span<const std::int64_t> end) {
  const Shape input = impl_->shape(data);
  if (begin.size() != input.rank || end.size() != input.rank) {
    complain(name, fmt::format("{} pads before and after", input.rank),
             fmt::format("{} and {}", begin.size(), end.size()));
  }
  Shape output = input;
  AxisRules rules;
  for (std::size_t axis = 0; axis < input.rank; ++axis) {
    constexpr std::int64_t kLimit = std::int64_t{1} << 48;
    if (std::max(begin[axis], end[axis]) > kLimit || std::min(begin[axis], end[axis]) < -kLimit) {
      complain(name, "pads of at most 2^48", fmt::format("{} and {}", begin[axis], end[axis]));
    }
    output.extent[axis] = input[axis] + begin[axis] + end[axis];
    rules[axis] = shifted_axis(axis, -begin[axis]);
  }
  Operator op = start(name, OperatorKind::pad);
  add_input(op, data, make_map(input, output, rules));
  return impl_->add(std::move(op), output, impl_->tensor(data).bits_per_element);
}

namespace {

// Some output position falls on a coordinate of the input, whose neighbour has no weight there: the
// two that the rule names are one too many.
bool reads_one_neighbour(const AxisRule& rule) noexcept {
  return rule.low % std::gcd(rule.scale, rule.divisor) == 0;
}

}  // namespace

TensorId WorkloadBuilder::resize(std::string_view name, TensorId data, const Shape& output,
                                 ResizeMode mode, ResizeCoordinates coordinates) {
  const Shape input = impl_->shape(data);
  if (output.rank != input.rank) {
    complain(name, fmt::format("an output of rank {}", input.rank), text(output));
  }
  check_shape("operator", name, output);
  AxisRules rules = same_axes(input);
  Exactness exactness = Exactness::exact;
  for (std::size_t axis = 0; axis < input.rank; ++axis) {
    if (input[axis] == output[axis]) {
      continue;
    }
    constexpr std::int64_t kMostRatio = std::int64_t{1} << 60;  // the rule multiplies the extents
    if (!product_within(std::array{input[axis], output[axis]}, kMostRatio)) {
      complain(name, "extents whose product is at most 2^60",
               fmt::format("{} and {}", input[axis], output[axis]));
    }
    rules[axis] = mode == ResizeMode::nearest
                      ? nearest_axis(axis, input[axis], output[axis])
                      : linear_axis(axis, input[axis], output[axis], coordinates);
    if (mode == ResizeMode::linear && reads_one_neighbour(rules[axis])) {
      exactness = Exactness::conservative;
    }
  }
  Operator op = start(name, OperatorKind::resize);
  add_input(op, data, make_map(input, output, rules, exactness));
  return impl_->add(std::move(op), output, impl_->tensor(data).bits_per_element);
}

}  // namespace imbrex
