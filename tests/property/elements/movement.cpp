// The same elements in another arrangement.
#include "element_network.hpp"

#include <algorithm>
#include <numeric>

namespace imbrex::elements {
namespace {

// Random extents of the same product.
Dims other_shape(ElementNetwork& net, std::int64_t elements) {
  Dims dims;
  while (elements > 1 && dims.size() < 4) {
    std::vector<std::int64_t> divisors;
    for (std::int64_t d = 2; d <= elements; ++d) {
      if (elements % d == 0) {
        divisors.push_back(d);
      }
    }
    dims.push_back(divisors[net.random.below(divisors.size())]);
    elements /= dims.back();
  }
  if (elements > 1 || dims.empty()) {
    dims.push_back(elements);
  }
  return dims;
}

bool make_reshape(ElementNetwork& net, const Field& x) {
  // Half of the time neighbouring axes merge or one splits, as networks do.
  Dims dims = x.dims;
  if (net.flip() && dims.size() >= 2) {
    const std::size_t at = net.random.below(dims.size() - 1);
    dims[at] *= dims[at + 1];
    dims.erase(dims.begin() + static_cast<std::ptrdiff_t>(at) + 1);
  } else {
    dims = other_shape(net, count(x.dims));
  }
  const std::string name = net.fresh("reshape");
  net.node("Reshape", {x.name, net.integers(dims)}, name);
  net.result(name, dims, [&](const Dims& at) { return x.tokens[flat(dims, at)]; });
  return true;
}

bool make_flatten(ElementNetwork& net, const Field& x) {
  if (x.rank() == 0) {
    return false;
  }
  const auto axis = static_cast<std::ptrdiff_t>(net.random.below(x.rank() + 1));
  const Dims dims{count({x.dims.begin(), x.dims.begin() + axis}),
                  count({x.dims.begin() + axis, x.dims.end()})};
  const std::string name = net.fresh("flatten");
  net.node("Flatten", {x.name}, name).integer("axis", axis);
  net.result(name, dims, [&](const Dims& at) { return x.tokens[flat(dims, at)]; });
  return true;
}

bool make_unsqueeze(ElementNetwork& net, const Field& x) {
  if (x.rank() > 4) {
    return false;
  }
  const auto axis = static_cast<std::ptrdiff_t>(net.random.below(x.rank() + 1));
  Dims dims = x.dims;
  dims.insert(dims.begin() + axis, 1);
  const std::string name = net.fresh("unsqueeze");
  net.node("Unsqueeze", {x.name, net.integers({axis})}, name);
  net.result(name, dims, [&](const Dims& at) { return x.tokens[flat(dims, at)]; });
  return true;
}

bool make_squeeze(ElementNetwork& net, const Field& x) {
  if (std::find(x.dims.begin(), x.dims.end(), 1) == x.dims.end()) {
    return false;
  }
  Dims dims;
  std::copy_if(x.dims.begin(), x.dims.end(), std::back_inserter(dims),
               [](std::int64_t extent) { return extent != 1; });
  const std::string name = net.fresh("squeeze");
  net.node("Squeeze", {x.name}, name);
  net.result(name, dims, [&](const Dims& at) { return x.tokens[flat(dims, at)]; });
  return true;
}

bool make_transpose(ElementNetwork& net, const Field& x) {
  if (x.rank() < 2) {
    return false;
  }
  Dims order(x.rank());
  std::iota(order.begin(), order.end(), 0);
  net.random.shuffle(std::span(order));
  Dims dims;
  for (const std::int64_t axis : order) {
    dims.push_back(x.dims[static_cast<std::size_t>(axis)]);
  }
  const std::string name = net.fresh("transpose");
  net.node("Transpose", {x.name}, name).integers("perm", order);
  net.result(name, dims, [&](const Dims& at) {
    Dims from(at.size());
    for (std::size_t i = 0; i < at.size(); ++i) {
      from[static_cast<std::size_t>(order[i])] = at[i];
    }
    return x.at(from);
  });
  return true;
}

// With another field, with itself, or behind a constant.
bool make_concat(ElementNetwork& net, const Field& x) {
  if (x.rank() == 0) {
    return false;
  }
  const std::size_t axis = net.random.below(x.rank());
  std::vector<const Field*> fitting{&x};
  for (const Field& field : net.fields()) {
    Dims expected = x.dims;
    if (field.rank() == x.rank()) {
      expected[axis] = field.dims[axis];
      if (field.dims == expected) {
        fitting.push_back(&field);
      }
    }
  }
  const Field& other = *fitting[net.random.below(fitting.size())];
  Dims constant = x.dims;
  constant[axis] = net.flip(3) ? net.pick(1, 2) : 0;
  std::vector<std::string> operands{x.name, other.name};
  if (constant[axis] > 0) {
    operands.insert(operands.begin(), net.weight(constant));
  }
  Dims dims = x.dims;
  dims[axis] += other.dims[axis] + constant[axis];
  const std::string name = net.fresh("concat");
  net.node("Concat", operands, name).integer("axis", static_cast<std::int64_t>(axis));
  net.result(name, dims, [&](const Dims& at) {
    Dims from = at;
    from[axis] -= constant[axis];
    if (from[axis] < x.dims[axis]) {
      return x.near(from);
    }
    from[axis] -= x.dims[axis];
    return other.at(from);
  });
  return true;
}

bool make_depth_to_space(ElementNetwork& net, const Field& x) {
  if (x.rank() != 4 || x.dims[1] % 4 != 0) {
    return false;
  }
  const bool depth_first = net.flip();
  const std::int64_t channels = x.dims[1] / 4;
  const Dims dims{x.dims[0], channels, x.dims[2] * 2, x.dims[3] * 2};
  const std::string name = net.fresh("pixels");
  net.node("DepthToSpace", {x.name}, name)
      .integer("blocksize", 2)
      .text("mode", depth_first ? "DCR" : "CRD");
  net.result(name, dims, [&](const Dims& at) {
    const std::int64_t place = at[2] % 2 * 2 + at[3] % 2;
    return x.at(
        {at[0], depth_first ? place * channels + at[1] : at[1] * 4 + place, at[2] / 2, at[3] / 2});
  });
  return true;
}

bool make_space_to_depth(ElementNetwork& net, const Field& x) {
  if (x.rank() != 4 || x.dims[2] % 2 != 0 || x.dims[3] % 2 != 0) {
    return false;
  }
  const Dims dims{x.dims[0], x.dims[1] * 4, x.dims[2] / 2, x.dims[3] / 2};
  const std::string name = net.fresh("blocks");
  net.node("SpaceToDepth", {x.name}, name).integer("blocksize", 2);
  net.result(name, dims, [&](const Dims& at) {
    const std::int64_t place = at[1] / x.dims[1];
    return x.at({at[0], at[1] % x.dims[1], at[2] * 2 + place / 2, at[3] * 2 + place % 2});
  });
  return true;
}

bool make_expand(ElementNetwork& net, const Field& x) {
  Dims dims = x.dims;
  for (std::int64_t& extent : dims) {
    extent = extent == 1 ? net.pick(1, 3) : extent;
  }
  if (dims.size() < 5 && net.flip(3)) {
    dims.insert(dims.begin(), 2);
  }
  const std::string name = net.fresh("expand");
  net.node("Expand", {x.name, net.integers(dims)}, name);
  net.result(name, dims, [&](const Dims& at) { return x.broadcast(at); });
  return true;
}

bool make_tile(ElementNetwork& net, const Field& x) {
  if (x.rank() == 0) {
    return false;
  }
  Dims repeats(x.rank(), 1);
  repeats[net.random.below(x.rank())] = 2;
  Dims dims = x.dims;
  for (std::size_t i = 0; i < dims.size(); ++i) {
    dims[i] *= repeats[i];
  }
  const std::string name = net.fresh("tile");
  net.node("Tile", {x.name, net.integers(repeats)}, name);
  net.result(name, dims, [&](const Dims& at) {
    Dims from = at;
    for (std::size_t i = 0; i < at.size(); ++i) {
      from[i] %= x.dims[i];
    }
    return x.at(from);
  });
  return true;
}

constexpr Maker kMakers[] = {
    {"Reshape", make_reshape},
    {"Flatten", make_flatten},
    {"Unsqueeze", make_unsqueeze},
    {"Squeeze", make_squeeze},
    {"Transpose", make_transpose},
    {"Concat", make_concat},
    {"DepthToSpace", make_depth_to_space},
    {"SpaceToDepth", make_space_to_depth},
    {"Expand", make_expand},
    {"Tile", make_tile},
};

}  // namespace

std::span<const Maker> movement_makers() {
  return kMakers;
}

}  // namespace imbrex::elements
