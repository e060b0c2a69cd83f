// Matrix products, element-wise operators and everything that moves data.
#include "operators.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace imbrex::toml_reader {
namespace {

std::vector<std::int64_t> axes_or_last(LayerInput& in) {
  return in.fields.has("axes") ? in.fields.required_integers("axes")
                               : std::vector<std::int64_t>{-1};
}

}  // namespace

TensorId build_dense(LayerInput& in) {
  const std::int64_t units = in.fields.required_integer("units", 1);
  const std::int32_t weight_bits = in.fields.bits("weight_bits");
  const std::int32_t bits = in.fields.bits("bits");
  return in.fields.failed() ? TensorId::none
                            : in.builder.dense(in.name, in.data(), units, weight_bits, bits);
}

TensorId build_matmul(LayerInput& in) {
  const std::int32_t bits = in.fields.bits("bits");
  return in.fields.failed() ? TensorId::none
                            : in.builder.matmul(in.name, in.operands[0], in.operands[1], bits);
}

TensorId build_elementwise(LayerInput& in) {
  return in.builder.elementwise(in.name, in.operands);
}

TensorId build_activation(LayerInput& in) {
  return in.builder.activation(in.name, in.data());
}

TensorId build_softmax(LayerInput& in) {
  const std::vector<std::int64_t> axes = axes_or_last(in);
  return in.fields.failed() ? TensorId::none : in.builder.softmax(in.name, in.data(), axes);
}

TensorId build_normalization(LayerInput& in) {
  const std::vector<std::int64_t> axes = axes_or_last(in);
  return in.fields.failed() ? TensorId::none : in.builder.normalization(in.name, in.data(), axes);
}

TensorId build_response_normalization(LayerInput& in) {
  const std::int64_t size = in.fields.required_integer("size", 1);
  return in.fields.failed() ? TensorId::none
                            : in.builder.local_response_normalization(in.name, in.data(), size);
}

TensorId build_concat(LayerInput& in) {
  const std::int64_t axis = in.fields.integer("axis", 1, -64);
  return in.fields.failed() ? TensorId::none : in.builder.concat(in.name, in.operands, axis);
}

TensorId build_slice(LayerInput& in) {
  const std::int64_t axis = in.fields.integer("axis", 1, -64);
  const auto rank = static_cast<std::int64_t>(in.shape().rank);
  const std::int64_t from_start = axis < 0 ? axis + rank : axis;
  const bool known = from_start >= 0 && from_start < rank;
  const std::int64_t extent = known ? in.shape()[static_cast<std::size_t>(from_start)] : 1;
  const std::int64_t begin = in.fields.integer("begin", 0, 0);
  const std::int64_t end = in.fields.integer("end", extent, 1);
  const std::int64_t step = in.fields.integer("step", 1, 1);
  return in.fields.failed() ? TensorId::none
                            : in.builder.slice(in.name, in.data(), axis, begin, end, step);
}

// One extent may be -1: whatever is left.
TensorId build_reshape(LayerInput& in) {
  std::vector<std::int64_t> extents = in.fields.required_integers("shape");
  if (in.fields.failed()) {
    return TensorId::none;
  }
  if (extents.size() > kMaxRank || std::count(extents.begin(), extents.end(), -1) > 1) {
    in.fields.complain(
        in.fields.find("shape"),
        fmt::format("expected at most {} extents, at most one of them -1", kMaxRank));
    return TensorId::none;
  }
  Shape output;
  output.rank = static_cast<std::uint8_t>(extents.size());
  std::int64_t left = in.shape().elements();
  for (const std::int64_t extent : extents) {
    left = extent > 0 && left % extent == 0 ? left / extent : extent == -1 ? left : 0;
  }
  for (std::size_t axis = 0; axis < extents.size(); ++axis) {
    output.extent[axis] = extents[axis] == -1 ? left : extents[axis];
  }
  return in.builder.reshape(in.name, in.data(), output);
}

TensorId build_flatten(LayerInput& in) {
  Shape output;
  output.rank = 2;
  output.extent[0] = in.shape()[0];
  output.extent[1] = in.shape().elements() / in.shape()[0];
  return in.builder.reshape(in.name, in.data(), output);
}

TensorId build_transpose(LayerInput& in) {
  const std::vector<std::int64_t> permutation = in.fields.required_integers("permutation");
  return in.fields.failed() ? TensorId::none
                            : in.builder.transpose(in.name, in.data(), permutation);
}

TensorId build_reduce(LayerInput& in) {
  const std::vector<std::int64_t> axes = in.fields.required_integers("axes");
  const bool keep = in.fields.boolean("keep_axes", true);
  return in.fields.failed() ? TensorId::none : in.builder.reduce(in.name, in.data(), axes, keep);
}

TensorId build_space_to_depth(LayerInput& in) {
  const std::int64_t factor = in.fields.required_integer("factor", 1);
  return in.fields.failed() ? TensorId::none
                            : in.builder.space_to_depth(in.name, in.data(), factor);
}

TensorId build_depth_to_space(LayerInput& in) {
  const std::int64_t factor = in.fields.required_integer("factor", 1);
  return in.fields.failed() ? TensorId::none
                            : in.builder.depth_to_space(in.name, in.data(), factor);
}

}  // namespace imbrex::toml_reader
