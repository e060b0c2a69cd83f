// Matrix products with constant weights, and of two operands.
#include "element_network.hpp"

#include <algorithm>

namespace imbrex::elements {
namespace {

// y = A' B' + C, with C of one column, one row or all.
bool make_gemm(ElementNetwork& net, const Field& x) {
  constexpr std::int64_t kMostColumns = 4;
  if (x.rank() != 2 || !net.has_room(std::max(x.dims[0], x.dims[1]) * kMostColumns)) {
    return false;
  }
  const bool turned = net.flip(3);
  const std::int64_t rows = x.dims[turned ? 1 : 0];
  const std::int64_t depth = x.dims[turned ? 0 : 1];
  const std::int64_t columns = net.pick(1, kMostColumns);
  const bool other_turned = net.flip();
  std::vector<std::string> operands{
      x.name, net.weight(other_turned ? Dims{columns, depth} : Dims{depth, columns})};
  const Field* bias = net.flip(3) ? &net.vector(columns) : nullptr;
  if (bias != nullptr) {
    operands.push_back(bias->name);
  }
  const std::string name = net.fresh("gemm");
  net.node("Gemm", operands, name)
      .integer("transA", turned ? 1 : 0)
      .integer("transB", other_turned ? 1 : 0);
  const Field own =
      net.product(bias == nullptr ? name : name + "/product", {rows, columns}, [&](const Dims& at) {
        Tokens all;
        for (std::int64_t c = 0; c < depth; ++c) {
          all |= turned ? x.at({c, at[0]}) : x.at({at[0], c});
        }
        return all;
      });
  net.result(name, {rows, columns}, [&](const Dims& at) {
    return bias == nullptr ? own.at(at) : own.at(at) | bias->at({at[1]});
  });
  return true;
}

// The last axis times one constant matrix.
bool make_dense(ElementNetwork& net, const Field& x) {
  if (x.rank() < 1 || x.rank() > 5) {
    return false;
  }
  Dims dims = x.dims;
  dims.back() = net.pick(1, 4);
  if (!net.has_room(count(dims))) {
    return false;
  }
  const std::string name = net.fresh("dense");
  net.node("MatMul", {x.name, net.weight({x.dims.back(), dims.back()})}, name);
  const Field own = net.product(name, dims, [&](const Dims& at) {
    Tokens all;
    Dims from = at;
    for (from.back() = 0; from.back() < x.dims.back(); ++from.back()) {
      all |= x.at(from);
    }
    return all;
  });
  net.result(name, dims, [&](const Dims& at) { return own.at(at); });
  return true;
}

// A constant matrix times the last two axes: mapped as (x' W')', a result with its last axes
// turned.
bool make_dense_on_the_left(ElementNetwork& net, const Field& x) {
  if (x.rank() < 2 || x.rank() > 4) {
    return false;
  }
  const std::size_t last = x.rank() - 1;
  Dims dims = x.dims;
  dims[last - 1] = net.pick(1, 4);
  if (!net.has_room(count(dims))) {
    return false;
  }
  const std::string name = net.fresh("left");
  net.node("MatMul", {net.weight({dims[last - 1], x.dims[last - 1]}), x.name}, name);
  Dims turned = dims;
  std::swap(turned[last], turned[last - 1]);
  const auto place = [&](const Dims& at) {
    Dims there = at;
    std::swap(there[last], there[last - 1]);
    return flat(turned, there);
  };
  const auto needs = [&](const Dims& at) {
    Tokens all;
    Dims from = at;
    for (from[last - 1] = 0; from[last - 1] < x.dims[last - 1]; ++from[last - 1]) {
      all |= x.at(from);
    }
    return all;
  };
  const Field own = net.product(name, dims, needs, place);
  net.result(name, dims, [&](const Dims& at) { return own.at(at); });
  return true;
}

// One constant matrix per entry of the axis before the last two, mapped as groups of a convolution:
// [outer, groups * columns, rows].
bool make_grouped(ElementNetwork& net, const Field& x) {
  if (x.rank() < 3 || x.rank() > 4 || x.dims[x.rank() - 3] < 2) {
    return false;
  }
  const std::size_t last = x.rank() - 1;
  const std::int64_t groups = x.dims[last - 2];
  const std::int64_t rows = x.dims[last - 1];
  const std::int64_t columns = net.pick(1, 3);
  Dims dims = x.dims;
  dims[last] = columns;
  if (!net.has_room(count(dims))) {
    return false;
  }
  const std::string name = net.fresh("grouped");
  net.node("MatMul", {x.name, net.weight({groups, x.dims[last], columns})}, name);
  const std::int64_t outer = x.rank() == 4 ? x.dims[0] : 1;
  const auto place = [&](const Dims& at) {
    return flat({outer, groups * columns, rows},
                {at.size() == 4 ? at[0] : 0, at[last - 2] * columns + at[last], at[last - 1]});
  };
  const auto needs = [&](const Dims& at) {
    Tokens all;
    Dims from = at;
    for (from[last] = 0; from[last] < x.dims[last]; ++from[last]) {
      all |= x.at(from);
    }
    return all;
  };
  const Field own = net.product(name, dims, needs, place);
  net.result(name, dims, [&](const Dims& at) { return own.at(at); });
  return true;
}

// Rows of the field times rows of itself, of another field of this shape, or with one matrix for
// all leading axes.
bool make_dynamic(ElementNetwork& net, const Field& x) {
  if (x.rank() < 2 || x.rank() > 5) {
    return false;
  }
  const std::size_t last = x.rank() - 1;
  const Field* other = nullptr;
  for (const Field& field : net.fields()) {
    if (field.rank() >= 2 && field.dims[field.rank() - 2] == x.dims[last] &&
        (field.rank() == 2 || field.rank() == x.rank()) &&
        std::equal(field.dims.begin(), field.dims.end() - 2,
                   x.dims.end() - static_cast<std::ptrdiff_t>(field.rank()))) {
      other = &field;
    }
  }
  if (other == nullptr) {
    return false;
  }
  Dims dims = x.dims;
  dims[last] = other->dims.back();
  if (!net.has_room(count(dims))) {
    return false;
  }
  const std::string name = net.fresh("product");
  net.node("MatMul", {x.name, other->name}, name);
  const Field own = net.product(name, dims, [&](const Dims& at) {
    Tokens all;
    for (std::int64_t c = 0; c < x.dims[last]; ++c) {
      Dims left = at;
      left[last] = c;
      Dims right = at;
      right[last - 1] = c;
      all |= x.at(left) | other->broadcast(right);
    }
    return all;
  });
  net.result(name, dims, [&](const Dims& at) { return own.at(at); });
  return true;
}

constexpr Maker kMakers[] = {
    {"Gemm", make_gemm},
    {"MatMul", make_dense},
    {"MatMul left", make_dense_on_the_left},
    {"MatMul groups", make_grouped},
    {"MatMul of two", make_dynamic},
};

}  // namespace

std::span<const Maker> product_makers() {
  return kMakers;
}

}  // namespace imbrex::elements
