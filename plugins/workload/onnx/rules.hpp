// The operator table: for each ONNX operator the shapes of its results and how it enters a
// workload. One file per family of operators adds its rows; adding an operator is adding a row.
#pragma once

#include "lowering.hpp"
#include "node_view.hpp"

#include <span>

namespace imbrex::onnx_reader {

struct Rule {
  std::string_view type;
  // Shapes of all results the operator can have; surplus ones are ignored. Errors: InputError.
  std::vector<Dims> (*shapes)(const NodeView& node);
  // Adds operators for a node with at least one dynamic operand and binds its results.
  void (*lower)(const NodeView& node, Lowering& out);
  std::string_view domain = "";
};

std::span<const Rule> convolution_rules();
std::span<const Rule> pool_rules();
std::span<const Rule> product_rules();
std::span<const Rule> fused_product_rules();
std::span<const Rule> einsum_rules();
std::span<const Rule> attention_rules();
std::span<const Rule> recurrent_rules();
std::span<const Rule> pointwise_rules();
std::span<const Rule> normalization_rules();
std::span<const Rule> layout_rules();
std::span<const Rule> slicing_rules();
std::span<const Rule> resize_rules();
std::span<const Rule> gather_rules();
std::span<const Rule> reduction_rules();

// Every rule, by domain and type.
std::vector<const Rule*> all_rules();

// Null when no family knows the operator. O(log rules).
const Rule* find_rule(std::string_view domain, std::string_view type) noexcept;

}  // namespace imbrex::onnx_reader
