// Operators that only move data, and the two ways out for anything else.
#include "language/builder_impl.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace imbrex {

using namespace workload_detail;

TensorId WorkloadBuilder::concat(std::string_view name, std::span<const TensorId> operands,
                                 std::int64_t axis) {
  if (operands.empty()) {
    complain(name, "at least one operand", "none");
  }
  Shape output = impl_->shape(operands[0]);
  const std::size_t joined = checked_axis(name, axis, output.rank);
  std::int32_t bits = 1;
  output.extent[joined] = 0;
  for (const TensorId id : operands) {
    Shape expected = output;
    expected.extent[joined] = impl_->shape(id)[joined];
    if (impl_->shape(id) != expected) {
      complain(name,
               fmt::format("operands equal to {} but for axis {}", text(impl_->shape(operands[0])),
                           joined),
               text(impl_->shape(id)));
    }
    output.extent[joined] += impl_->shape(id)[joined];
    check_shape("operator", name, output);  // before a sum of many could overflow
    bits = std::max(bits, impl_->tensor(id).bits_per_element);
  }
  Operator op = start(name, OperatorKind::concat);
  std::int64_t offset = 0;
  for (const TensorId id : operands) {
    AxisRules rules = same_axes(output);
    rules[joined] = shifted_axis(joined, -offset);
    offset += impl_->shape(id)[joined];
    add_input(op, id, make_map(impl_->shape(id), output, rules));
  }
  return impl_->add(std::move(op), output, bits);
}

TensorId WorkloadBuilder::slice(std::string_view name, TensorId data, std::int64_t axis,
                                std::int64_t begin, std::int64_t end, std::int64_t step) {
  const Shape input = impl_->shape(data);
  const std::size_t a = checked_axis(name, axis, input.rank);
  if (step < 1 || begin < 0 || end > input[a] || begin >= end) {
    complain(name, fmt::format("0 <= begin < end <= {} and a positive step", input[a]),
             fmt::format("begin {}, end {}, step {}", begin, end, step));
  }
  Shape output = input;
  output.extent[a] = (end - begin - 1) / step + 1;
  AxisRules rules = same_axes(input);
  rules[a] = window_axis(a, std::min(step, input[a]), 1, 1, -begin);
  Operator op = start(name, OperatorKind::slice);
  add_input(op, data, make_map(input, output, rules));
  return impl_->add(std::move(op), output, impl_->tensor(data).bits_per_element);
}

TensorId WorkloadBuilder::reshape(std::string_view name, TensorId data, const Shape& output) {
  const Shape input = impl_->shape(data);
  check_shape("operator", name, output);
  if (input.elements() != output.elements()) {
    complain(name, fmt::format("a shape of {} elements, as in {}", input.elements(), text(input)),
             text(output));
  }
  Operator op = start(name, OperatorKind::reshape);
  add_input(op, data, reshape_map(input, output));
  return impl_->add(std::move(op), output, impl_->tensor(data).bits_per_element);
}

TensorId WorkloadBuilder::transpose(std::string_view name, TensorId data,
                                    std::span<const std::int64_t> permutation) {
  const Shape input = impl_->shape(data);
  std::array<bool, kMaxRank> seen{};
  bool valid = permutation.size() == input.rank;
  Shape output = input;
  for (std::size_t axis = 0; valid && axis < permutation.size(); ++axis) {
    const std::int64_t from = permutation[axis];
    valid = from >= 0 && from < input.rank && !seen[static_cast<std::size_t>(from)];
    if (valid) {
      seen[static_cast<std::size_t>(from)] = true;
      output.extent[axis] = input[static_cast<std::size_t>(from)];
    }
  }
  if (!valid) {
    complain(name, fmt::format("each axis of {} once", text(input)),
             fmt::format("[{}]", fmt::join(permutation, ", ")));
  }
  Operator op = start(name, OperatorKind::transpose);
  add_input(op, data, transpose_map(input, output, permutation));
  return impl_->add(std::move(op), output, impl_->tensor(data).bits_per_element);
}

// Output channel (row in block * block + column in block) * channels + channel. A part of the
// output channels comes from a part of each block's rows, hence conservative.
TensorId WorkloadBuilder::space_to_depth(std::string_view name, TensorId data, std::int64_t block) {
  const Shape input = impl_->shape(data);
  check_rank(name, input, 4, 4);
  if (block < 1 || input[2] % block != 0 || input[3] % block != 0) {
    complain(name, fmt::format("a block that divides {} and {}", input[2], input[3]),
             fmt::to_string(block));
  }
  Shape output = input;
  output.extent[1] = input[1] * block * block;
  output.extent[2] = input[2] / block;
  output.extent[3] = input[3] / block;
  AxisRules rules = same_axes(input);
  rules[1].kind = AxisRule::Kind::digit;
  rules[1].extent = input[1];
  rules[2] = blocked_axis(2, block);
  rules[3] = blocked_axis(3, block);
  Operator op = start(name, OperatorKind::reshape);
  add_input(
      op, data,
      make_map(input, output, rules, block == 1 ? Exactness::exact : Exactness::conservative));
  return impl_->add(std::move(op), output, impl_->tensor(data).bits_per_element);
}

