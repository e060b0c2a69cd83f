#include "lowering.hpp"

#include "rules.hpp"
#include "schema_inference.hpp"
#include "unread_operands.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <algorithm>

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

// The constant of the file that holds the weights of a node.
ValueId weights_of(const NodeView& node) {
  const auto operand = weights_at(node);
  if (!operand) {
    return kNoValue;
  }
  const ValueId stored = node.input(*operand).stored_in;
  return stored != kNoValue ? stored : node.node().inputs[*operand];
}

}  // namespace

Lowering::Lowering(const Network& network, WorkloadBuilder& builder, const Widths& widths)
    : network_(network),
      builder_(builder),
      widths_(widths),
      readers_(network.values.size(), 0),
      tensor_of_(network.values.size(), TensorId::none) {
  for (const Node& node : network.nodes) {
    names_.make(node.name);
    const ValueId weights = weights_of(NodeView(network, node));
    if (weights != kNoValue) {
      ++readers_[weights];
    }
  }
}

void Lowering::uses_weights(const NodeView& node, TensorId tensor) {
  const ValueId weights = weights_of(node);
  if (weights != kNoValue && readers_[weights] > 1) {
    builder_.shared_weights(tensor, weights);
  }
}

void Lowering::run() {
  add_inputs();
  for (const Node& node : network_.nodes) {
    if (node.absorbed) {
      tensor_of_[node.outputs[0]] = tensor_of_[node.inputs[0]];
    } else {
      lower_node(node);
    }
  }
  add_outputs();
}

void Lowering::add_inputs() {
  IndexVector<ValueId, bool> wanted(network_.values.size(), false);
  const auto want = [&](ValueId id) {
    if (id != kNoValue) {
      wanted[id] = true;
    }
  };
  for (const Node& node : network_.nodes) {
    std::for_each(node.inputs.begin(), node.inputs.end(), want);
  }
  std::for_each(network_.outputs.begin(), network_.outputs.end(), want);
  UniqueNames input_names;
  std::vector<BatchInput> inputs;
  for (std::size_t i = 0; i < network_.inputs.size(); ++i) {
    const ValueId id = network_.inputs[i];
    const Value& value = network_.at(id);
    const std::string input_name = input_names.make(value.name);
    if (wanted[id] && !value.constant) {
      const Shape shape = to_shape(value.dims, fmt::format("input {}", in_quotes(value.name)));
      tensor_of_[id] = builder_.input(input_name, shape, width_of(value, widths_.activation_bits));
      inputs.push_back({value.name, shape, network_.batch_axes[i]});
    }
  }
  builder_.samples(samples_of(inputs, network_.batch));
}

void Lowering::lower_node(const Node& node) {
  const NodeView view(network_, node);
  const Rule* rule = find_rule(node.domain, node.type);
  precision_.weight_bits = weight_width(view, widths_.weight_bits);
  for (std::size_t i = 0; i < node.outputs.size(); ++i) {
    if (view.wants_output(i)) {
      precision_.activation_bits = width_of(view.output(i), widths_.activation_bits);
      break;
    }
  }
  read_.assign(view.input_count(), false);
  if (rule != nullptr) {
    rule->lower(view, *this);
  } else {
    lower_as_barrier(view, *this);
    keep_unmapped(view);
  }
  wait_for_unread(view);
}

// An operator that the format's library knows, and that no list of ours says to multiply, moves or
// combines data; any other may hide work.
void Lowering::keep_unmapped(const NodeView& node) {
  if (has_schema(node.node())) {
    return;
  }
  unmapped_.push_back(node.node().name);
  for (std::size_t i = 0; i < node.node().outputs.size(); ++i) {
    if (node.wants_output(i)) {
      builder_.unmapped(tensor_of_[node.node().outputs[i]]);
      return;
    }
  }
}

