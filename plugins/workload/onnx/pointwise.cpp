// Element by element: activations of one operand, arithmetic of several with broadcasting.
#include "rules.hpp"

#include <array>

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

std::vector<Dims> same_shape(const NodeView& node) {
  return {node.dims(0), node.dims(0)};  // Dropout: data and mask
}

std::vector<Dims> broadcast_shape(const NodeView& node) {
  Dims result = node.dims(0);
  for (std::size_t i = 1; i < node.input_count(); ++i) {
    const auto wider = broadcast(result, node.dims(i));
    if (!wider) {
      node.fail(fmt::format("{} and {} cannot be broadcast to one shape", to_text(result),
                            to_text(node.dims(i))));
    }
    result = *wider;
  }
  return {result};
}

// A constant operand may make the result larger than every run-time operand.
void lower_broadcast(const NodeView& node, Lowering& out) {
  const std::vector<TensorId> operands = out.operands(node);
  const Dims& result = node.output(0).dims;
  if (operands.size() == 1 && out.dims(operands[0]) == result) {
    out.bind(node, 0, out.builder().activation(out.name(node), operands[0]));
    return;
  }
  const Shape output = to_shape(result, quoted(node.node().name));
  std::vector<BackwardMap> maps;
  for (const TensorId operand : operands) {
    maps.push_back(elementwise_map(out.shape(operand), output));
  }
  out.custom(node, 0, OperatorKind::elementwise, operands, maps);
}

void lower_activation(const NodeView& node, Lowering& out) {
  if (!node.is_dynamic(0) || out.operands(node).size() > 1) {  // bounds or slopes at run time
    lower_as_barrier(node, out);
    return;
  }
  const TensorId data = out.operand(node, 0);
  for (std::size_t i = 0; i < 2; ++i) {
    if (node.wants_output(i)) {
      const std::string name = i == 0 ? out.name(node) : out.part(node, "mask");
      out.bind(node, i, out.builder().activation(name, data));
    }
  }
}

// CumSum and Trilu-like operators run along an axis whose position may not even be known.
void lower_running(const NodeView& node, Lowering& out) {
  lower_as_barrier(node, out);
}

constexpr Rule unary(std::string_view type, std::string_view domain = "") {
  return {type, same_shape, lower_activation, domain};
}
constexpr Rule nary(std::string_view type, std::string_view domain = "") {
  return {type, broadcast_shape, lower_broadcast, domain};
}

constexpr Rule kRules[] = {
    unary("Abs"),
    unary("Acos"),
    unary("Acosh"),
    unary("Asin"),
    unary("Asinh"),
    unary("Atan"),
    unary("Atanh"),
    unary("BitwiseNot"),
    unary("Cast"),
    unary("CastLike"),
    unary("Ceil"),
    unary("Celu"),
    unary("Clip"),
    unary("Cos"),
    unary("Cosh"),
    unary("DequantizeLinear"),
    unary("Dropout"),
    unary("Elu"),
    unary("Erf"),
    unary("Exp"),
    unary("Floor"),
    unary("Gelu"),
    unary("HardSigmoid"),
    unary("HardSwish"),
    unary("Identity"),
    unary("IsInf"),
    unary("IsNaN"),
    unary("LeakyRelu"),
    unary("Log"),
    unary("Mish"),
    unary("Neg"),
    unary("Not"),
    unary("QuantizeLinear"),
    unary("Reciprocal"),
    unary("Relu"),
    unary("Round"),
    unary("Selu"),
    unary("Shrink"),
    unary("Sigmoid"),
    unary("Sign"),
    unary("Sin"),
    unary("Sinh"),
    unary("Softplus"),
    unary("Softsign"),
    unary("Sqrt"),
    unary("Swish"),
    unary("Tan"),
    unary("Tanh"),
    unary("ThresholdedRelu"),
    unary("Trilu"),
    unary("Gelu", "com.microsoft"),
    unary("FastGelu", "com.microsoft"),
    unary("QuickGelu", "com.microsoft"),
    unary("Trilu", "com.microsoft"),
    nary("Add"),
    nary("And"),
    nary("BitShift"),
    nary("BitwiseAnd"),
    nary("BitwiseOr"),
    nary("BitwiseXor"),
    nary("Div"),
    nary("Equal"),
    nary("Greater"),
    nary("GreaterOrEqual"),
    nary("Less"),
    nary("LessOrEqual"),
    nary("Max"),
    nary("Mean"),
    nary("Min"),
    nary("Mod"),
    nary("Mul"),
    nary("Or"),
    nary("PRelu"),
    nary("Pow"),
    nary("Sub"),
    nary("Sum"),
    nary("Where"),
    nary("Xor"),
    nary("BiasGelu", "com.microsoft"),
    {"CumSum", same_shape, lower_running},
};

}  // namespace

std::span<const Rule> pointwise_rules() {
  return kRules;
}

}  // namespace imbrex::onnx_reader
