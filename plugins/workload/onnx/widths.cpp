#include "widths.hpp"

#include <algorithm>
#include <array>

namespace imbrex::onnx_reader {
namespace {

constexpr std::int32_t kUint8 = 2;
constexpr std::int32_t kInt32 = 6;
constexpr std::int32_t kDefaultBits = 8;
constexpr std::int32_t kNarrow = 16;

// Bits of the codes of onnx.TensorProto.DataType, in their order; texts have none.
constexpr std::array<std::int32_t, 27> kTypeBits = {
    0, 32, 8, 8, 16, 16, 32, 64, 0, 8, 16, 64, 32, 64, 64, 128, 16, 8, 8, 8, 8, 4, 4, 4, 8, 2, 2};

std::int32_t type_bits(std::int32_t type) {
  const auto code = static_cast<std::size_t>(type);
  return type >= 0 && code < kTypeBits.size() ? kTypeBits[code] : 0;
}

template <std::size_t count>
bool is_one_of(std::string_view type, const std::array<std::string_view, count>& words) {
  return std::find(words.begin(), words.end(), type) != words.end();
}

constexpr std::array<std::string_view, 11> kTruths = {
    "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "And", "Or",
    "Xor",   "Not",     "IsInf",          "IsNaN"};
constexpr std::array<std::string_view, 5> kIndices = {"Shape", "Size", "ArgMax", "ArgMin",
                                                      "NonZero"};
// The content of operand 0 as it is stored, or as it was quantised.
constexpr std::array<std::string_view, 8> kSameContent = {
    "DequantizeLinear", "Identity",  "Cast",    "Transpose",
    "Reshape",          "Unsqueeze", "Squeeze", "Flatten"};

std::int32_t type_at(const NodeView& node, std::size_t i, std::int32_t otherwise) {
  return node.has_input(i) ? node.input(i).type : otherwise;
}

std::int32_t quantised_type(const NodeView& node) {
  const auto said = static_cast<std::int32_t>(node.integer("output_dtype", 0));
  return type_at(node, 2, said != 0 ? said : kUint8);
}

std::int32_t further_type(const NodeView& node, std::size_t i) {
  const std::string_view type = node.type();
  if (type == "MaxPool" || type == "TopK" || type == "Unique") {
    return element_type::kInt64;
  }
  if (type == "DynamicQuantizeLinear") {
    return i == 1 ? element_type::kFloat : kUint8;
  }
  return type == "Dropout" ? element_type::kBool : type_at(node, 0, element_type::kFloat);
}

std::int32_t result_type(const NodeView& node, std::size_t i) {
  const std::string_view type = node.type();
  const std::int32_t first = type_at(node, 0, element_type::kFloat);
  if (i > 0) {
    return further_type(node, i);
  }
  if (is_one_of(type, kTruths)) {
    return element_type::kBool;
  }
  if (is_one_of(type, kIndices)) {
    return element_type::kInt64;
  }
  if (type == "Cast") {
    return static_cast<std::int32_t>(node.integer("to", first));
  }
  if (type == "CastLike" || type == "Where" || type == "DequantizeLinear") {
    return type_at(node, 1, first);
  }
  if (type == "OneHot" || type == "MatMulIntegerToFloat" || type == "DynamicQuantizeMatMul") {
    return type_at(node, 2, first);
  }
  if (type == "ConvInteger" || type == "MatMulInteger") {
    return kInt32;
  }
  if (type == "QLinearConv" || type == "QLinearMatMul") {
    return type_at(node, 7, first);
  }
  return type == "QGemm"                   ? type_at(node, 8, element_type::kFloat)
         : type == "DynamicQuantizeLinear" ? kUint8
         : type == "QuantizeLinear"        ? quantised_type(node)
                                           : first;
}

std::int32_t stored_bits(const Value& value) {
  return value.stored_bits != 0 ? value.stored_bits : type_bits(value.type);
}

}  // namespace

void set_types(const NodeView& node, bool folded, std::vector<Value>& results) {
  for (std::size_t i = 0; !folded && i < results.size(); ++i) {
    results[i].type = result_type(node, i);
  }
  if (results.empty() || !node.has_input(0) || !is_one_of(node.type(), kSameContent)) {
    return;
  }
  const Value& operand = node.input(0);
  const bool converts = node.type() == "Cast" && !operand.constant;
  if (!converts) {
    results[0].stored_bits = stored_bits(operand);
    results[0].stored_in =
        operand.stored_in != kNoValue ? operand.stored_in : node.node().inputs[0];
  }
}

std::int32_t width_of(const Value& value, std::int64_t said) {
  if (said > 0) {
    return static_cast<std::int32_t>(said);
  }
  const std::int32_t bits = stored_bits(value);
  return bits == 0 || (said == kUnlessWide && bits > kNarrow) ? kDefaultBits : bits;
}

std::optional<std::size_t> weights_at(const NodeView& node) {
  std::optional<std::size_t> largest;
  std::int64_t most = -1;
  for (std::size_t i = 0; i < node.input_count(); ++i) {
    if (!node.has_input(i) || node.is_dynamic(i)) {
      continue;
    }
    const std::int64_t elements = checked_elements(node.dims(i), "a constant");
    if (elements > most) {
      largest = i;
      most = elements;
    }
  }
  return largest;
}

std::int32_t weight_width(const NodeView& node, std::int64_t said) {
  if (said <= 0 && node.type() == "MatMulNBits") {
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(node.integer("bits", 4), 1, 64));
  }
  const auto operand = weights_at(node);
  return operand ? width_of(node.input(*operand), said) : width_of(Value(), said);
}

}  // namespace imbrex::onnx_reader
