// Parts of a tensor, and margins around it.
#include "element_network.hpp"

namespace imbrex::elements {
namespace {

// Some axes by steps forwards or backwards.
bool make_slice(ElementNetwork& net, const Field& x) {
  if (x.rank() == 0) {
    return false;
  }
  Dims starts, ends, axes, steps, first(x.rank(), 0), step(x.rank(), 1), dims = x.dims;
  for (std::size_t i = 0; i < x.rank(); ++i) {
    if (!net.flip()) {
      continue;
    }
    axes.push_back(static_cast<std::int64_t>(i));
    step[i] = net.flip(4) ? -1 : net.pick(1, 2);
    first[i] =
        net.random.below(3) == 0 ? (step[i] > 0 ? 0 : x.dims[i] - 1) : net.pick(0, x.dims[i] - 1);
    const std::int64_t reach = step[i] > 0 ? (x.dims[i] - 1 - first[i]) / step[i] : first[i];
    dims[i] = net.pick(1, reach + 1);
    starts.push_back(first[i]);
    const std::int64_t end = first[i] + (dims[i] - 1) * step[i] + (step[i] > 0 ? 1 : -1);
    ends.push_back(end < 0 ? -x.dims[i] - 1 : end);
    steps.push_back(step[i]);
  }
  if (axes.empty()) {
    return false;
  }
  const std::string name = net.fresh("slice");
  net.node(
      "Slice",
      {x.name, net.integers(starts), net.integers(ends), net.integers(axes), net.integers(steps)},
      name);
  net.result(name, dims, [&](const Dims& at) {
    Dims from = at;
    for (std::size_t i = 0; i < at.size(); ++i) {
      from[i] = first[i] + at[i] * step[i];
    }
    return x.at(from);
  });
  return true;
}

bool make_split(ElementNetwork& net, const Field& x) {
  if (x.rank() == 0) {
    return false;
  }
  const std::size_t axis = net.random.below(x.rank());
  if (x.dims[axis] < 2) {
    return false;
  }
  const std::int64_t front = net.pick(1, x.dims[axis] - 1);
  const std::string name = net.fresh("split");
  const std::string back = name + "_back";
  net.node("Split", {x.name, net.integers({front, x.dims[axis] - front})}, name, {back})
      .integer("axis", static_cast<std::int64_t>(axis));
  Dims dims = x.dims;
  dims[axis] = front;
  net.result(name, dims, [&](const Dims& at) { return x.at(at); });
  dims[axis] = x.dims[axis] - front;
  net.result(back, dims, [&](const Dims& at) {
    Dims from = at;
    from[axis] += front;
    return x.at(from);
  });
  return true;
}

// Margins of a constant, possibly computed at run time, or mirrored; or less than the data.
bool make_pad(ElementNetwork& net, const Field& x) {
  if (x.rank() == 0) {
    return false;
  }
  const bool mirrored = net.flip(4);
  Dims pads(2 * x.rank(), 0);
  Dims dims = x.dims;
  for (std::size_t i = 0; i < x.rank(); ++i) {
    for (const std::size_t side : {i, i + x.rank()}) {
      const std::int64_t most = mirrored ? std::min<std::int64_t>(1, x.dims[i] - 1) : 2;
      pads[side] = net.flip() ? net.pick(mirrored || x.dims[i] < 4 ? 0 : -1, most) : 0;
      dims[i] += pads[side];
    }
  }
  const Field* value = !mirrored && net.flip(3) ? &net.scalar() : nullptr;
  std::vector<std::string> operands{x.name, net.integers(pads)};
  if (value != nullptr) {
    operands.push_back(value->name);
  }
  const std::string name = net.fresh("pad");
  net.node("Pad", operands, name).text("mode", mirrored ? "reflect" : "constant");
  net.result(name, dims, [&](const Dims& at) {
    Dims from = at;
    for (std::size_t i = 0; i < at.size(); ++i) {
      from[i] -= pads[i];
      if (mirrored) {
        from[i] = from[i] < 0 ? -from[i] : from[i];
        from[i] = from[i] >= x.dims[i] ? 2 * (x.dims[i] - 1) - from[i] : from[i];
      }
    }
    const Tokens own = x.near(from);
    return value == nullptr ? own : own | value->at({});
  });
  return true;
}

// Known indices, of one axis or a scalar.
bool make_gather(ElementNetwork& net, const Field& x) {
  if (x.rank() == 0) {
    return false;
  }
  const std::size_t axis = net.random.below(x.rank());
  const bool single = net.flip();
  Dims picked;
  for (std::int64_t i = single ? 1 : net.pick(1, 3); i > 0; --i) {
    picked.push_back(net.pick(0, x.dims[axis] - 1));
  }
  Dims dims = x.dims;
  dims[axis] = static_cast<std::int64_t>(picked.size());
  std::string indices = net.fresh("i");
  if (single) {
    dims.erase(dims.begin() + static_cast<std::ptrdiff_t>(axis));
    net.model().integer(indices, picked[0]);
  } else {
    indices = net.integers(picked);
  }
  const std::string name = net.fresh("gather");
  net.node("Gather", {x.name, indices}, name).integer("axis", static_cast<std::int64_t>(axis));
  net.result(name, dims, [&](const Dims& at) {
    Dims from = at;
    if (single) {
      from.insert(from.begin() + static_cast<std::ptrdiff_t>(axis), picked[0]);
    } else {
      from[axis] = picked[static_cast<std::size_t>(at[axis])];
    }
    return x.at(from);
  });
  return true;
}

// Indices that the network computes: any element of the axis may be picked.
bool make_gather_at_run_time(ElementNetwork& net, const Field& x) {
  if (x.rank() == 0) {
    return false;
  }
  const std::size_t axis = net.random.below(x.rank());
  const Field& indices = net.vector(net.pick(1, 3));
  Dims dims = x.dims;
  dims[axis] = indices.dims[0];
  const std::string whole = net.fresh("indices");
  net.node("Cast", {indices.name}, whole).integer("to", 7);
  const std::string name = net.fresh("gather");
  net.node("Gather", {x.name, whole}, name).integer("axis", static_cast<std::int64_t>(axis));
  net.result(name, dims, [&](const Dims& at) {
    Tokens all = indices.at({at[axis]});
    Dims from = at;
    for (from[axis] = 0; from[axis] < x.dims[axis]; ++from[axis]) {
      all |= x.at(from);
    }
    return all;
  });
  return true;
}

constexpr Maker kMakers[] = {
    {"Slice", make_slice},
    {"Split", make_split},
    {"Pad", make_pad},
    {"Gather", make_gather},
    {"Gather at run time", make_gather_at_run_time},
};

}  // namespace

std::span<const Maker> picking_makers() {
  return kMakers;
}

}  // namespace imbrex::elements
