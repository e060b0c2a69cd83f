// Element by element, normalisations, and operands that are computed at run time.
#include "element_network.hpp"

#include <algorithm>

namespace imbrex::elements {
namespace {

bool make_unary(ElementNetwork& net, const Field& x, const char* type) {
  const std::string name = net.fresh("unary");
  net.node(type, {x.name}, name);
  net.result(name, x.dims, [&](const Dims& at) { return x.at(at); });
  return true;
}

bool fits(const Field& wide, const Field& narrow) {
  return narrow.rank() <= wide.rank() &&
         std::equal(narrow.dims.rbegin(), narrow.dims.rend(), wide.dims.rbegin(),
                    [](std::int64_t a, std::int64_t b) { return a == 1 || a == b; });
}

// Another field that broadcasts to this one, the field itself if need be.
const Field& partner(ElementNetwork& net, const Field& x) {
  std::vector<const Field*> found;
  for (const Field& field : net.fields()) {
    if (&field != &x && fits(x, field)) {
      found.push_back(&field);
    }
  }
  if (found.empty() && x.rank() > 0 && net.flip()) {
    return net.vector(x.dims.back());
  }
  return found.empty() ? x : *found[net.random.below(found.size())];
}

bool make_binary(ElementNetwork& net, const Field& x, const char* type) {
  const Field& other = partner(net, x);
  const std::string name = net.fresh("binary");
  const bool first = std::string(type) == "PRelu" || net.flip();
  net.node(type, first ? std::vector{x.name, other.name} : std::vector{other.name, x.name}, name);
  net.result(name, x.dims, [&](const Dims& at) { return x.at(at) | other.broadcast(at); });
  return true;
}

// A bound, a scale: needed by every element.
bool make_with_scalar(ElementNetwork& net, const Field& x, const char* type) {
  const Field& bound = net.scalar();
  const std::string name = net.fresh("bounded");
  net.node(type, {x.name, bound.name}, name);
  net.result(name, x.dims, [&](const Dims& at) { return x.at(at) | bound.at({}); });
  return true;
}

// Statistics are stored; the scale may be computed at run time.
bool make_batch_normalization(ElementNetwork& net, const Field& x) {
  if (x.rank() < 2) {
    return false;
  }
  const std::int64_t channels = x.dims[1];
  const Field* scale = net.flip(3) ? &net.vector(channels) : nullptr;
  const std::string name = net.fresh("batchnorm");
  net.node("BatchNormalization",
           {x.name, scale == nullptr ? net.weight({channels}) : scale->name, net.weight({channels}),
            net.weight({channels}), net.weight({channels})},
           name);
  net.result(name, x.dims, [&](const Dims& at) {
    return scale == nullptr ? x.at(at) : x.at(at) | scale->at({at[1]});
  });
  return true;
}

// Everything that agrees on the axes before `first` and from `last` on.
Tokens along(const Field& x, const Dims& at, std::size_t first, std::size_t last) {
  Tokens all;
  for_each(x.dims, [&](const Dims& other) {
    bool same = true;
    for (std::size_t i = 0; i < at.size(); ++i) {
      same = same && ((i >= first && i < last) || at[i] == other[i]);
    }
    if (same) {
      all |= x.at(other);
    }
  });
  return all;
}

bool make_softmax(ElementNetwork& net, const Field& x) {
  if (x.rank() == 0) {
    return false;
  }
  const std::size_t axis = net.random.below(x.rank());
  const std::string name = net.fresh("softmax");
  net.node(net.flip() ? "Softmax" : "LogSoftmax", {x.name}, name)
      .integer("axis", static_cast<std::int64_t>(axis));
  net.result(name, x.dims, [&](const Dims& at) { return along(x, at, axis, axis + 1); });
  return true;
}

bool make_layer_normalization(ElementNetwork& net, const Field& x) {
  if (x.rank() == 0) {
    return false;
  }
  const std::size_t axis = net.random.below(x.rank());
  const Dims own(x.dims.begin() + static_cast<std::ptrdiff_t>(axis), x.dims.end());
  const Field* scale = own.size() == 1 && net.flip() ? &net.vector(own[0]) : nullptr;
  const std::string name = net.fresh("layernorm");
  net.node("LayerNormalization", {x.name, scale == nullptr ? net.weight(own) : scale->name}, name)
      .integer("axis", static_cast<std::int64_t>(axis));
  net.result(name, x.dims, [&](const Dims& at) {
    const Tokens all = along(x, at, axis, x.rank());
    return scale == nullptr ? all : all | scale->at({at.back()});
  });
  return true;
}

bool make_instance_normalization(ElementNetwork& net, const Field& x) {
  if (x.rank() < 3) {
    return false;
  }
  const Field* scale = net.flip(3) ? &net.vector(x.dims[1]) : nullptr;
  const std::string name = net.fresh("instancenorm");
  net.node(
      "InstanceNormalization",
      {x.name, scale == nullptr ? net.weight({x.dims[1]}) : scale->name, net.weight({x.dims[1]})},
      name);
  net.result(name, x.dims, [&](const Dims& at) {
    const Tokens all = along(x, at, 2, x.rank());
    return scale == nullptr ? all : all | scale->at({at[1]});
  });
  return true;
}

bool make_response_normalization(ElementNetwork& net, const Field& x) {
  if (x.rank() != 4) {
    return false;
  }
  const std::int64_t size = net.pick(1, 4);
  const std::string name = net.fresh("lrn");
  net.node("LRN", {x.name}, name).integer("size", size);
  net.result(name, x.dims, [&](const Dims& at) {
    Tokens all;
    Dims from = at;
    // [c - floor((size - 1) / 2), c + ceil((size - 1) / 2)]
    for (from[1] = at[1] - (size - 1) / 2; from[1] <= at[1] + size / 2; ++from[1]) {
      all |= x.near(from);
    }
    return all;
  });
  return true;
}

// Needs every element before it on its axis, and itself.
bool make_cumulative_sum(ElementNetwork& net, const Field& x) {
  if (x.rank() == 0) {
    return false;
  }
  const std::size_t axis = net.random.below(x.rank());
  const std::string name = net.fresh("cumsum");
  const std::string where = net.fresh("i");
  net.model().integer(where, static_cast<std::int64_t>(axis));
  net.node("CumSum", {x.name, where}, name);
  net.result(name, x.dims, [&](const Dims& at) {
    Tokens all;
    Dims from = at;
    for (from[axis] = 0; from[axis] <= at[axis]; ++from[axis]) {
      all |= x.at(from);
    }
    return all;
  });
  return true;
}

#define IMBREX_MAKER(function, type)                                                 \
  {                                                                                  \
    type, [](ElementNetwork& net, const Field& x) { return function(net, x, type); } \
  }

constexpr Maker kMakers[] = {
    IMBREX_MAKER(make_unary, "Relu"),
    IMBREX_MAKER(make_unary, "Sigmoid"),
    IMBREX_MAKER(make_unary, "Identity"),
    IMBREX_MAKER(make_binary, "Add"),
    IMBREX_MAKER(make_binary, "Mul"),
    IMBREX_MAKER(make_binary, "Max"),
    IMBREX_MAKER(make_binary, "PRelu"),
    IMBREX_MAKER(make_with_scalar, "Clip"),
    IMBREX_MAKER(make_with_scalar, "QuantizeLinear"),
    {"BatchNormalization", make_batch_normalization},
    {"Softmax", make_softmax},
    {"LayerNormalization", make_layer_normalization},
    {"InstanceNormalization", make_instance_normalization},
    {"LRN", make_response_normalization},
    {"CumSum", make_cumulative_sum},
};

#undef IMBREX_MAKER

}  // namespace

std::span<const Maker> pointwise_makers() {
  return kMakers;
}

}  // namespace imbrex::elements
