// Recurrences: layers whose jobs along an axis of the result wait for one another.
#include "operators.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace imbrex::toml_reader {
namespace {

// The loop over an axis of the result; none for channels, groups and axes that have no loop.
std::optional<Dim> dense_dim(const Shape& result, std::size_t axis) {
  const auto long_axes = [&](std::size_t end) {
    return std::count_if(result.extent.begin(),
                         result.extent.begin() + static_cast<std::ptrdiff_t>(end),
                         [](std::int64_t extent) { return extent > 1; });
  };
  constexpr std::array<Dim, 3> kDims = {Dim::N, Dim::P, Dim::Q};
  if (axis + 1 == result.rank) {
    return std::nullopt;
  }
  return long_axes(result.rank - 1u) == 1 ? Dim::P
                                          : kDims[static_cast<std::size_t>(long_axes(axis))];
}

std::optional<Dim> matmul_dim(const Shape& result, std::size_t axis) {
  if (axis + 2 == result.rank) {
    return Dim::P;
  }
  return axis == 0 && result.rank > 2 ? std::optional(Dim::N) : std::nullopt;
}

std::optional<Dim> window_dim(std::size_t axis) {
  constexpr std::array<Dim, 4> kDims = {Dim::N, Dim::K, Dim::P, Dim::Q};
  return axis == 1 ? std::nullopt : std::optional(kDims[axis]);
}

}  // namespace

void build_chain(LayerInput& in, std::string_view word, TensorId result) {
  const Shape& shape = in.builder.at(result).shape;
  const auto rank = static_cast<std::int64_t>(shape.rank);
  const std::int64_t given = in.fields.required_integer("chain", -rank);
  const std::int64_t counted = given < 0 ? given + rank : given;
  if (in.fields.failed()) {
    return;
  }
  if (counted >= rank) {
    in.fields.complain(
        in.fields.find("chain"),
        fmt::format("expected an axis of the result in [{}, {}), given {}", -rank, rank, given));
    return;
  }
  const auto axis = static_cast<std::size_t>(counted);
  const auto dim = word == "dense"    ? dense_dim(shape, axis)
                   : word == "matmul" ? matmul_dim(shape, axis)
                                      : window_dim(axis);
  if (!dim) {
    in.fields.complain(in.fields.find("chain"),
                       fmt::format("expected an axis of samples, rows or columns, given axis {}, "
                                   "whose elements one job makes together",
                                   given));
  } else if (shape[axis] > 1) {  // a single step waits for nothing
    in.builder.chain(result, *dim);
  }
}

}  // namespace imbrex::toml_reader
