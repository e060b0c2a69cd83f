// Which region of an input does a region of the output need? One answer for every operator, used by
// every analyzer (specification clsa-cim section 6.2, fast-overlapim section 3.3).
// A map is plain data: one rule for each axis of the input. Maps compose by applying one after
// another.
#pragma once

#include <imbrex/plugin/abi.hpp>
#include <imbrex/values/region.hpp>

#include <span>

namespace imbrex {

// How the interval of one input axis follows from the output region [lo, hi) per axis.
struct AxisRule {
  enum class Kind : std::uint8_t {
    fixed,   // [low, high) whatever the output region is (whole axis, or one picked index)
    affine,  // [floor((lo*scale + low) / divisor)*multiple,
             //  floor(((hi-1)*scale + high) / divisor)*multiple + extent)
    merge,   // flat index over the output axes [output_axis, last_axis]: hull of the box
    digit,   // (x / stride) mod extent of the output axis; whole axis when the digit wraps
  };
  Kind kind = Kind::fixed;
  std::uint8_t output_axis = 0;
  std::uint8_t last_axis = 0;  // merge only
  std::int64_t low = 0;        // fixed: begin; affine: offset used for lo
  std::int64_t high = 0;       // fixed: end; affine: offset used for hi-1
  std::int64_t scale = 1;      // affine; >= 0
  std::int64_t divisor = 1;    // affine; > 0
  std::int64_t multiple = 1;   // affine
  std::int64_t extent = 1;     // affine: width of what the last position needs; digit: radix
  std::int64_t stride = 1;     // digit
  friend constexpr bool operator==(const AxisRule&, const AxisRule&) = default;
};

// A `fixed` or `affine` rule for a non-empty interval of its output axis; not clipped.
IMBREX_API Interval apply_axis_rule(const AxisRule& rule, const Interval& output) noexcept;

// The backward map of one (operator, input) pair. Results are clipped to the input's bounds after
// the affine rule, never before. An empty result means: no dependency through this edge. Complexity
// of `apply`: O(rank of input). [any thread]
class IMBREX_API BackwardMap {
 public:
  BackwardMap() = default;
  BackwardMap(const Shape& input, const Shape& output, std::span<const AxisRule> rules,
              Exactness exactness);

  Region apply(const Region& output) const noexcept;

  // `exact`: every element of the result is needed by some element of the output region, as long as
  // no stride exceeds its window. `conservative`: the result may hold more, never less.
  Exactness exactness() const noexcept { return exactness_; }
  const Shape& input_shape() const noexcept { return input_; }
  const Shape& output_shape() const noexcept { return output_; }
  const AxisRule& rule(std::size_t input_axis) const noexcept { return rules_[input_axis]; }

 private:
  Shape input_;
  Shape output_;
  std::array<AxisRule, kMaxRank> rules_{};
  Exactness exactness_ = Exactness::exact;
};

// --- Rules for the operators of specification clsa-cim section 6.2
// ---------------------------------

IMBREX_API AxisRule whole_axis(std::int64_t input_extent) noexcept;
IMBREX_API AxisRule fixed_axis(std::int64_t begin, std::int64_t end) noexcept;
// Same coordinate, shifted: input = output + offset. Slice at o: +o; pad p0: -p0; concat operand at
// o: -o.
IMBREX_API AxisRule shifted_axis(std::size_t output_axis, std::int64_t offset) noexcept;
// Convolution or pool window; `pad_begin` zeros (or -inf) before the input. Strided slice:
// kernel 1.
IMBREX_API AxisRule window_axis(std::size_t output_axis, std::int64_t stride, std::int64_t kernel,
                                std::int64_t dilation, std::int64_t pad_begin) noexcept;
IMBREX_API AxisRule transposed_window_axis(std::size_t output_axis, std::int64_t stride,
                                           std::int64_t kernel, std::int64_t dilation,
                                           std::int64_t pad_begin) noexcept;
// Nearest resize, source = floor(y * input / output); covers upsample by an integer factor.
IMBREX_API AxisRule nearest_axis(std::size_t output_axis, std::int64_t input_extent,
                                 std::int64_t output_extent) noexcept;
enum class ResizeCoordinates : std::uint8_t { half_pixel, align_corners, asymmetric };
// Linear resize: two neighbours of the source coordinate.
IMBREX_API AxisRule linear_axis(std::size_t output_axis, std::int64_t input_extent,
                                std::int64_t output_extent, ResizeCoordinates coordinates) noexcept;
// Grouped channels: the input channels of every group that the output channels touch.
IMBREX_API AxisRule grouped_axis(std::size_t output_axis, std::int64_t outputs_per_group,
                                 std::int64_t inputs_per_group) noexcept;
// space-to-depth by b: blocked_axis(axis, b); depth-to-space by b: divided_axis(axis, b).
IMBREX_API AxisRule blocked_axis(std::size_t output_axis, std::int64_t block) noexcept;
IMBREX_API AxisRule divided_axis(std::size_t output_axis, std::int64_t divisor) noexcept;

// --- Whole maps
// ------------------------------------------------------------------------------------

// Element-wise with numpy broadcasting (trailing axes aligned; extent-1 input axes are whole).
IMBREX_API BackwardMap elementwise_map(const Shape& input, const Shape& output);
// Everything of the input: global pooling, softmax over all, unknown operators.
IMBREX_API BackwardMap whole_map(const Shape& input, const Shape& output, Exactness exactness);
// output axis i comes from input axis permutation[i] (ONNX Transpose).
IMBREX_API BackwardMap transpose_map(const Shape& input, const Shape& output,
                                     std::span<const std::int64_t> permutation);
// Row-major reshape: exact per group of axes that one side merges or splits, whole otherwise.
IMBREX_API BackwardMap reshape_map(const Shape& input, const Shape& output);

}  // namespace imbrex
