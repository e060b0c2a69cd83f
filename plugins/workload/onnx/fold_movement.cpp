#include "fold.hpp"
#include "operands.hpp"
#include "rules.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace imbrex::onnx_reader {
namespace {

using Folded = std::optional<std::vector<Value>>;
using Coordinates = std::vector<std::int64_t>;

constexpr std::array<std::string_view, 6> kSameElements = {"Identity", "Reshape",   "Flatten",
                                                           "Squeeze",  "Unsqueeze", "Dropout"};

std::size_t flat_index(const Coordinates& at, const Dims& dims) {
  std::int64_t index = 0;
  for (std::size_t axis = 0; axis < dims.size(); ++axis) {
    index = index * dims[axis] + at[axis];
  }
  return static_cast<std::size_t>(index);
}

// Builds a tensor of shape `dims`, element by element from `from`, at the coordinates `source`
// gives.
Value select(const Value& from, const Dims& dims,
             const std::function<Coordinates(const Coordinates&)>& source) {
  const std::int64_t elements = checked_elements(dims, "a folded constant");
  Data data;
  Coordinates at(dims.size(), 0);
  for (std::int64_t i = 0; i < elements; ++i) {
    const std::size_t index = flat_index(source(at), from.dims);
    if (is_real(from.type)) {
      data.reals.push_back(from.data->reals[index]);
    } else {
      data.integers.push_back(from.data->integers[index]);
    }
    for (std::size_t axis = dims.size(); axis-- > 0 && ++at[axis] == dims[axis];) {
      at[axis] = 0;
    }
  }
  return folded_value(from.type, dims, std::move(data));
}

Value fold_transpose(const NodeView& node, const Dims& dims) {
  const auto permutation = permutation_of(node);
  return select(node.input(0), dims, [&](const Coordinates& at) {
    Coordinates from(at.size());
    for (std::size_t i = 0; i < at.size(); ++i) {
      from[static_cast<std::size_t>(permutation[i])] = at[i];
    }
    return from;
  });
}

Value fold_slice(const NodeView& node, const Dims& dims) {
  const auto axes = slice_axes(node);
  return select(node.input(0), dims, [&](const Coordinates& at) {
    Coordinates from(at.size());
    for (std::size_t i = 0; i < at.size(); ++i) {
      from[i] = axes[i].begin + at[i] * axes[i].step;
    }
    return from;
  });
}

// Expand and Tile: coordinates wrap around the operand, trailing axes aligned.
Value fold_repeat(const NodeView& node, const Dims& dims) {
  const Dims& own = node.dims(0);
  return select(node.input(0), dims, [&](const Coordinates& at) {
    Coordinates from(own.size());
    for (std::size_t i = 0; i < own.size(); ++i) {
      from[i] = at[at.size() - own.size() + i] % own[i];
    }
    return from;
  });
}

std::optional<Value> fold_gather(const NodeView& node, const Dims& dims) {
  const std::size_t axis = node.axis(node.integer("axis", 0), node.dims(0).size());
  const auto indices = gather_indices(node, axis);
  if (!indices) {
    return std::nullopt;
  }
  const Dims& index_dims = node.dims(1);
  const auto position = static_cast<std::ptrdiff_t>(axis);
  const auto width = static_cast<std::ptrdiff_t>(index_dims.size());
  return select(node.input(0), dims, [&](const Coordinates& at) {
    const Coordinates which(at.begin() + position, at.begin() + position + width);
    Coordinates from(at.begin(), at.begin() + position);
    from.push_back((*indices)[flat_index(which, index_dims)]);
    from.insert(from.end(), at.begin() + position + width, at.end());
    return from;
  });
}

// Concatenates by selecting from the operand that holds each coordinate.
std::optional<Value> fold_concat(const NodeView& node, const Dims& dims) {
  const std::size_t axis = concat_axis(node);
  const bool real = is_real(node.input(0).type);
  Data data;
  Coordinates at(dims.size(), 0);
  const std::int64_t elements = checked_elements(dims, "a folded constant");
  for (std::int64_t i = 0; i < elements; ++i) {
    Coordinates from = at;
    std::size_t operand = 0;
    while (from[axis] >= node.dims(operand)[axis]) {
      from[axis] -= node.dims(operand++)[axis];
    }
    const Value& value = node.input(operand);
    if (is_real(value.type) != real) {
      return std::nullopt;
    }
    const std::size_t index = flat_index(from, value.dims);
    if (real) {
      data.reals.push_back(value.data->reals[index]);
    } else {
      data.integers.push_back(value.data->integers[index]);
    }
    for (std::size_t a = dims.size(); a-- > 0 && ++at[a] == dims[a];) {
      at[a] = 0;
    }
  }
  return folded_value(node.input(0).type, dims, std::move(data));
}

Folded fold_split(const NodeView& node, const std::vector<Dims>& shapes) {
  const std::size_t axis = node.axis(node.integer("axis", 0), node.dims(0).size());
  std::vector<Value> parts;
  std::int64_t offset = 0;
  for (const Dims& dims : shapes) {
    parts.push_back(select(node.input(0), dims, [&](Coordinates at) {
      at[axis] += offset;
      return at;
    }));
    offset += dims[axis];
  }
  return parts;
}

Folded one(std::optional<Value> value) {
  return value ? Folded(std::vector{*std::move(value)}) : std::nullopt;
}

}  // namespace

std::optional<std::vector<Value>> fold_movement(const NodeView& node) {
  constexpr std::array<std::string_view, 7> kMoves = {"Transpose", "Slice",  "Expand", "Tile",
                                                      "Gather",    "Concat", "Split"};
  const std::string_view type = node.type();
  const bool same =
      std::find(kSameElements.begin(), kSameElements.end(), type) != kSameElements.end();
  if (!same && std::find(kMoves.begin(), kMoves.end(), type) == kMoves.end()) {
    return std::nullopt;
  }
  const std::int32_t element = node.input(0).type;
  const std::vector<Dims> shapes = find_rule("", type)->shapes(node);
  for (const Dims& dims : shapes) {
    if (checked_elements(dims, "a folded constant") > kMaxFoldedElements) {
      return std::nullopt;
    }
  }
  if (same) {
    return one(folded_value(element, shapes[0], *node.input(0).data));
  }
  if (!is_real(element) && !is_integral(element)) {
    return std::nullopt;
  }
  if (type == "Transpose")
    return one(fold_transpose(node, shapes[0]));
  if (type == "Slice")
    return one(fold_slice(node, shapes[0]));
  if (type == "Gather")
    return one(fold_gather(node, shapes[0]));
  if (type == "Concat")
    return one(fold_concat(node, shapes[0]));
  if (type == "Split")
    return fold_split(node, shapes);
  return one(fold_repeat(node, shapes[0]));
}

}  // namespace imbrex::onnx_reader
