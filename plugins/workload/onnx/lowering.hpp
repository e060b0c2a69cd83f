// What the rows of the operator table use to add operators to a workload.
#pragma once

#include "node_view.hpp"
#include "text.hpp"
#include "widths.hpp"

#include <imbrex/values/workload_builder.hpp>

namespace imbrex::onnx_reader {

// Of the node being lowered.
struct Precision {
  std::int32_t weight_bits = 8;
  std::int32_t activation_bits = 8;
};

// What the recipe says: bits, or one of the words of widths.hpp.
struct Widths {
  std::int64_t weight_bits = kUnlessWide;
  std::int64_t activation_bits = kUnlessWide;
};

class Lowering {
 public:
  Lowering(const Network& network, WorkloadBuilder& builder, const Widths& widths);

  // Inputs, nodes, outputs. Errors: InputError.
  void run();

  WorkloadBuilder& builder() noexcept { return builder_; }
  const Precision& precision() const noexcept { return precision_; }
  // Width of result i, which may differ from that of the first.
  std::int32_t result_bits(const NodeView& node, std::size_t i) const {
    return width_of(node.output(i), widths_.activation_bits);
  }
  // Names of the nodes whose work nobody mapped.
  const std::vector<std::string>& unmapped() const noexcept { return unmapped_; }
  // What a person should know about figures that come out too low.
  const std::vector<std::string>& warnings() const noexcept { return warnings_; }
  void warn(std::string text) { warnings_.push_back(std::move(text)); }

  // The run-time tensor of operand i, which counts as read: operands computed at run time that the
  // rule of a node does not read delay its results. Errors: InputError when it is constant.
  TensorId operand(const NodeView& node, std::size_t i) const;
  // The layer that produces `tensor` holds the weights of the node, which others may share.
  void uses_weights(const NodeView& node, TensorId tensor);
  // All run-time operands, in order.
  std::vector<TensorId> operands(const NodeView& node) const;
  // Result i of the node is `tensor`.
  void bind(const NodeView& node, std::size_t i, TensorId tensor);
  // Name of the operator for the node itself, or of a part of it: "lstm", "lstm/gates".
  std::string name(const NodeView& node) const { return node.node().name; }
  std::string part(const NodeView& node, std::string_view what);

  // One operator with a hand-made map per run-time operand; result i of the node.
  void custom(const NodeView& node, std::size_t i, OperatorKind kind,
              std::span<const TensorId> operands, std::span<const BackwardMap> maps);
  // Reshape or transpose when it changes something; the same tensor otherwise.
  TensorId reshaped(const NodeView& node, TensorId tensor, const Dims& dims, std::string_view what);
  TensorId transposed(const NodeView& node, TensorId tensor,
                      std::span<const std::int64_t> permutation, std::string_view what);
  const Shape& shape(TensorId tensor) const noexcept { return builder_.at(tensor).shape; }
  Dims dims(TensorId tensor) const;

 private:
  void lower_node(const Node& node);
  void wait_for_unread(const NodeView& node);
  void keep_unmapped(const NodeView& node);
  void add_inputs();
  void add_outputs();

  const Network& network_;
  WorkloadBuilder& builder_;
  Widths widths_;
  Precision precision_;
  IndexVector<ValueId, std::int32_t>
      readers_;  // by ValueId of a constant: nodes that have it as weights
  std::vector<std::string> unmapped_;
  std::vector<std::string> warnings_;
  UniqueNames names_;
  IndexVector<ValueId, TensorId> tensor_of_;  // by ValueId
  mutable std::vector<bool> read_;            // per operand of the node being lowered
};

// Every result needs all of every run-time operand: operators that are known but have no better
// map.
void lower_as_barrier(const NodeView& node, Lowering& out);

}  // namespace imbrex::onnx_reader
