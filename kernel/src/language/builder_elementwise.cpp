// Operators that work element by element or along whole axes.
#include "language/builder_impl.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace imbrex {

using namespace workload_detail;

namespace {

// Extents of numpy broadcasting: trailing axes aligned, equal or 1.
Shape broadcast(std::string_view name, const Shape& left, const Shape& right) {
  Shape result;
  result.rank = std::max(left.rank, right.rank);
  for (std::size_t i = 1; i <= result.rank; ++i) {
    const std::int64_t a = i <= left.rank ? left[left.rank - i] : 1;
    const std::int64_t b = i <= right.rank ? right[right.rank - i] : 1;
    if (a != b && a != 1 && b != 1) {
      complain(name, "operands whose trailing axes are equal or 1",
               fmt::format("{} and {}", text(left), text(right)));
    }
    result.extent[result.rank - i] = std::max(a, b);
  }
  return result;
}

AxisRules whole_along(std::string_view name, const Shape& input,
                      std::span<const std::int64_t> axes) {
  AxisRules rules = same_axes(input);
  for (const std::int64_t axis : axes) {
    const std::size_t a = checked_axis(name, axis, input.rank);
    rules[a] = whole_axis(input[a]);
  }
  return rules;
}

}  // namespace

TensorId WorkloadBuilder::elementwise(std::string_view name, std::span<const TensorId> operands) {
  if (operands.empty()) {
    complain(name, "at least one operand", "none");
  }
  Shape output = impl_->shape(operands[0]);
  std::int32_t bits = 1;
  for (const TensorId id : operands) {
    output = broadcast(name, output, impl_->shape(id));
    bits = std::max(bits, impl_->tensor(id).bits_per_element);
  }
  Operator op = start(name, OperatorKind::elementwise);
  for (const TensorId id : operands) {
    add_input(op, id, elementwise_map(impl_->shape(id), output));
  }
  return impl_->add(std::move(op), output, bits);
}

TensorId WorkloadBuilder::activation(std::string_view name, TensorId data) {
  const Shape shape = impl_->shape(data);
  Operator op = start(name, OperatorKind::activation);
  add_input(op, data, elementwise_map(shape, shape));
  return impl_->add(std::move(op), shape, impl_->tensor(data).bits_per_element);
}

TensorId WorkloadBuilder::softmax(std::string_view name, TensorId data,
                                  std::span<const std::int64_t> axes) {
  const Shape shape = impl_->shape(data);
  Operator op = start(name, OperatorKind::softmax);
  add_input(op, data, make_map(shape, shape, whole_along(name, shape, axes)));
  return impl_->add(std::move(op), shape, impl_->tensor(data).bits_per_element);
}

TensorId WorkloadBuilder::normalization(std::string_view name, TensorId data,
                                        std::span<const std::int64_t> axes) {
  const Shape shape = impl_->shape(data);
  Operator op = start(name, OperatorKind::normalization);
  add_input(op, data, make_map(shape, shape, whole_along(name, shape, axes)));
  return impl_->add(std::move(op), shape, impl_->tensor(data).bits_per_element);
}

TensorId WorkloadBuilder::reduce(std::string_view name, TensorId data,
                                 std::span<const std::int64_t> axes, bool keep_axes) {
  const Shape input = impl_->shape(data);
  std::array<bool, kMaxRank> reduced{};
  for (const std::int64_t axis : axes) {
    reduced[checked_axis(name, axis, input.rank)] = true;
  }
  Shape output;
  AxisRules rules;
  for (std::size_t axis = 0; axis < input.rank; ++axis) {
    rules[axis] = reduced[axis] ? whole_axis(input[axis]) : shifted_axis(output.rank, 0);
    if (!reduced[axis] || keep_axes) {
      output.extent[output.rank++] = reduced[axis] ? 1 : input[axis];
    }
  }
  Operator op = start(name, OperatorKind::reduce);
  add_input(op, data, make_map(input, output, rules));
  return impl_->add(std::move(op), output, impl_->tensor(data).bits_per_element);
}

TensorId WorkloadBuilder::expand(std::string_view name, TensorId data, const Shape& output) {
  const Shape input = impl_->shape(data);
  if (input.rank > output.rank || broadcast(name, input, output) != output) {
    complain(name, fmt::format("a shape that {} can be broadcast to", text(input)), text(output));
  }
  Operator op = start(name, OperatorKind::expand);
  add_input(op, data, elementwise_map(input, output));
  return impl_->add(std::move(op), output, impl_->tensor(data).bits_per_element);
}

}  // namespace imbrex
