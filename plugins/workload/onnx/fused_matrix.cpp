// Matrix products that run-times write in place of several operators: com.microsoft's FusedMatMul
// and products of quantised operands.
#include "product.hpp"
#include "rules.hpp"

#include <numeric>

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

// Axes of an operand that FusedMatMul turns: `transBatch` moves the first behind the other leading
// ones, `trans` exchanges the last two.
std::vector<std::int64_t> turned_axes(const NodeView& node, std::size_t operand) {
  const std::string side = operand == 0 ? "A" : "B";
  const std::size_t rank = node.dims(operand).size();
  std::vector<std::int64_t> axes(rank);
  std::iota(axes.begin(), axes.end(), 0);
  if (rank < 2) {
    return axes;
  }
  if (node.integer("transBatch" + side, 0) != 0) {
    std::rotate(axes.begin(), axes.begin() + 1, axes.end() - 1);
  }
  if (node.integer("trans" + side, 0) != 0) {
    std::swap(axes.back(), axes.end()[-2]);
  }
  return axes;
}

// Vectors count as one row on the left, one column on the right.
Dims turned_dims(const NodeView& node, std::size_t operand) {
  const Dims& given = node.dims(operand);
  if (given.empty()) {
    node.fail(fmt::format("operand {} is a scalar", operand));
  }
  Dims dims;
  for (const std::int64_t axis : turned_axes(node, operand)) {
    dims.push_back(given[static_cast<std::size_t>(axis)]);
  }
  if (dims.size() == 1) {
    dims.insert(operand == 0 ? dims.begin() : dims.end(), 1);
  }
  return dims;
}

std::vector<Dims> fused_shapes(const NodeView& node) {
  Dims result = product_shape(node, turned_dims(node, 0), turned_dims(node, 1));
  if (node.dims(0).size() == 1) {
    result.erase(result.end() - 2);
  }
  if (node.dims(1).size() == 1) {
    result.pop_back();
  }
  return {result};
}

Factor turned_factor(const NodeView& node, std::size_t operand, std::string_view what,
                     Lowering& out) {
  Factor side{turned_dims(node, operand), TensorId::none};
  if (node.is_dynamic(operand)) {
    const TensorId turned =
        out.transposed(node, out.operand(node, operand), turned_axes(node, operand), what);
    side.tensor = out.reshaped(node, turned, side.dims, what);
  }
  return side;
}

void lower_fused(const NodeView& node, Lowering& out) {
  const Factor left = turned_factor(node, 0, "left", out);
  const Factor right = turned_factor(node, 1, "right", out);
  const TensorId product = add_product(node, out.name(node), left, right, out);
  out.bind(node, 0, out.reshaped(node, product, node.output(0).dims, "vector"));
}

// MatMulNBits keeps its weights packed: [N, blocks, bytes per block] for [K, N] weights.
Dims packed_weights(const NodeView& node) {
  const std::int64_t rows = node.integer("K", 0);
  const std::int64_t columns = node.integer("N", 0);
  const Dims& data = node.dims(0);
  const bool possible = rows >= 1 && columns >= 1 && columns <= kMaxElements;
  if (!possible || data.empty() || data.back() != rows) {
    node.fail(fmt::format("weights of K = {} rows and N = {} columns do not fit data of shape {}",
                          rows, columns, to_text(data)));
  }
  return {rows, columns};
}

std::vector<Dims> packed_shapes(const NodeView& node) {
  Dims result = node.dims(0);
  result.back() = packed_weights(node)[1];
  return {result};
}

void lower_packed(const NodeView& node, Lowering& out) {
  if (node.is_dynamic(1)) {
    node.fail("packed weights that are computed at run time cannot be mapped");
  }
  Factor left = factor(node, 0, out);
  if (left.dims.size() == 1) {
    left.dims.insert(left.dims.begin(), 1);
    left.tensor = out.reshaped(node, left.tensor, left.dims, "left");
  }
  const Factor weights{packed_weights(node), TensorId::none};
  const TensorId product = add_product(node, out.name(node), left, weights, out);
  out.bind(node, 0, out.reshaped(node, product, node.output(0).dims, "vector"));
}

constexpr Rule kFusedMatrixRules[] = {
    {"FusedMatMul", fused_shapes, lower_fused, "com.microsoft"},
    {"TransposeMatMul", fused_shapes, lower_fused, "com.microsoft"},
    {"MatMulNBits", packed_shapes, lower_packed, "com.microsoft"},
};

}  // namespace

std::span<const Rule> fused_product_rules() {
  return kFusedMatrixRules;
}

}  // namespace imbrex::onnx_reader
