// Sliding-window attributes of convolutions and pools, any number of spatial axes, auto_pad
// resolved.
#pragma once

#include "node_view.hpp"

#include <imbrex/toolkit/extents/bounded_extents.hpp>
#include <imbrex/values/workload_builder.hpp>

namespace imbrex::onnx_reader {

// One entry per spatial axis each.
struct SpatialWindow {
  std::vector<std::int64_t> kernel, stride, dilation, pad_begin, pad_end;

  std::size_t rank() const noexcept { return kernel.size(); }
  std::int64_t extent(std::size_t axis) const noexcept {
    return extents::bounded_product(kernel[axis] - 1, dilation[axis]) + 1;
  }
};

// `kernel` is the default when the node has no kernel_shape. SAME_UPPER, SAME_LOWER and VALID
// become explicit pads. Errors: InputError on values that no window can have.
SpatialWindow read_window(const NodeView& node, const Dims& data, const Dims& kernel);

// Number of window positions per axis. Errors: InputError when the window does not fit.
std::int64_t window_positions(const NodeView& node, const SpatialWindow& window, std::size_t axis,
                              std::int64_t input, bool ceil_mode);

// At most two spatial axes.
Window to_window(const SpatialWindow& window);

}  // namespace imbrex::onnx_reader
