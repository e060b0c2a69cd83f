#include "fold.hpp"

#include "rules.hpp"

#include <algorithm>
#include <array>

namespace imbrex::onnx_reader {
namespace {

using Folded = std::optional<std::vector<Value>>;

Value vector_value(std::vector<std::int64_t> integers) {
  Dims dims{static_cast<std::int64_t>(integers.size())};
  return folded_value(element_type::kInt64, std::move(dims), {std::move(integers), {}});
}

Folded fold_shape(const NodeView& node) {
  const Dims& dims = node.dims(0);
  const auto rank = static_cast<std::int64_t>(dims.size());
  const auto clamped = [&](std::int64_t position) {
    return std::clamp<std::int64_t>(position < 0 ? position + rank : position, 0, rank);
  };
  const std::int64_t begin = clamped(node.integer("start", 0));
  const std::int64_t end = std::max(begin, clamped(node.integer("end", rank)));
  return std::vector{vector_value({dims.begin() + begin, dims.begin() + end})};
}

Folded fold_size(const NodeView& node) {
  return std::vector{folded_value(element_type::kInt64, {},
                                  {{checked_elements(node.dims(0), "the operand of Size")}, {}})};
}

Folded fold_constant(const NodeView& node) {
  const auto scalar_or_list = [](std::int32_t type, bool list, Data data) {
    const auto count = static_cast<std::int64_t>(data.integers.size() + data.reals.size());
    return std::vector{folded_value(type, list ? Dims{count} : Dims{}, std::move(data))};
  };
  for (const Attribute& attribute : node.node().attributes) {
    using Kind = Attribute::Kind;
    switch (attribute.kind) {
      case Kind::tensor:
        return std::vector{*attribute.tensor};
      case Kind::integer:
        return scalar_or_list(element_type::kInt64, false, {{attribute.integer}, {}});
      case Kind::integers:
        return scalar_or_list(element_type::kInt64, true, {attribute.integers, {}});
      case Kind::real:
        return scalar_or_list(element_type::kFloat, false, {{}, {attribute.real}});
      case Kind::reals:
        return scalar_or_list(element_type::kFloat, true, {{}, attribute.reals});
      default:
        break;
    }
  }
  return std::nullopt;
}

Folded fold_constant_of_shape(const NodeView& node) {
  const std::vector<std::int64_t> dims = node.integers(0, "input");
  const std::int64_t elements = checked_elements(dims, "the result of ConstantOfShape");
  const Attribute* fill = node.attribute("value");
  Value value;
  value.type = fill != nullptr && fill->tensor ? fill->tensor->type : element_type::kFloat;
  value.dims = dims;
  value.constant = true;
  if (elements <= kMaxFoldedElements) {
    const auto count = static_cast<std::size_t>(elements);
    const Data* given = fill != nullptr && fill->tensor ? fill->tensor->data.get() : nullptr;
    Data data;
    if (is_real(value.type)) {
      data.reals.assign(count, given != nullptr && !given->reals.empty() ? given->reals[0] : 0.0);
    } else {
      data.integers.assign(count,
                           given != nullptr && !given->integers.empty() ? given->integers[0] : 0);
    }
    value.data = std::make_shared<const Data>(std::move(data));
  }
  return std::vector{std::move(value)};
}

Folded fold_range(const NodeView& node) {
  std::array<std::int64_t, 3> values{};
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto operand = node.known_integers(i);
    if (!operand || operand->size() != 1) {
      return std::nullopt;
    }
    values[i] = operand->front();
  }
  const auto [start, limit, delta] = values;
  if (delta == 0) {
    node.fail("its delta is zero");
  }
  std::vector<std::int64_t> integers;
  for (std::int64_t x = start; delta > 0 ? x < limit : x > limit;) {
    if (static_cast<std::int64_t>(integers.size()) == kMaxFoldedElements) {
      return std::nullopt;
    }
    integers.push_back(x);
    if (__builtin_add_overflow(x, delta, &x)) {
      break;
    }
  }
  return std::vector{vector_value(std::move(integers))};
}

// Coordinates of the elements that are not zero, one column each.
Folded fold_non_zero(const NodeView& node) {
  const Value& value = node.input(0);
  const std::size_t rank = std::max<std::size_t>(value.dims.size(), 1);
  const Data& data = *value.data;
  const std::size_t count = data.integers.size() + data.reals.size();
  std::vector<std::vector<std::int64_t>> rows(rank);
  for (std::size_t i = 0; i < count; ++i) {
    if (is_real(value.type) ? data.reals[i] == 0.0 : data.integers[i] == 0) {
      continue;
    }
    auto rest = static_cast<std::int64_t>(i);
    for (std::size_t axis = rank; axis-- > 0;) {
      const std::int64_t extent = value.dims.empty() ? 1 : value.dims[axis];
      rows[axis].push_back(rest % extent);
      rest /= extent;
    }
  }
  const auto found = static_cast<std::int64_t>(rows[0].size());
  Data out;
  for (const auto& row : rows) {
    out.integers.insert(out.integers.end(), row.begin(), row.end());
  }
  return std::vector{
      folded_value(element_type::kInt64, {static_cast<std::int64_t>(rank), found}, std::move(out))};
}

// Over all axes only: products and extrema of shapes.
Folded fold_reduction(const NodeView& node) {
  const Value& value = node.input(0);
  const auto axes = node.integers_of("axes", 1);
  if (is_real(value.type) || value.data->integers.empty() ||
      (axes && !axes->empty() && axes->size() != value.dims.size())) {
    return std::nullopt;
  }
  const std::vector<std::int64_t>& all = value.data->integers;
  std::int64_t result = all[0];
  for (std::size_t i = 1; i < all.size(); ++i) {
    const bool overflow =
        node.type() == "ReduceProd"  ? __builtin_mul_overflow(result, all[i], &result)
        : node.type() == "ReduceSum" ? __builtin_add_overflow(result, all[i], &result)
                                     : false;
    if (overflow) {
      return std::nullopt;
    }
    if (node.type() == "ReduceMax" || node.type() == "ReduceMin") {
      result = node.type() == "ReduceMax" ? std::max(result, all[i]) : std::min(result, all[i]);
    }
  }
  const bool keep = node.integer("keepdims", 1) != 0;
  return std::vector{
      folded_value(value.type, Dims(keep ? value.dims.size() : 0, 1), {{result}, {}})};
}

bool all_content_known(const NodeView& node) {
  for (std::size_t i = 0; i < node.input_count(); ++i) {
    if (node.has_input(i) && !has_content(node, i)) {
      return false;
    }
  }
  return true;
}

}  // namespace

