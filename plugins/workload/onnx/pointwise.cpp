// Element by element: activations of one operand, arithmetic of several with broadcasting.
#include "old_broadcast.hpp"
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
    const auto wider = broadcast(result, aligned_dims(node, i));
    if (!wider) {
      node.fail(fmt::format("{} and {} cannot be broadcast to one shape", to_text(result),
                            to_text(node.dims(i))));
    }
    result = *wider;
  }
  return {result};
}

// Slopes never enlarge the data.
std::vector<Dims> slope_shape(const NodeView& node) {
  const Dims& data = node.dims(0);
  const Dims slopes = aligned_dims(node, 1);
  if (broadcast(data, slopes) != data) {
    node.fail(fmt::format("slopes of shape {} do not fit data of shape {}", to_text(node.dims(1)),
                          to_text(data)));
  }
  return {data};
}

// A constant operand may make the result larger than every run-time operand.
void lower_broadcast(const NodeView& node, Lowering& out) {
  const std::vector<TensorId> operands = out.operands(node);
  const Dims& result = node.output(0).dims;
  if (operands.size() == 1 && out.dims(operands[0]) == result) {
    out.bind(node, 0, out.builder().activation(out.name(node), operands[0]));
    return;
  }
  const Shape output = to_shape(result, in_quotes(node.node().name));
  std::vector<BackwardMap> maps;
  for (std::size_t i = 0; i < node.input_count(); ++i) {
    if (node.is_dynamic(i)) {
      maps.push_back(aligned_map(out.shape(out.operand(node, i)), aligned_dims(node, i), output));
    }
  }
  out.custom(node, 0, OperatorKind::elementwise, operands, maps);
}

// An activation whose result has another width than its operand: Cast, QuantizeLinear.
TensorId converted(const std::string& name, TensorId data, Lowering& out) {
  const std::int32_t bits = out.precision().activation_bits;
  if (out.builder().at(data).bits_per_element == bits) {
    return out.builder().activation(name, data);
  }
  const Shape shape = out.shape(data);
  const BackwardMap map = elementwise_map(shape, shape);
  return out.builder().custom(name, OperatorKind::activation, std::span(&data, 1),
                              std::span(&map, 1), shape, bits);
}

void lower_activation(const NodeView& node, Lowering& out) {
  if (!node.is_dynamic(0)) {
    lower_as_barrier(node, out);
    return;
  }
  const TensorId data = out.operand(node, 0);
  for (std::size_t i = 0; i < 2; ++i) {
    if (node.wants_output(i)) {
      const std::string name = i == 0 ? out.name(node) : out.part(node, "mask");
      out.bind(node, i, converted(name, data, out));
    }
  }
}

// com.microsoft QLinearAdd and QLinearMul: two quantised operands, each with scale and zero point.
constexpr std::array<std::size_t, 2> kQuantisedPair{0, 3};

std::vector<Dims> quantised_pair_shape(const NodeView& node) {
  const auto result = broadcast(node.dims(kQuantisedPair[0]), node.dims(kQuantisedPair[1]));
  if (!result) {
    node.fail(fmt::format("{} and {} cannot be broadcast to one shape",
                          to_text(node.dims(kQuantisedPair[0])),
                          to_text(node.dims(kQuantisedPair[1]))));
  }
  return {*result};
}

void lower_quantised_pair(const NodeView& node, Lowering& out) {
  const Shape output = to_shape(node.output(0).dims, in_quotes(node.node().name));
  std::vector<TensorId> operands;
  std::vector<BackwardMap> maps;
  for (const std::size_t i : kQuantisedPair) {
    if (node.is_dynamic(i)) {
      operands.push_back(out.operand(node, i));
      maps.push_back(elementwise_map(out.shape(operands.back()), output));
    }
  }
  if (operands.empty()) {  // only a scale is computed at run time
    lower_as_barrier(node, out);
    return;
  }
  out.custom(node, 0, OperatorKind::elementwise, operands, maps);
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

constexpr Rule kPointwiseRules[] = {
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
    unary("QLinearLeakyRelu", "com.microsoft"),
    unary("QLinearSigmoid", "com.microsoft"),
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
    nary("Pow"),
    nary("Sub"),
    nary("Sum"),
    nary("Where"),
    nary("Xor"),
    nary("BiasGelu", "com.microsoft"),
    {"QLinearAdd", quantised_pair_shape, lower_quantised_pair, "com.microsoft"},
    {"QLinearMul", quantised_pair_shape, lower_quantised_pair, "com.microsoft"},
    {"PRelu", slope_shape, lower_broadcast},
    {"CumSum", same_shape, lower_running},
};

}  // namespace

std::span<const Rule> pointwise_rules() {
  return kPointwiseRules;
}

}  // namespace imbrex::onnx_reader
