// One node with its operands, as shape rules, folding and lowering want to read it. Every accessor
// that cannot answer throws an InputError that names the node, so rules stay free of error
// handling.
#pragma once

#include "network.hpp"

#include <imbrex/values/region.hpp>

#include <optional>
#include <span>

namespace imbrex::onnx_reader {

class NodeView {
 public:
  NodeView(const Network& network, const Node& node) : network_(network), node_(node) {}

  const Node& node() const noexcept { return node_; }
  std::string_view type() const noexcept { return node_.type; }
  std::int64_t opset() const noexcept { return node_.opset; }

  std::size_t input_count() const noexcept { return node_.inputs.size(); }
  bool has_input(std::size_t i) const noexcept {
    return i < node_.inputs.size() && node_.inputs[i] != kNoValue;
  }
  const Value& input(std::size_t i) const;
  const Dims& dims(std::size_t i) const { return input(i).dims; }
  // Depends on the inputs of the network.
  bool is_dynamic(std::size_t i) const noexcept {
    return has_input(i) && !network_.at(node_.inputs[i]).constant;
  }
  // Content of a constant operand, if it is known. Integers of reals are refused.
  std::optional<std::vector<std::int64_t>> known_integers(std::size_t i) const;
  // As above, but the rule cannot go on without it. `role` is the operand's name in the ONNX
  // manual.
  std::vector<std::int64_t> integers(std::size_t i, std::string_view role) const;
  std::vector<double> reals(std::size_t i, std::string_view role) const;
  bool wants_output(std::size_t i) const noexcept {
    return i < node_.outputs.size() && node_.outputs[i] != kNoValue;
  }
  std::int64_t batch() const noexcept { return network_.batch; }
  // Of the network's inputs; the first where nothing is said.
  std::size_t batch_axis() const noexcept { return network_.batch_axis; }
  const Value& output(std::size_t i) const { return network_.at(node_.outputs[i]); }

  const Attribute* attribute(std::string_view name) const noexcept;
  std::int64_t integer(std::string_view name, std::int64_t otherwise) const;
  double real(std::string_view name, double otherwise) const;
  std::string text(std::string_view name, std::string_view otherwise) const;
  std::optional<std::vector<std::int64_t>> integers(std::string_view name) const;
  // Integers from attribute `name` (old opsets) or input `i` (new ones); nothing when neither is
  // there.
  std::optional<std::vector<std::int64_t>> integers_of(std::string_view name, std::size_t i) const;

  // Negative axes count from the end. Errors: InputError when outside [-rank, rank).
  std::size_t axis(std::int64_t given, std::size_t rank) const;
  std::vector<std::size_t> axes(std::span<const std::int64_t> given, std::size_t rank) const;

  [[noreturn]] void fail(std::string_view message) const;

 private:
  [[noreturn]] void fail_unknown_content(std::size_t i, std::string_view role) const;
  const Network& network_;
  const Node& node_;
};

// Largest tensor the reader accepts; more is a damaged file, and products of a few such stay in 64
// bits.
inline constexpr std::int64_t kMaxElements = std::int64_t{1} << 40;

// Number of elements. Errors: InputError naming `what` on a negative extent or above kMaxElements.
std::int64_t checked_elements(const Dims& dims, std::string_view what);

// Errors: InputError naming `what` when the rank exceeds kMaxRank.
Shape to_shape(const Dims& dims, std::string_view what);

// numpy broadcasting; nothing when the shapes do not fit.
std::optional<Dims> broadcast(const Dims& left, const Dims& right);

}  // namespace imbrex::onnx_reader
