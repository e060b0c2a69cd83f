// Convolutions with constant weights, and their transposed form.
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

// y[n, k, o] = bias[k] + sum over c of the group and taps r of x[n, c, o*stride + r*dilation -
// pad].
Tokens convolved(const Field& x, const Window& w, std::int64_t first, std::int64_t inputs,
                 const Dims& at) {
  Tokens all;
  for (std::int64_t c = first; c < first + inputs; ++c) {
    for_each(w.kernel, [&](const Dims& tap) {
      Dims from{at[0], c};
      for (std::size_t i = 0; i < tap.size(); ++i) {
        from.push_back(at[i + 2] * w.stride[i] + tap[i] * w.dilation[i] - w.begin[i]);
      }
      all |= x.near(from);
    });
  }
  return all;
}

bool make_convolution(ElementNetwork& net, const Field& x) {
  if (x.rank() < 3 || x.rank() > 5) {
    return false;
  }
  const Window w = window_on(net, x.rank() - 2);
  const Dims spatial = positions(w, x.dims);
  const std::int64_t groups = x.dims[1] % 2 == 0 && net.flip(3) ? 2 : 1;
  const std::int64_t inputs = x.dims[1] / groups;
  const std::int64_t outputs = net.pick(1, 3);
  Dims dims{x.dims[0], groups * outputs};
  dims.insert(dims.end(), spatial.begin(), spatial.end());
  if (spatial.empty() || !net.has_room(count(dims))) {
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
  // Volumes are mapped plane by plane: [n * planes, k, rows, columns].
  const auto place = [&](const Dims& at) {
    return x.rank() < 5 ? flat(dims, at)
                        : flat({dims[0] * dims[2], dims[1], dims[3], dims[4]},
                               {at[0] * dims[2] + at[2], at[1], at[3], at[4]});
  };
  const auto needs = [&](const Dims& at) {
    return convolved(x, w, at[1] / outputs * inputs, inputs, at);
  };
  const Field own = net.product(name, dims, needs, place);
  net.result(name, dims, [&](const Dims& at) {
    return bias == nullptr ? own.at(at) : own.at(at) | bias->at({at[1]});
  });
  return true;
}

// Where an element of a transposed convolution reads by one tap; -1 along axes where it does not.
Dims source_of(const Window& w, const Dims& at, std::int64_t channel, const Dims& tap) {
  Dims from{at[0], channel};
  for (std::size_t i = 0; i < tap.size(); ++i) {
    const std::int64_t far = at[i + 2] + w.begin[i] - tap[i] * w.dilation[i];
    from.push_back(far >= 0 && far % w.stride[i] == 0 ? far / w.stride[i] : -1);
  }
  return from;
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
        all |= x.near(source_of(w, at, at[1] / outputs * inputs + c, tap));
      });
    }
    return all;
  });
  net.result(name, dims, [&](const Dims& at) { return own.at(at); });
  return true;
}

constexpr Maker kMakers[] = {{"Conv", make_convolution}, {"ConvTranspose", make_transposed}};

}  // namespace

std::span<const Maker> convolution_makers() {
  return kMakers;
}

}  // namespace imbrex::elements