Value folded_value(std::int32_t type, Dims dims, Data data) {
  Value value;
  value.type = type;
  value.dims = std::move(dims);
  value.constant = true;
  value.data = std::make_shared<const Data>(std::move(data));
  return value;
}

bool has_content(const NodeView& node, std::size_t i) {
  return node.has_input(i) && node.input(i).constant && node.input(i).data != nullptr;
}

std::optional<std::vector<Value>> fold(const NodeView& node) {
  if (!node.node().domain.empty()) {
    return std::nullopt;
  }
  const std::string_view type = node.type();
  if (type == "Constant") {
    return fold_constant(node);
  }
  if (type == "Shape") {
    return fold_shape(node);
  }
  if (type == "Size") {
    return fold_size(node);
  }
  if (node.input_count() == 0 || !all_content_known(node)) {
    return std::nullopt;
  }
  if (type == "ConstantOfShape") {
    return fold_constant_of_shape(node);
  }
  if (type == "Range") {
    return fold_range(node);
  }
  if (type == "NonZero") {
    return fold_non_zero(node);
  }
  if (type == "ReduceProd" || type == "ReduceSum" || type == "ReduceMax" || type == "ReduceMin") {
    return fold_reduction(node);
  }
  if (auto value = fold_pointwise(node)) {
    return std::vector{*std::move(value)};
  }
  return fold_movement(node);
}

}  // namespace imbrex::onnx_reader
