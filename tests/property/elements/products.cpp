// Products with constant weights, and of two operands.
#include "element_network.hpp"

#include <algorithm>

namespace imbrex::elements {
namespace {

// A window over the axes behind batch and channels.
struct Window {
  Dims kernel, stride, dilation, begin, end;
};

Window window_on(ElementNetwork& net, std::size_t axes) {
  Window w;
  for (std::size_t i = 0; i < axes; ++i) {
    w.kernel.push_back(net.pick(1, 3));
    w.stride.push_back(net.flip(3) ? 2 : 1);
    w.dilation.push_back(net.flip(4) ? 2 : 1);
    w.begin.push_back(net.pick(0, w.kernel[i] - 1));
    w.end.push_back(net.pick(0, w.kernel[i] - 1));
  }
  return w;
}

void write(const Window& w, onnx_reader::NodeHandle node) {
  Dims pads = w.begin;
  pads.insert(pads.end(), w.end.begin(), w.end.end());
  node.integers("strides", w.stride).integers("dilations", w.dilation).integers("pads", pads);
}

// Output positions; empty when the window does not fit.
Dims positions(const Window& w, const Dims& data) {
  Dims result;
  for (std::size_t i = 0; i < w.kernel.size(); ++i) {
    const std::int64_t room =
        data[i + 2] + w.begin[i] + w.end[i] - (w.kernel[i] - 1) * w.dilation[i] - 1;
    if (room < 0) {
      return {};
    }
    result.push_back(room / w.stride[i] + 1);
  }
  return result;
}

// y[n, k, o] = bias[k] + sum over c of the group and taps r of x[n, c, o*stride + r*dilation - pad].
bool make_convolution(ElementNetwork& net, const Field& x) {
  if (x.rank() < 3 || x.rank() > 5) {
    return false;
  }
  const Window w = window_on(net, x.rank() - 2);
  const Dims spatial = positions(w, x.dims);
  if (spatial.empty()) {
    return false;
  }
  const std::int64_t groups = x.dims[1] % 2 == 0 && net.flip(3) ? 2 : 1;
  const std::int64_t inputs = x.dims[1] / groups;
  const std::int64_t outputs = net.pick(1, 3);
  Dims dims{x.dims[0], groups * outputs};
  dims.insert(dims.end(), spatial.begin(), spatial.end());
  if (!net.has_room(count(dims))) {
    return false;
  }
  Dims weights{groups * outputs, inputs};
  weights.insert(weights.end(), w.kernel.begin(), w.kernel.end());
  std::vector<std::string> operands{x.name, net.weight(weights)};
  const Field* bias = net.flip(4) ? &net.vector(groups * outputs) : nullptr;
  if (bias != nullptr) {
    operands.push_back(bias->name);
  }
  const std::string name = net.fresh("conv");
  write(w, net.node("Conv", operands, name).integer("group", groups));
  const auto needs = [&](const Dims& at) {
    Tokens all;
    for (std::int64_t c = 0; c < inputs; ++c) {
      for_each(w.kernel, [&](const Dims& tap) {
        Dims from{at[0], at[1] / outputs * inputs + c};
        for (std::size_t i = 0; i < tap.size(); ++i) {
          from.push_back(at[i + 2] * w.stride[i] + tap[i] * w.dilation[i] - w.begin[i]);
        }
        all |= x.near(from);
      });
    }
    return all;
  };
  // Volumes are mapped plane by plane: [n * planes, k, rows, columns].
  ElementNetwork::Position place;
  if (x.rank() == 5) {
    place = [&](const Dims& at) {
      return flat({dims[0] * dims[2], dims[1], dims[3], dims[4]},
                  {at[0] * dims[2] + at[2], at[1], at[3], at[4]});
    };
  }
  const Field own = net.product(name, dims, needs, place);
  net.result(name, dims, [&](const Dims& at) {
    return bias == nullptr ? own.at(at) : own.at(at) | bias->at({at[1]});
  });
  return true;
}

// x[n, c, i] reaches y[n, k, i*stride + r*dilation - pad].
bool make_transposed(ElementNetwork& net, const Field& x) {
  if (x.rank() < 3 || x.rank() > 4) {
    return false;
  }
  const Window w = window_on(net, x.rank() - 2);
  const std::int64_t groups = x.dims[1] % 2 == 0 && net.flip(3) ? 2 : 1;
  const std::int64_t inputs = x.dims[1] / groups;
  const std::int64_t outputs = net.pick(1, 3);
  Dims dims{x.dims[0], groups * outputs};
  Dims surplus;
  for (std::size_t i = 0; i < w.kernel.size(); ++i) {
    surplus.push_back(net.pick(0, std::max(w.stride[i], w.dilation[i]) - 1));
    dims.push_back((x.dims[i + 2] - 1) * w.stride[i] + (w.kernel[i] - 1) * w.dilation[i] + 1 +
                   surplus[i] - w.begin[i] - w.end[i]);
    if (dims.back() < 1) {
      return false;
    }
  }
  if (!net.has_room(count(dims))) {
    return false;
  }
  Dims weights{x.dims[1], outputs};
  weights.insert(weights.end(), w.kernel.begin(), w.kernel.end());
  const std::string name = net.fresh("deconv");
  write(w, net.node("ConvTranspose", {x.name, net.weight(weights)}, name)
               .integer("group", groups)
               .integers("output_padding", surplus));
  const Field own = net.product(name, dims, [&](const Dims& at) {
    Tokens all;
    for (std::int64_t c = 0; c < inputs; ++c) {
      for_each(w.kernel, [&](const Dims& tap) {
        Dims from{at[0], at[1] / outputs * inputs + c};
        for (std::size_t i = 0; i < tap.size(); ++i) {
          const std::int64_t far = at[i + 2] + w.begin[i] - tap[i] * w.dilation[i];
          from.push_back(far >= 0 && far % w.stride[i] == 0 ? far / w.stride[i] : -1);
        }
        all |= x.near(from);
      });
    }
    return all;
  });
  net.result(name, dims, [&](const Dims& at) { return own.at(at); });
  return true;
}

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

// A constant matrix times the last two axes: mapped as (x' W')', a result with its last axes turned.
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
    {"Conv", make_convolution},       {"ConvTranspose", make_transposed},
    {"Gemm", make_gemm},              {"MatMul", make_dense},
    {"MatMul left", make_dense_on_the_left}, {"MatMul groups", make_grouped},
    {"MatMul of two", make_dynamic},
};

}  // namespace

std::span<const Maker> product_makers() {
  return kMakers;
}

}  // namespace imbrex::elements
