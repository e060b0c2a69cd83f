// Operators with a loop nest: convolutions and matrix products. Each fills the loop bounds, the
// projections of every tensor and the backward map; `finish` checks that the three agree.
#include "language/builder_impl.hpp"

#include <fmt/format.h>

namespace imbrex {

using namespace workload_detail;

namespace {

AxisProjection along(Dim dim) {
  AxisProjection projection;
  projection.dim[0] = dim;
  projection.factor[0] = 1;
  return projection;
}

AxisProjection along(Dim outer, std::int64_t outer_factor, Dim inner, std::int64_t inner_factor,
                     std::int64_t offset) {
  AxisProjection projection;
  projection.dim = {outer, inner};
  projection.factor = {outer_factor, inner_factor};
  projection.offset = offset;
  return projection;
}

constexpr std::array<Dim, 2> kPosition = {Dim::P, Dim::Q};
constexpr std::array<Dim, 2> kKernel = {Dim::R, Dim::S};

void check_channels(std::string_view name, const Shape& input, const ConvolutionParams& params) {
  if (params.groups < 1 || input[1] % params.groups != 0) {
    complain(name, fmt::format("groups that divide the {} input channels", input[1]),
             fmt::format("{} groups", params.groups));
  }
  if (params.output_channels < 1 || params.output_channels % params.groups != 0) {
    complain(
        name,
        fmt::format("a positive number of output channels, divisible by {} groups", params.groups),
        fmt::format("{} output channels", params.output_channels));
  }
}

// What both kinds of convolution share: everything but the spatial axes.
Operator start_convolution(std::string_view name, OperatorKind kind, const Shape& input,
                           const ConvolutionParams& params) {
  check_rank(name, input, 3, 4);
  check_window(name, params.window);
  check_channels(name, input, params);
  Operator op = start(name, kind);
  op.stationary_weights = true;
  op.weight_bits_per_element = params.weight_bits;
  op.bounds[Dim::N] = input[0];
  op.bounds[Dim::G] = params.groups;
  op.bounds[Dim::K] = params.output_channels / params.groups;
  op.bounds[Dim::C] = input[1] / params.groups;
  op.input_projection.resize(1);
  op.input_projection[0][0] = along(Dim::N);
  op.input_projection[0][1] = along(Dim::G, op.bounds[Dim::C], Dim::C, 1, 0);
  op.output_projection[0] = along(Dim::N);
  op.output_projection[1] = along(Dim::G, op.bounds[Dim::K], Dim::K, 1, 0);
  for (std::size_t s = 0; s + 2 < input.rank; ++s) {
    op.stride[s] = params.window.stride[s];
    op.dilation[s] = params.window.dilation[s];
    op.pad_begin[s] = params.window.pad_begin[s];
    op.bounds[kKernel[s]] = params.window.kernel[s];
    op.output_projection[s + 2] = along(kPosition[s]);
  }
  return op;
}

AxisRules convolution_channels(const Shape& input, const LoopBounds& bounds) {
  AxisRules rules = same_axes(input);
  rules[1] =
      bounds[Dim::G] == 1 ? whole_axis(input[1]) : grouped_axis(1, bounds[Dim::K], bounds[Dim::C]);
  return rules;
}

std::int64_t transposed_extent(std::string_view name, const ConvolutionParams& params,
                               std::size_t s, std::int64_t input) {
  const Window& window = params.window;
  const std::int64_t surplus = params.output_padding[s];
  if (surplus < 0 || surplus >= std::max(window.stride[s], window.dilation[s])) {
    complain(name, "an output padding in [0, max(stride, dilation))", fmt::to_string(surplus));
  }
  constexpr std::int64_t kMostRows = std::int64_t{1} << 48;
  if (!product_within(std::array{input, window.stride[s]}, kMostRows)) {
    complain(name, "an output of at most 2^48 rows",
             fmt::format("stride {} on an input of {}", window.stride[s], input));
  }
  const std::int64_t extent = (input - 1) * window.stride[s] + window_extent(window, s) + surplus -
                              window.pad_begin[s] - window.pad_end[s];
  if (extent < 1) {
    complain(name, "pads that leave an output",
             fmt::format("pads {} and {} on an input of {}", window.pad_begin[s], window.pad_end[s],
                         input));
  }
  return extent;
}

}  // namespace

TensorId WorkloadBuilder::convolution(std::string_view name, TensorId data,
                                      const ConvolutionParams& params) {
  const Shape input = impl_->shape(data);
  Operator op = start_convolution(name, OperatorKind::convolution, input, params);
  const Window& window = params.window;
  Shape output = input;
  output.extent[1] = params.output_channels;
  AxisRules rules = convolution_channels(input, op.bounds);
  const std::size_t spatial = std::size_t{input.rank} - 2;
  for (std::size_t s = 0; s < spatial; ++s) {
    output.extent[s + 2] = sliding_extent(name, window, s, input[s + 2]);
    op.bounds[kPosition[s]] = output[s + 2];
    rules[s + 2] = window_axis(s + 2, window.stride[s], window.kernel[s], window.dilation[s],
                               window.pad_begin[s]);
    op.input_projection[0][s + 2] =
        along(kPosition[s], window.stride[s], kKernel[s], window.dilation[s], -window.pad_begin[s]);
  }
  add_input(op, data, make_map(input, output, rules, window_exactness(window, spatial)));
  return impl_->add(std::move(op), output, params.output_bits);
}

// The loop nest is that of the equivalent convolution over the zero-inserted input: P and Q run
// over the output, so that jobs tile it without overlap. Its iterations on inserted zeros are no
// MACs: the outputs fall into stride x stride phases, each with the taps that meet data.
TensorId WorkloadBuilder::transposed_convolution(std::string_view name, TensorId data,
                                                 const ConvolutionParams& params) {
  const Shape input = impl_->shape(data);
  Operator op = start_convolution(name, OperatorKind::transposed_convolution, input, params);
  const Window& window = params.window;
  op.input_extent = {1, 1};
  Shape output = input;
  output.extent[1] = params.output_channels;
  AxisRules rules = convolution_channels(input, op.bounds);
  const std::size_t spatial = std::size_t{input.rank} - 2;
  for (std::size_t s = 0; s < spatial; ++s) {
    output.extent[s + 2] = transposed_extent(name, params, s, input[s + 2]);
    op.bounds[kPosition[s]] = output[s + 2];
    op.input_extent[s] = input[s + 2];
    rules[s + 2] = transposed_window_axis(s + 2, window.stride[s], window.kernel[s],
                                          window.dilation[s], window.pad_begin[s]);
    AxisProjection& rows = op.input_projection[0][s + 2];
    rows = along(kPosition[s], 1, kKernel[s], -window.dilation[s], window.pad_begin[s]);
    rows.divisor = window.stride[s];
  }
  add_input(op, data, make_map(input, output, rules, window_exactness(window, spatial)));
  return impl_->add(std::move(op), output, params.output_bits);
}

TensorId WorkloadBuilder::dense(std::string_view name, TensorId data, std::int64_t outputs,
                                std::int32_t weight_bits, std::int32_t output_bits) {
  const Shape input = impl_->shape(data);
  check_rank(name, input, 1, kMaxRank);
  Operator op = start(name, OperatorKind::matmul);
  const std::size_t last = std::size_t{input.rank} - 1;
  Shape output = input;
  output.extent[last] = outputs;
  op.stationary_weights = true;
  op.weight_bits_per_element = weight_bits;
  op.bounds[Dim::K] = outputs;
  op.bounds[Dim::C] = input[last];
  op.input_projection.resize(1);
  op.input_projection[0][last] = along(Dim::C);
  op.output_projection[last] = along(Dim::K);
  // Axes of extent 1 need no loop. The others are rows (P); N and Q when there are two or three.
  std::vector<std::size_t> leading;
  for (std::size_t axis = 0; axis < last; ++axis) {
    if (input[axis] > 1) {
      leading.push_back(axis);
    }
  }
  if (leading.size() > 3) {
    complain(name, "at most three leading axes longer than 1 (reshape first)", text(input));
  }
  constexpr std::array<Dim, 3> kTwoOrThree = {Dim::N, Dim::P, Dim::Q};
  for (std::size_t i = 0; i < leading.size(); ++i) {
    const Dim dim = leading.size() == 1 ? Dim::P : kTwoOrThree[i];
    op.bounds[dim] = input[leading[i]];
    op.input_projection[0][leading[i]] = along(dim);
    op.output_projection[leading[i]] = along(dim);
  }
  AxisRules rules = same_axes(input);
  rules[last] = whole_axis(input[last]);
  add_input(op, data, make_map(input, output, rules));
  return impl_->add(std::move(op), output, output_bits);
}

namespace {

// One operand of a product: `contracted` is whole, the other trailing axis follows the output.
void add_factor(Operator& op, TensorId id, const Shape& shape, const Shape& output,
                std::size_t contracted, std::size_t kept, Dim kept_dim) {
  AxisRules rules;
  std::array<AxisProjection, kMaxRank> projection{};
  const std::size_t rank = shape.rank;
  const std::size_t missing = output.rank - rank;
  constexpr std::array<Dim, 2> kLeading = {Dim::N, Dim::G};
  for (std::size_t axis = 0; axis + 2 < rank; ++axis) {
    const bool broadcast = shape[axis] == 1;
    rules[axis] = broadcast ? whole_axis(1) : shifted_axis(axis + missing, 0);
    projection[axis] = broadcast ? AxisProjection{} : along(kLeading[axis + missing]);
  }
  rules[contracted] = whole_axis(shape[contracted]);
  projection[contracted] = along(Dim::C);
  rules[kept] = shifted_axis(kept_dim == Dim::P ? output.rank - 2u : output.rank - 1u, 0);
  projection[kept] = along(kept_dim);
  add_input(op, id, make_map(shape, output, rules));
  op.input_projection.push_back(projection);
}

Shape product_shape(std::string_view name, const Shape& left, const Shape& right) {
  const std::size_t l = left.rank;
  const std::size_t r = right.rank;
  if (left[l - 1] != right[r - 2]) {
    complain(name, fmt::format("a right operand with {} rows", left[l - 1]),
             fmt::format("{} x {}", text(left), text(right)));
  }
  Shape output;
  output.rank = static_cast<std::uint8_t>(std::max(l, r));
  for (std::size_t i = 3; i <= output.rank; ++i) {  // counted from the last axis
    const std::int64_t a = i <= l ? left[l - i] : 1;
    const std::int64_t b = i <= r ? right[r - i] : 1;
    if (a != b && a != 1 && b != 1) {
      complain(name, "leading axes that are equal or 1",
               fmt::format("{} x {}", text(left), text(right)));
    }
    output.extent[output.rank - i] = std::max(a, b);
  }
  output.extent[output.rank - 2u] = left[l - 2];
  output.extent[output.rank - 1u] = right[r - 1];
  return output;
}

}  // namespace

TensorId WorkloadBuilder::matmul(std::string_view name, TensorId left, TensorId right,
                                 std::int32_t output_bits) {
  const Shape a = impl_->shape(left);
  const Shape b = impl_->shape(right);
  check_rank(name, a, 2, 4);
  check_rank(name, b, 2, 4);
  const Shape output = product_shape(name, a, b);
  const std::size_t rank = output.rank;
  Operator op = start(name, OperatorKind::matmul);
  op.weight_bits_per_element = impl_->tensor(right).bits_per_element;
  op.bounds[Dim::N] = rank > 2 ? output[0] : 1;
  op.bounds[Dim::G] = rank > 3 ? output[1] : 1;
  op.bounds[Dim::P] = output[rank - 2];
  op.bounds[Dim::K] = output[rank - 1];
  op.bounds[Dim::C] = a[a.rank - 1u];
  constexpr std::array<Dim, 2> kLeading = {Dim::N, Dim::G};
  for (std::size_t axis = 0; axis + 2 < rank; ++axis) {
    op.output_projection[axis] = along(kLeading[axis]);
  }
  op.output_projection[rank - 2] = along(Dim::P);
  op.output_projection[rank - 1] = along(Dim::K);
  add_factor(op, left, a, output, a.rank - 1u, a.rank - 2u, Dim::P);
  add_factor(op, right, b, output, b.rank - 2u, b.rank - 1u, Dim::K);
  return impl_->add(std::move(op), output, output_bits);
}

}  // namespace imbrex