void Lowering::wait_for_unread(const NodeView& node) {
  std::vector<std::size_t> unread;
  for (std::size_t i = 0; i < node.input_count(); ++i) {
    const bool is_type = node.type() == "CastLike" && i == 1;  // its content is not needed
    if (node.is_dynamic(i) && !read_[i] && !is_type) {
      unread.push_back(i);
    }
  }
  for (std::size_t i = 0; !unread.empty() && i < node.node().outputs.size(); ++i) {
    if (node.wants_output(i)) {
      TensorId& result = tensor_of_[node.node().outputs[i]];
      result = after_operands(node, result, unread, *this);
    }
  }
}

void Lowering::add_outputs() {
  std::size_t marked = 0;
  for (const ValueId id : network_.outputs) {
    const TensorId tensor = tensor_of_[id];
    if (tensor != TensorId::none && builder_.at(tensor).producer != OperatorId::none) {
      builder_.output(tensor);
      ++marked;
    }
  }
  // A graph that names no output leaves it to the builder: what nobody reads is one.
  if (network_.nodes.empty() || (marked == 0 && !network_.outputs.empty())) {
    throw InputError("nothing it computes depends on its inputs");
  }
}

TensorId Lowering::operand(const NodeView& node, std::size_t i) const {
  const Value& value = node.input(i);
  const TensorId tensor = tensor_of_[node.node().inputs[i]];
  if (i < read_.size()) {
    read_[i] = true;
  }
  if (tensor == TensorId::none) {
    node.fail(fmt::format("input {} ({}) must depend on an input of the network", i,
                          in_quotes(value.name)));
  }
  return tensor;
}

std::vector<TensorId> Lowering::operands(const NodeView& node) const {
  std::vector<TensorId> result;
  for (std::size_t i = 0; i < node.input_count(); ++i) {
    if (node.is_dynamic(i)) {
      result.push_back(operand(node, i));
    }
  }
  return result;
}

void Lowering::bind(const NodeView& node, std::size_t i, TensorId tensor) {
  const Value& value = node.output(i);
  // The shape rules and the builder are two implementations of the same arithmetic.
  IMBREX_ASSERT(dims(tensor) == value.dims);
  tensor_of_[node.node().outputs[i]] = tensor;
  builder_.source_type(tensor, node.type());
}

std::string Lowering::part(const NodeView& node, std::string_view what) {
  return names_.make(fmt::format("{}/{}", node.node().name, what));
}

void Lowering::custom(const NodeView& node, std::size_t i, OperatorKind kind,
                      std::span<const TensorId> operands, std::span<const BackwardMap> maps) {
  const Value& value = node.output(i);
  const std::string own = i == 0 ? name(node) : part(node, value.name);
  bind(node, i,
       builder_.custom(own, kind, operands, maps,
                       to_shape(value.dims, fmt::format("result of {}", in_quotes(own))),
                       result_bits(node, i)));
}

TensorId Lowering::reshaped(const NodeView& node, TensorId tensor, const Dims& wanted,
                            std::string_view what) {
  if (dims(tensor) == wanted) {
    return tensor;
  }
  return builder_.reshape(part(node, what), tensor, to_shape(wanted, what));
}

TensorId Lowering::transposed(const NodeView& node, TensorId tensor,
                              std::span<const std::int64_t> permutation, std::string_view what) {
  if (std::is_sorted(permutation.begin(), permutation.end())) {
    return tensor;
  }
  return builder_.transpose(part(node, what), tensor, permutation);
}

Dims Lowering::dims(TensorId tensor) const {
  const Shape& own = shape(tensor);
  return {own.extent.begin(), own.extent.begin() + own.rank};
}

void lower_as_barrier(const NodeView& node, Lowering& out) {
  const std::vector<TensorId> operands = out.operands(node);
  for (std::size_t i = 0; i < node.node().outputs.size(); ++i) {
    if (!node.wants_output(i)) {
      continue;
    }
    const std::string own = i == 0 ? out.name(node) : out.part(node, node.output(i).name);
    out.bind(node, i,
             out.builder().barrier(own, operands, to_shape(node.output(i).dims, in_quotes(own)),
                                   out.result_bits(node, i)));
  }
}

}  // namespace imbrex::onnx_reader
