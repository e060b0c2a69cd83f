// Pools, reductions and resizing.
#include "element_network.hpp"

#include <algorithm>

namespace imbrex::elements {
namespace {

// Everything that a window reads.
Tokens under_window(const Field& x, const Dims& at, const Dims& kernel, const Dims& stride,
                    const Dims& dilation, const Dims& pads) {
  Tokens all;
  for_each(kernel, [&](const Dims& tap) {
    Dims from{at[0], at[1]};
    for (std::size_t i = 0; i < kernel.size(); ++i) {
      from.push_back(at[i + 2] * stride[i] + tap[i] * dilation[i] - pads[i]);
    }
    all |= x.near(from);
  });
  return all;
}

bool make_pool(ElementNetwork& net, const Field& x, const char* type) {
  if (x.rank() < 3 || x.rank() > 5) {
    return false;
  }
  const std::size_t axes = x.rank() - 2;
  const bool dilated = std::string(type) == "MaxPool" && net.flip(3);
  const bool up = net.flip(3);
  Dims kernel, stride, dilation, pads(2 * axes, 0), dims{x.dims[0], x.dims[1]};
  for (std::size_t i = 0; i < axes; ++i) {
    kernel.push_back(net.pick(1, 3));
    stride.push_back(net.pick(1, 2));
    dilation.push_back(dilated ? net.pick(1, 2) : 1);
    pads[i] = net.pick(0, kernel[i] - 1);
    pads[i + axes] = net.pick(0, kernel[i] - 1);
    const std::int64_t room =
        x.dims[i + 2] + pads[i] + pads[i + axes] - (kernel[i] - 1) * dilation[i] - 1;
    if (room < 0) {
      return false;
    }
    std::int64_t extent = (up ? room + stride[i] - 1 : room) / stride[i] + 1;
    // A window that starts in the padding at the end is left out.
    extent -= up && (extent - 1) * stride[i] >= x.dims[i + 2] + pads[i] ? 1 : 0;
    dims.push_back(extent);
  }
  const std::string name = net.fresh("pool");
  auto node = net.node(type, {x.name}, name);
  node.integers("kernel_shape", kernel).integers("strides", stride).integers("pads", pads);
  node.integer("ceil_mode", up ? 1 : 0);
  if (dilated) {
    node.integers("dilations", dilation);
  }
  net.result(name, dims,
             [&](const Dims& at) { return under_window(x, at, kernel, stride, dilation, pads); });
  return true;
}

// Union over the axes that are marked; the others are those of `at`.
Tokens over(const Field& x, const Dims& at, const std::vector<bool>& marked) {
  Tokens all;
  for_each(x.dims, [&](const Dims& from) {
    bool same = true;
    for (std::size_t i = 0; i < from.size(); ++i) {
      same = same && (marked[i] || from[i] == at[i]);
    }
    if (same) {
      all |= x.at(from);
    }
  });
  return all;
}

bool make_global_pool(ElementNetwork& net, const Field& x, const char* type) {
  if (x.rank() < 3) {
    return false;
  }
  Dims dims = x.dims;
  std::fill(dims.begin() + 2, dims.end(), 1);
  std::vector<bool> marked(x.rank(), true);
  marked[0] = marked[1] = false;
  const std::string name = net.fresh("global");
  net.node(type, {x.name}, name);
  net.result(name, dims, [&](const Dims& at) { return over(x, at, marked); });
  return true;
}

// Axes as an attribute, or as an operand for ReduceSum.
bool make_reduction(ElementNetwork& net, const Field& x, const char* type) {
  std::vector<bool> marked(x.rank());
  Dims axes;
  const bool keep = net.flip();
  Dims dims;
  const bool one = std::string(type) == "ArgMax";
  const std::size_t only = x.rank() == 0 ? 0 : net.random.below(x.rank());
  for (std::size_t i = 0; i < x.rank(); ++i) {
    marked[i] = one ? i == only : net.flip();
    if (marked[i]) {
      axes.push_back(static_cast<std::int64_t>(i));
    }
    if (!marked[i] || keep) {
      dims.push_back(marked[i] ? 1 : x.dims[i]);
    }
  }
  if (axes.empty()) {
    return false;
  }
  const std::string name = net.fresh("reduce");
  const bool operand = std::string(type) == "ReduceSum";
  auto node =
      net.node(type, operand ? std::vector{x.name, net.integers(axes)} : std::vector{x.name}, name);
  node.integer("keepdims", keep ? 1 : 0);
  if (one) {
    node.integer("axis", axes[0]);
  } else if (!operand) {
    node.integers("axes", axes);
  }
  net.result(name, dims, [&](const Dims& at) {
    Dims full;
    std::size_t next = 0;
    for (std::size_t i = 0; i < x.rank(); ++i) {
      full.push_back(marked[i] ? 0 : at[keep ? i : next]);
      next += marked[i] ? 0 : 1;
    }
    return over(x, full, marked);
  });
  return true;
}

// Where output position y of an axis lies in the input, as a fraction.
struct Place {
  std::int64_t numerator = 0;
  std::int64_t denominator = 1;
};

Place place_of(const std::string& convention, std::int64_t y, std::int64_t in, std::int64_t out) {
  if (convention == "half_pixel") {  // (y + 1/2) * in / out - 1/2
    return {(2 * y + 1) * in - out, 2 * out};
  }
  if (convention == "align_corners") {
    return out > 1 ? Place{y * (in - 1), out - 1} : Place{};
  }
  return {y * in, out};
}

std::int64_t rounded(const std::string& rounding, const Place& p) {
  if (rounding == "floor") {
    return floor_div(p.numerator, p.denominator);
  }
  if (rounding == "ceil") {
    return ceil_div(p.numerator, p.denominator);
  }
  return rounding == "round_prefer_floor"
             ? ceil_div(2 * p.numerator - p.denominator, 2 * p.denominator)
             : floor_div(2 * p.numerator + p.denominator, 2 * p.denominator);
}

// Rows and columns to given sizes: the element that the rounding picks, or the two neighbours.
bool make_resize(ElementNetwork& net, const Field& x) {
  if (x.rank() != 4) {
    return false;
  }
  constexpr const char* kConventions[] = {"half_pixel", "asymmetric", "align_corners"};
  constexpr const char* kRoundings[] = {"floor", "ceil", "round_prefer_floor", "round_prefer_ceil"};
  const bool nearest = net.flip();
  const std::string convention = kConventions[net.random.below(std::size(kConventions))];
  const std::string rounding = kRoundings[net.random.below(std::size(kRoundings))];
  Dims dims = x.dims;
  for (std::size_t i = 2; i < 4; ++i) {
    dims[i] = net.flip() ? x.dims[i] * net.pick(1, 2) : net.pick(1, 6);
  }
  const std::string name = net.fresh("resize");
  net.node("Resize", {x.name, "", "", net.integers(dims)}, name)
      .text("mode", nearest ? "nearest" : "linear")
      .text("coordinate_transformation_mode", convention)
      .text("nearest_mode", rounding);
  const auto neighbours = [&](std::size_t i, std::int64_t y) {
    const Place place = place_of(convention, y, x.dims[i], dims[i]);
    const std::int64_t first = rounded(nearest ? rounding : "floor", place);
    const bool alone = nearest || x.dims[i] == dims[i];
    const auto inside = [&](std::int64_t at) {
      return std::clamp<std::int64_t>(at, 0, x.dims[i] - 1);
    };
    return std::pair(inside(first), inside(alone ? first : first + 1));
  };
  net.result(name, dims, [&](const Dims& at) {
    const auto rows = neighbours(2, at[2]);
    const auto columns = neighbours(3, at[3]);
    return x.at({at[0], at[1], rows.first, columns.first}) |
           x.at({at[0], at[1], rows.first, columns.second}) |
           x.at({at[0], at[1], rows.second, columns.first}) |
           x.at({at[0], at[1], rows.second, columns.second});
  });
  return true;
}

#define IMBREX_MAKER(function, type)                                                 \
  {                                                                                  \
    type, [](ElementNetwork& net, const Field& x) { return function(net, x, type); } \
  }

constexpr Maker kMakers[] = {
    IMBREX_MAKER(make_pool, "MaxPool"),
    IMBREX_MAKER(make_pool, "AveragePool"),
    IMBREX_MAKER(make_global_pool, "GlobalAveragePool"),
    IMBREX_MAKER(make_global_pool, "GlobalMaxPool"),
    IMBREX_MAKER(make_reduction, "ReduceMean"),
    IMBREX_MAKER(make_reduction, "ReduceSum"),
    IMBREX_MAKER(make_reduction, "ArgMax"),
    {"Resize", make_resize},
};

#undef IMBREX_MAKER

}  // namespace

std::span<const Maker> window_makers() {
  return kMakers;
}

}  // namespace imbrex::elements
