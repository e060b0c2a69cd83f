// One rule per row of the table in specification clsa-cim section 6.2.
#include <imbrex/values/backward_map.hpp>

namespace imbrex {
namespace {

AxisRule affine_on(std::size_t output_axis) noexcept {
  AxisRule rule;
  rule.kind = AxisRule::Kind::affine;
  rule.output_axis = static_cast<std::uint8_t>(output_axis);
  return rule;
}

}  // namespace

AxisRule whole_axis(std::int64_t input_extent) noexcept {
  return fixed_axis(0, input_extent);
}

AxisRule fixed_axis(std::int64_t begin, std::int64_t end) noexcept {
  AxisRule rule;
  rule.kind = AxisRule::Kind::fixed;
  rule.low = begin;
  rule.high = end;
  return rule;
}

AxisRule shifted_axis(std::size_t output_axis, std::int64_t offset) noexcept {
  AxisRule rule = affine_on(output_axis);
  rule.low = offset;
  rule.high = offset;
  return rule;
}

AxisRule window_axis(std::size_t output_axis, std::int64_t stride, std::int64_t kernel,
                     std::int64_t dilation, std::int64_t pad_begin) noexcept {
  AxisRule rule = affine_on(output_axis);
  rule.scale = stride;
  rule.low = -pad_begin;
  rule.high = -pad_begin;
  rule.extent = (kernel - 1) * dilation + 1;
  return rule;
}

// Input i reaches outputs [i*stride - pad, i*stride - pad + window). Solved for i, the first bound
// is ceil((lo + pad - window + 1) / stride), written as a floor.
AxisRule transposed_window_axis(std::size_t output_axis, std::int64_t stride, std::int64_t kernel,
                                std::int64_t dilation, std::int64_t pad_begin) noexcept {
  const std::int64_t window = (kernel - 1) * dilation + 1;
  AxisRule rule = affine_on(output_axis);
  rule.low = pad_begin - window + stride;
  rule.high = pad_begin;
  rule.divisor = stride;
  return rule;
}

AxisRule nearest_axis(std::size_t output_axis, std::int64_t input_extent,
                      std::int64_t output_extent) noexcept {
  AxisRule rule = affine_on(output_axis);
  rule.scale = input_extent;
  rule.divisor = output_extent;
  return rule;
}

// source(y) as a fraction: half_pixel ((2y+1)*in - out) / (2*out), align_corners y*(in-1) /
// (out-1), asymmetric y*in / out. Neighbours outside the input are clamped, which clipping
// expresses: the coordinate never leaves (-1, in).
AxisRule linear_axis(std::size_t output_axis, std::int64_t input_extent, std::int64_t output_extent,
                     ResizeCoordinates coordinates) noexcept {
  AxisRule rule = affine_on(output_axis);
  rule.extent = 2;
  switch (coordinates) {
    case ResizeCoordinates::half_pixel:
      rule.scale = 2 * input_extent;
      rule.low = input_extent - output_extent;
      rule.high = rule.low;
      rule.divisor = 2 * output_extent;
      break;
    case ResizeCoordinates::align_corners:
      rule.scale = output_extent > 1 ? input_extent - 1 : 0;
      rule.divisor = output_extent > 1 ? output_extent - 1 : 1;
      break;
    case ResizeCoordinates::asymmetric:
      rule.scale = input_extent;
      rule.divisor = output_extent;
      break;
  }
  return rule;
}

AxisRule grouped_axis(std::size_t output_axis, std::int64_t outputs_per_group,
                      std::int64_t inputs_per_group) noexcept {
  AxisRule rule = affine_on(output_axis);
  rule.divisor = outputs_per_group;
  rule.multiple = inputs_per_group;
  rule.extent = inputs_per_group;
  return rule;
}

AxisRule blocked_axis(std::size_t output_axis, std::int64_t block) noexcept {
  return window_axis(output_axis, block, block, 1, 0);
}

AxisRule divided_axis(std::size_t output_axis, std::int64_t divisor) noexcept {
  AxisRule rule = affine_on(output_axis);
  rule.divisor = divisor;
  return rule;
}

}  // namespace imbrex
