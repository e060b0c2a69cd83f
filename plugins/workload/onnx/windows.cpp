#include "windows.hpp"

#include "text.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

constexpr std::int64_t kMaxWindow = std::int64_t{1} << 31;

std::vector<std::int64_t> read_list(const NodeView& node, std::string_view name, std::size_t size,
                                    std::int64_t otherwise, std::int64_t minimum) {
  const auto list = node.integers(name).value_or(std::vector<std::int64_t>(size, otherwise));
  if (list.size() != size) {
    node.fail(fmt::format("'{}' has {} entries, not {}", name, list.size(), size));
  }
  for (const std::int64_t value : list) {
    if (value < minimum || value > kMaxWindow) {
      node.fail(fmt::format("'{}' is {}; each entry must be in [{}, {}]", name, to_text(list),
                            minimum, kMaxWindow));
    }
  }
  return list;
}

void pad_like_tensorflow(SpatialWindow& window, const Dims& data, bool surplus_first) {
  for (std::size_t axis = 0; axis < window.rank(); ++axis) {
    const std::int64_t input = data[axis + 2];
    const std::int64_t positions = ceil_div(input, window.stride[axis]);
    const std::int64_t total = std::max<std::int64_t>(
        (positions - 1) * window.stride[axis] + window.extent(axis) - input, 0);
    window.pad_begin[axis] = surplus_first ? total - total / 2 : total / 2;
    window.pad_end[axis] = total - window.pad_begin[axis];
  }
}

}  // namespace

SpatialWindow read_window(const NodeView& node, const Dims& data, const Dims& kernel) {
  if (data.size() < 3) {
    node.fail(fmt::format("data of shape {} has no spatial axis", to_text(data)));
  }
  const std::size_t rank = data.size() - 2;
  SpatialWindow window;
  window.kernel = kernel;
  if (node.attribute("kernel_shape") != nullptr || kernel.size() != rank) {
    if (node.attribute("kernel_shape") == nullptr) {
      node.fail(fmt::format("its kernel has {} spatial axes, its data {}", kernel.size(), rank));
    }
    window.kernel = read_list(node, "kernel_shape", rank, 1, 1);
  }
  window.stride = read_list(node, "strides", rank, 1, 1);
  window.dilation = read_list(node, "dilations", rank, 1, 1);
  window.pad_begin.assign(rank, 0);
  window.pad_end.assign(rank, 0);
  const std::string automatic = node.text("auto_pad", "NOTSET");
  if (automatic == "SAME_UPPER" || automatic == "SAME_LOWER") {
    pad_like_tensorflow(window, data, automatic == "SAME_LOWER");
  } else if (automatic == "NOTSET" || automatic.empty()) {
    const auto pads = read_list(node, "pads", 2 * rank, 0, 0);
    const auto middle = pads.begin() + static_cast<std::ptrdiff_t>(rank);
    window.pad_begin.assign(pads.begin(), middle);
    window.pad_end.assign(middle, pads.end());
  } else if (automatic != "VALID") {
    node.fail(fmt::format("auto_pad {} is not NOTSET, SAME_UPPER, SAME_LOWER or VALID",
                          in_quotes(automatic)));
  }
  return window;
}

std::int64_t window_positions(const NodeView& node, const SpatialWindow& window, std::size_t axis,
                              std::int64_t input, bool ceil_mode) {
  const std::int64_t padded = input + window.pad_begin[axis] + window.pad_end[axis];
  const std::int64_t extent = window.extent(axis);
  if (extent > padded) {
    node.fail(fmt::format(
        "a window of {} does not fit into {} elements of spatial axis {} (pads included)", extent,
        padded, axis));
  }
  const std::int64_t stride = window.stride[axis];
  if (!ceil_mode) {
    return (padded - extent) / stride + 1;
  }
  const std::int64_t positions = ceil_div(padded - extent, stride) + 1;
  // A last window that would start behind the data sees nothing and is dropped.
  return (positions - 1) * stride >= input + window.pad_begin[axis] ? positions - 1 : positions;
}

Window to_window(const SpatialWindow& window) {
  Window result;
  for (std::size_t axis = 0; axis < window.rank() && axis < 2; ++axis) {
    result.kernel[axis] = window.kernel[axis];
    result.stride[axis] = window.stride[axis];
    result.dilation[axis] = window.dilation[axis];
    result.pad_begin[axis] = window.pad_begin[axis];
    result.pad_end[axis] = window.pad_end[axis];
  }
  return result;
}

}  // namespace imbrex::onnx_reader
