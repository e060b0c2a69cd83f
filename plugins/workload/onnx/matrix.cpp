// Gemm and MatMul with their integer and quantised forms.
#include "product.hpp"
#include "rules.hpp"

#include <array>

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

bool flips(const NodeView& node, const char* attribute) {
  return node.integer(attribute, 0) != 0;
}

// Positions of the second factor and of the bias.
struct GemmOperands {
  std::size_t right = 1;
  std::size_t bias = 2;
};

GemmOperands gemm_operands(const NodeView& node) {
  return node.type() == "QGemm" ? GemmOperands{3, 6} : GemmOperands{1, 2};
}

Dims gemm_dims(const NodeView& node, std::size_t operand, const char* attribute) {
  Dims dims = node.dims(operand);
  if (dims.size() != 2) {
    node.fail(fmt::format("operand {} of shape {} is not a matrix", operand, to_text(dims)));
  }
  if (flips(node, attribute)) {
    std::swap(dims[0], dims[1]);
  }
  return dims;
}

std::vector<Dims> gemm_shapes(const NodeView& node) {
  const auto [right, bias] = gemm_operands(node);
  const Dims result =
      product_shape(node, gemm_dims(node, 0, "transA"), gemm_dims(node, right, "transB"));
  if (node.has_input(bias) && broadcast(node.dims(bias), result) != result) {
    node.fail(fmt::format("its bias of shape {} does not fit the result {}",
                          to_text(node.dims(bias)), to_text(result)));
  }
  return {result};
}

void lower_gemm(const NodeView& node, Lowering& out) {
  Factor left = factor(node, 0, out);
  const GemmOperands at = gemm_operands(node);
  Factor right = factor(node, at.right, out);
  if (flips(node, "transA")) {
    left = flipped(node, left, out, "left");
  }
  if (flips(node, "transB")) {
    right = flipped(node, right, out, "right");
  }
  const bool adds = node.is_dynamic(at.bias);
  const bool multiplies = left.tensor != TensorId::none || right.tensor != TensorId::none;
  if (!multiplies) {  // only the bias is computed at run time
    const TensorId bias = out.operand(node, at.bias);
    out.bind(node, 0,
             out.builder().expand(out.name(node), bias, to_shape(node.output(0).dims, "Gemm")));
    return;
  }
  const std::string name = adds ? out.part(node, "product") : out.name(node);
  TensorId result = add_product(node, name, left, right, out);
  if (adds) {
    const std::array<TensorId, 2> operands{result, out.operand(node, at.bias)};
    result = out.builder().elementwise(out.name(node), operands);
  }
  out.bind(node, 0, result);
}

std::size_t right_operand(const NodeView& node) {
  return node.type() == "QLinearMatMul" ? 3 : 1;
}

// Vectors count as one row on the left, one column on the right.
Dims as_matrix(const NodeView& node, std::size_t operand) {
  Dims dims = node.dims(operand);
  if (dims.empty()) {
    node.fail(fmt::format("operand {} is a scalar", operand));
  }
  if (dims.size() == 1) {
    dims.insert(operand == 0 ? dims.begin() : dims.end(), 1);
  }
  return dims;
}

std::vector<Dims> matmul_shapes(const NodeView& node) {
  const std::size_t right = right_operand(node);
  Dims result = product_shape(node, as_matrix(node, 0), as_matrix(node, right));
  if (node.dims(0).size() == 1) {
    result.erase(result.end() - 2);
  }
  if (node.dims(right).size() == 1) {
    result.pop_back();
  }
  return {result};
}

Factor matmul_factor(const NodeView& node, std::size_t operand, std::string_view what,
                     Lowering& out) {
  Factor side = factor(node, operand, out);
  side.dims = as_matrix(node, operand);
  if (side.tensor != TensorId::none) {
    side.tensor = out.reshaped(node, side.tensor, side.dims, what);
  }
  return side;
}

void lower_matmul(const NodeView& node, Lowering& out) {
  const Factor left = matmul_factor(node, 0, "left", out);
  const Factor right = matmul_factor(node, right_operand(node), "right", out);
  if (left.tensor == TensorId::none && right.tensor == TensorId::none) {
    lower_as_barrier(node, out);
    return;
  }
  const TensorId product = add_product(node, out.name(node), left, right, out);
  out.bind(node, 0, out.reshaped(node, product, node.output(0).dims, "vector"));
}

constexpr Rule kMatrixRules[] = {
    {"Gemm", gemm_shapes, lower_gemm},
    {"MatMul", matmul_shapes, lower_matmul},
    {"MatMulInteger", matmul_shapes, lower_matmul},
    {"QLinearMatMul", matmul_shapes, lower_matmul},
    {"QGemm", gemm_shapes, lower_gemm, "com.microsoft"},
    {"MatMulIntegerToFloat", matmul_shapes, lower_matmul, "com.microsoft"},
    {"DynamicQuantizeMatMul", matmul_shapes, lower_matmul, "com.microsoft"},
};

}  // namespace

std::span<const Rule> product_rules() {
  return kMatrixRules;
}

}  // namespace imbrex::onnx_reader
