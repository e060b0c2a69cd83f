#include "fold.hpp"
#include "old_broadcast.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace imbrex::onnx_reader {
namespace {

using Integer = std::int64_t;
using MaybeInteger = std::optional<Integer>;

MaybeInteger apply(std::string_view op, Integer a, Integer b) {
  Integer result = 0;
  if (op == "Add" || op == "Sum") {
    return __builtin_add_overflow(a, b, &result) ? MaybeInteger() : result;
  }
  if (op == "Sub") {
    return __builtin_sub_overflow(a, b, &result) ? MaybeInteger() : result;
  }
  if (op == "Mul") {
    return __builtin_mul_overflow(a, b, &result) ? MaybeInteger() : result;
  }
  if (op == "Div" || op == "Mod") {
    if (b == 0 || (b == -1 && a == std::numeric_limits<Integer>::min())) {
      return std::nullopt;
    }
    // ONNX: Div truncates, Mod takes the sign of the divisor.
    const Integer remainder = a % b;
    return op == "Div"                                    ? a / b
           : remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b
                                                          : remainder;
  }
  if (op == "Min" || op == "Max") {
    return op == "Min" ? std::min(a, b) : std::max(a, b);
  }
  if (op == "And" || op == "Or" || op == "Xor") {
    const bool x = a != 0;
    const bool y = b != 0;
    return op == "And" ? x && y : op == "Or" ? x || y : x != y;
  }
  return std::nullopt;
}

std::optional<double> apply(std::string_view op, double a, double b) {
  if (op == "Add" || op == "Sum")
    return a + b;
  if (op == "Sub")
    return a - b;
  if (op == "Mul")
    return a * b;
  if (op == "Div")
    return b == 0 ? std::nullopt : std::optional(a / b);
  if (op == "Min")
    return std::min(a, b);
  if (op == "Max")
    return std::max(a, b);
  if (op == "Pow")
    return std::pow(a, b);
  return std::nullopt;
}

template <class Number>
std::optional<Integer> compare(std::string_view op, Number a, Number b) {
  if (op == "Equal")
    return a == b;
  if (op == "Greater")
    return a > b;
  if (op == "GreaterOrEqual")
    return a >= b;
  if (op == "Less")
    return a < b;
  if (op == "LessOrEqual")
    return a <= b;
  return std::nullopt;
}

std::optional<double> apply(std::string_view op, double a) {
  if (op == "Neg")
    return -a;
  if (op == "Abs")
    return std::abs(a);
  if (op == "Floor")
    return std::floor(a);
  if (op == "Ceil")
    return std::ceil(a);
  if (op == "Round")
    return std::nearbyint(a);
  if (op == "Sqrt")
    return a < 0 ? std::nullopt : std::optional(std::sqrt(a));
  if (op == "Reciprocal")
    return a == 0 ? std::nullopt : std::optional(1 / a);
  return std::nullopt;
}

std::optional<Integer> apply(std::string_view op, Integer a) {
  const bool representable = a != std::numeric_limits<Integer>::min();
  if (op == "Neg")
    return representable ? std::optional(-a) : std::nullopt;
  if (op == "Abs")
    return representable ? std::optional(a < 0 ? -a : a) : std::nullopt;
  if (op == "Not")
    return a == 0;
  return std::nullopt;
}

// Flat index of the element of `from` that element `flat` of the broadcast result reads.
std::size_t broadcast_index(std::size_t flat, const Dims& result, const Dims& from) {
  std::size_t index = 0;
  std::size_t stride = 1;
  for (std::size_t i = 1; i <= result.size(); ++i) {
    const auto extent = static_cast<std::size_t>(result[result.size() - i]);
    const std::size_t coordinate = flat % extent;
    flat /= extent;
    if (i <= from.size()) {
      const auto own = static_cast<std::size_t>(from[from.size() - i]);
      index += own == 1 ? 0 : coordinate * stride;
      stride *= own;
    }
  }
  return index;
}

// float results carry float precision, as the exporter's own arithmetic did.
double rounded(double x, std::int32_t type) {
  return type == element_type::kDouble ? x : static_cast<double>(static_cast<float>(x));
}

std::optional<Value> binary(std::string_view op, const Value& a, const Value& b) {
  const auto dims = broadcast(a.dims, b.dims);
  if (!dims || is_real(a.type) != is_real(b.type)) {
    return std::nullopt;
  }
  const std::int64_t elements = checked_elements(*dims, "a folded constant");
  if (elements == 0 || elements > kMaxFoldedElements) {
    return std::nullopt;
  }
  Data data;
  bool boolean = false;
  for (std::size_t i = 0; i < static_cast<std::size_t>(elements); ++i) {
    const std::size_t ia = broadcast_index(i, *dims, a.dims);
    const std::size_t ib = broadcast_index(i, *dims, b.dims);
    const bool real = is_real(a.type);
    const auto truth = real ? compare(op, a.data->reals[ia], b.data->reals[ib])
                            : compare(op, a.data->integers[ia], b.data->integers[ib]);
    if (truth) {
      boolean = true;
      data.integers.push_back(*truth);
    } else if (real) {
      const auto result = apply(op, a.data->reals[ia], b.data->reals[ib]);
      if (!result) {
        return std::nullopt;
      }
      data.reals.push_back(rounded(*result, a.type));
    } else {
      const auto result = apply(op, a.data->integers[ia], b.data->integers[ib]);
      if (!result) {
        return std::nullopt;
      }
      data.integers.push_back(*result);
    }
  }
  return folded_value(boolean ? element_type::kBool : a.type, *dims, std::move(data));
}

std::optional<Value> unary(const NodeView& node) {
  const Value& a = node.input(0);
  Data data;
  for (const double x : a.data->reals) {
    const auto result = apply(node.type(), x);
    if (!result) {
      return std::nullopt;
    }
    data.reals.push_back(rounded(*result, a.type));
  }
  for (const Integer x : a.data->integers) {
    const auto result = apply(node.type(), x);
    if (!result) {
      return std::nullopt;
    }
    data.integers.push_back(*result);
  }
  return folded_value(a.type, a.dims, std::move(data));
}

std::optional<Value> cast_to(const Value& a, std::int32_t type) {
  Data data;
  constexpr double kLimit = 9.2e18;
  for (const double x : a.data->reals) {
    if (is_real(type)) {
      data.reals.push_back(rounded(x, type));
    } else if (type == element_type::kBool) {
      data.integers.push_back(x != 0);
    } else if (std::abs(x) < kLimit) {
      data.integers.push_back(static_cast<Integer>(x));
    } else {
      return std::nullopt;
    }
  }
  for (const Integer x : a.data->integers) {
    if (is_real(type)) {
      data.reals.push_back(rounded(static_cast<double>(x), type));
    } else {
      data.integers.push_back(type == element_type::kBool ? x != 0 : x);
    }
  }
  if (!is_real(type) && !is_integral(type)) {
    return std::nullopt;
  }
  return folded_value(type, a.dims, std::move(data));
}

std::optional<Value> where(const NodeView& node) {
  const Value& chosen = node.input(0);
  const Value& yes = node.input(1);
  const Value& no = node.input(2);
  const auto inner = broadcast(yes.dims, no.dims);
  const auto dims = inner ? broadcast(*inner, chosen.dims) : std::nullopt;
  if (!dims || is_real(yes.type) != is_real(no.type) || is_real(chosen.type) ||
      checked_elements(*dims, "a folded constant") > kMaxFoldedElements) {
    return std::nullopt;
  }
  Data data;
  for (std::size_t i = 0; i < static_cast<std::size_t>(checked_elements(*dims, "Where")); ++i) {
    const bool first = chosen.data->integers[broadcast_index(i, *dims, chosen.dims)] != 0;
    const Value& from = first ? yes : no;
    const std::size_t at = broadcast_index(i, *dims, from.dims);
    if (is_real(yes.type)) {
      data.reals.push_back(from.data->reals[at]);
    } else {
      data.integers.push_back(from.data->integers[at]);
    }
  }
  return folded_value(yes.type, *dims, std::move(data));
}

}  // namespace

std::optional<Value> fold_pointwise(const NodeView& node) {
  for (std::size_t i = 0; i < node.input_count(); ++i) {
    const std::int32_t type = node.has_input(i) ? node.input(i).type : element_type::kUnknown;
    if (!is_real(type) && !is_integral(type)) {
      return std::nullopt;
    }
  }
  if (node.type() == "Cast") {
    return cast_to(node.input(0),
                   static_cast<std::int32_t>(node.integer("to", element_type::kFloat)));
  }
  if (node.type() == "CastLike" && node.input_count() == 2) {
    return cast_to(node.input(0), node.input(1).type);
  }
  if (node.type() == "Where" && node.input_count() == 3) {
    return where(node);
  }
  if (node.input_count() == 1 && node.type() != "Sum" && node.type() != "Min" &&
      node.type() != "Max") {
    return checked_elements(node.dims(0), "a constant") == 0 ? std::nullopt : unary(node);
  }
  std::optional<Value> result = node.input(0);
  for (std::size_t i = 1; i < node.input_count() && result; ++i) {
    Value operand = node.input(i);
    operand.dims = aligned_dims(node, i);
    result = binary(node.type(), *result, operand);
  }
  return result;
}

}  // namespace imbrex::onnx_reader