// All input channels: holds for both channel orders in use (depth-column-row and column-row-depth).
TensorId WorkloadBuilder::depth_to_space(std::string_view name, TensorId data, std::int64_t block) {
  const Shape input = impl_->shape(data);
  check_rank(name, input, 4, 4);
  if (block < 1 || input[1] % block != 0 || (input[1] / block) % block != 0) {
    complain(name, fmt::format("a block whose square divides the {} channels", input[1]),
             fmt::to_string(block));
  }
  Shape output = input;
  output.extent[1] = input[1] / (block * block);
  output.extent[2] = input[2] * block;
  output.extent[3] = input[3] * block;
  AxisRules rules = same_axes(input);
  rules[1] = block == 1 ? shifted_axis(1, 0) : whole_axis(input[1]);
  rules[2] = divided_axis(2, block);
  rules[3] = divided_axis(3, block);
  Operator op = start(name, OperatorKind::reshape);
  add_input(
      op, data,
      make_map(input, output, rules, block == 1 ? Exactness::exact : Exactness::conservative));
  return impl_->add(std::move(op), output, impl_->tensor(data).bits_per_element);
}

TensorId WorkloadBuilder::gather(std::string_view name, TensorId data, std::int64_t axis,
                                 Interval picked, std::int64_t count, bool keep_axis) {
  const Shape input = impl_->shape(data);
  const std::size_t a = checked_axis(name, axis, input.rank);
  if (picked.empty() || picked.begin < 0 || picked.end > input[a] || count < 1 ||
      (!keep_axis && count != 1)) {
    complain(name, fmt::format("indices in [0, {}), one when the axis is dropped", input[a]),
             fmt::format("{} indices in [{}, {})", count, picked.begin, picked.end));
  }
  Shape output;
  AxisRules rules;
  for (std::size_t i = 0; i < input.rank; ++i) {
    rules[i] = i == a ? fixed_axis(picked.begin, picked.end) : shifted_axis(output.rank, 0);
    if (i != a || keep_axis) {
      output.extent[output.rank++] = i == a ? count : input[i];
    }
  }
  Operator op = start(name, OperatorKind::gather);
  add_input(op, data,
            make_map(input, output, rules,
                     picked.extent() == 1 ? Exactness::exact : Exactness::conservative));
  return impl_->add(std::move(op), output, impl_->tensor(data).bits_per_element);
}

TensorId WorkloadBuilder::barrier(std::string_view name, std::span<const TensorId> operands,
                                  const Shape& output, std::int32_t bits_per_element) {
  Operator op = start(name, OperatorKind::barrier);
  for (const TensorId id : operands) {
    add_input(op, id, whole_map(impl_->shape(id), output, Exactness::conservative));
  }
  return impl_->add(std::move(op), output, bits_per_element);
}

namespace {

// Appends the operands, each with the map that must fit its shape.
void add_mapped_inputs(Operator& op, std::span<const TensorId> operands,
                       std::span<const BackwardMap> maps, const Shape& output,
                       const IndexVector<TensorId, Tensor>& tensors) {
  if (operands.size() != maps.size()) {
    complain(op.name, "one backward map per operand",
             fmt::format("{} operands and {} maps", operands.size(), maps.size()));
  }
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const Shape& shape = tensors[operands[i]].shape;
    if (maps[i].input_shape() != shape || maps[i].output_shape() != output) {
      complain(op.name, fmt::format("a map from {} to {}", text(output), text(shape)),
               fmt::format("one from {} to {}", text(maps[i].output_shape()),
                           text(maps[i].input_shape())));
    }
    add_input(op, operands[i], maps[i]);
  }
}

}  // namespace

TensorId WorkloadBuilder::custom(std::string_view name, OperatorKind kind,
                                 std::span<const TensorId> operands,
                                 std::span<const BackwardMap> maps, const Shape& output,
                                 std::int32_t bits_per_element) {
  Operator op = start(name, kind);
  if (op.has_macs()) {
    complain(name, "a kind without a loop nest", to_string(kind));
  }
  add_mapped_inputs(op, operands, maps, output, impl_->tensors);
  return impl_->add(std::move(op), output, bits_per_element);
}

TensorId WorkloadBuilder::copy(Operator op, std::span<const TensorId> operands, const Shape& output,
                               std::int32_t bits_per_element) {
  const std::vector<BackwardMap> maps = std::move(op.maps);
  op.inputs.clear();
  op.maps.clear();
  add_mapped_inputs(op, operands, maps, output, impl_->tensors);
  return impl_->add(std::move(op), output, bits_per_element);
}

}  // namespace imbrex
