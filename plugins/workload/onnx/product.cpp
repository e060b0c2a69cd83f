#include "product.hpp"

#include <imbrex/toolkit/extents/bounded_extents.hpp>

#include <algorithm>
#include <array>
#include <numeric>

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

Dims leading(const Dims& dims) {
  return {dims.begin(), dims.end() - 2};
}

Dims with_matrix(Dims batch, std::int64_t rows, std::int64_t columns) {
  batch.push_back(rows);
  batch.push_back(columns);
  return batch;
}

TensorId expanded(const NodeView& node, TensorId tensor, const Dims& dims, Lowering& out,
                  std::string_view what) {
  if (out.dims(tensor) == dims) {
    return tensor;
  }
  return out.builder().expand(out.part(node, what), tensor, to_shape(dims, "an operand"));
}

TensorId add_dynamic(const NodeView& node, const std::string& name, const Factor& left,
                     const Factor& right, const Dims& result, Lowering& out) {
  const Dims batch = leading(result);
  TensorId a = left.tensor;
  TensorId b = right.tensor;
  if (batch.size() > 2) {
    const Dims flat{elements_of(batch)};
    const auto joined = [&](const Factor& side, std::string_view what) {
      const std::int64_t rows = side.dims.end()[-2];
      const std::int64_t columns = side.dims.back();
      const TensorId whole =
          expanded(node, side.tensor, with_matrix(batch, rows, columns), out, what);
      return out.reshaped(node, whole, with_matrix(flat, rows, columns), what);
    };
    a = joined(left, "left");
    b = joined(right, "right");
  }
  const TensorId product = out.builder().matmul(name, a, b, out.precision().activation_bits);
  return out.reshaped(node, product, result, "shape");
}

// One weight matrix for all rows.
TensorId add_dense(const NodeView& node, const std::string& name, const Factor& left,
                   std::int64_t columns, const Dims& result, Lowering& out) {
  TensorId data = left.tensor;
  const auto axes =
      std::count_if(left.dims.begin(), left.dims.end() - 1, [](auto x) { return x > 1; });
  if (axes > 3) {
    const Dims rows{elements_of(left.dims) / left.dims.back(), left.dims.back()};
    data = out.reshaped(node, data, rows, "rows");
  }
  const TensorId product = out.builder().dense(name, data, columns, out.precision().weight_bits,
                                               out.precision().activation_bits);
  out.uses_weights(node, product);
  return out.reshaped(node, product, result, "shape");
}

// One weight matrix per entry of the trailing leading axes: a grouped convolution with window 1,
// since that is the operator whose weights stay and whose groups do not mix.
TensorId add_grouped(const NodeView& node, const std::string& name, const Factor& left,
                     const Dims& weights, const Dims& result, Lowering& out) {
  const Dims batch = leading(result);
  const Dims groups_dims = leading(weights);
  const auto first =
      std::find_if(groups_dims.begin(), groups_dims.end(), [](auto x) { return x != 1; });
  const auto groups_rank = static_cast<std::size_t>(groups_dims.end() - first);
  if (!std::equal(first, groups_dims.end(),
                  batch.end() - static_cast<std::ptrdiff_t>(groups_rank))) {
    node.fail(fmt::format(
        "constant operand of shape {} is shared along an inner axis; this cannot be mapped",
        to_text(weights)));
  }
  const std::int64_t groups = elements_of(groups_dims);
  const std::int64_t outer = elements_of(batch) / groups;
  const std::int64_t rows = left.dims.end()[-2];
  const std::int64_t depth = left.dims.back();
  const std::int64_t columns = weights.back();
  constexpr std::array<std::int64_t, 4> kFlip{0, 1, 3, 2};
  TensorId data = expanded(node, left.tensor, with_matrix(batch, rows, depth), out, "expanded");
  data = out.reshaped(node, data, {outer, groups, rows, depth}, "groups");
  data = out.transposed(node, data, kFlip, "columns");
  data =
      out.reshaped(node, data, {outer, extents::bounded_product(groups, depth), rows}, "channels");
  ConvolutionParams params;
  params.output_channels = extents::bounded_product(groups, columns);
  params.groups = groups;
  params.weight_bits = out.precision().weight_bits;
  params.output_bits = out.precision().activation_bits;
  TensorId product = out.builder().convolution(name, data, params);
  out.uses_weights(node, product);
  product = out.reshaped(node, product, {outer, groups, columns, rows}, "matrices");
  product = out.transposed(node, product, kFlip, "rows");
  return out.reshaped(node, product, result, "shape");
}

}  // namespace

Factor factor(const NodeView& node, std::size_t operand, const Lowering& out) {
  return {node.dims(operand),
          node.is_dynamic(operand) ? out.operand(node, operand) : TensorId::none};
}

Factor flipped(const NodeView& node, const Factor& given, Lowering& out, std::string_view what) {
  Factor result = given;
  std::swap(result.dims.back(), result.dims.end()[-2]);
  if (given.tensor != TensorId::none) {
    std::vector<std::int64_t> permutation(given.dims.size());
    std::iota(permutation.begin(), permutation.end(), 0);
    std::swap(permutation.back(), permutation.end()[-2]);
    result.tensor = out.transposed(node, given.tensor, permutation, what);
  }
  return result;
}

Dims product_shape(const NodeView& node, const Dims& left, const Dims& right) {
  const auto batch = broadcast(leading(left), leading(right));
  if (left.back() != right.end()[-2] || !batch) {
    node.fail(fmt::format("{} times {} is not a matrix product", to_text(left), to_text(right)));
  }
  return with_matrix(*batch, left.end()[-2], right.back());
}

TensorId add_product(const NodeView& node, const std::string& name, const Factor& left,
                     const Factor& right, Lowering& out) {
  const Dims result = product_shape(node, left.dims, right.dims);
  if (elements_of(left.dims) == 0 || elements_of(right.dims) == 0) {
    node.fail(
        fmt::format("{} times {} multiplies nothing", to_text(left.dims), to_text(right.dims)));
  }
  if (left.tensor != TensorId::none && right.tensor != TensorId::none) {
    return add_dynamic(node, name, left, right, result, out);
  }
  if (left.tensor == TensorId::none) {
    // constant x data = (data' x constant')'
    const Factor data = flipped(node, right, out, "transposed");
    const Factor weights = flipped(node, left, out, "weights");
    const TensorId product = add_product(node, name, data, weights, out);
    return flipped(node, {out.dims(product), product}, out, "result").tensor;
  }
  if (elements_of(leading(right.dims)) == 1) {
    return add_dense(node, name, left, right.dims.back(), result, out);
  }
  return add_grouped(node, name, left, right.dims, result, out);
}

}  // namespace imbrex::onnx_reader
