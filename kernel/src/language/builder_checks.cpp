// Complaints and checks that all families of builder functions share.
#include "language/builder_impl.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>

#include <fmt/format.h>

namespace imbrex {
namespace workload_detail {

namespace {

// Sizes beyond this are typing errors or hostile files, and would overflow sums of products later.
constexpr std::int64_t kMaxElements = std::int64_t{1} << 48;

}  // namespace

void complain(std::string_view name, std::string_view expected, std::string_view given) {
  throw InputError(fmt::format("operator '{}': expected {}, given {}", name, expected, given));
}

std::string text(const Shape& shape) {
  return fmt::format("[{}]",
                     fmt::join(shape.extent.begin(), shape.extent.begin() + shape.rank, ", "));
}

Operator start(std::string_view name, OperatorKind kind) {
  Operator op;
  op.name = printable(name);
  op.kind = kind;
  return op;
}

void add_input(Operator& op, TensorId id, const BackwardMap& map) {
  op.inputs.push_back(id);
  op.maps.push_back(map);
}

BackwardMap make_map(const Shape& input, const Shape& output, const AxisRules& rules,
                     Exactness exactness) {
  return {input, output, std::span(rules).first(input.rank), exactness};
}

AxisRules same_axes(const Shape& input) {
  AxisRules rules;
  for (std::size_t axis = 0; axis < input.rank; ++axis) {
    rules[axis] = shifted_axis(axis, 0);
  }
  return rules;
}

std::size_t checked_axis(std::string_view name, std::int64_t axis, std::size_t rank) {
  const auto limit = static_cast<std::int64_t>(rank);
  if (axis < -limit || axis >= limit) {
    complain(name, fmt::format("an axis in [{}, {})", -limit, limit), fmt::to_string(axis));
  }
  return static_cast<std::size_t>(axis < 0 ? axis + limit : axis);
}

void check_rank(std::string_view name, const Shape& shape, std::size_t min, std::size_t max) {
  if (shape.rank < min || shape.rank > max) {
    complain(name,
             min == max ? fmt::format("data of rank {}", min)
                        : fmt::format("data of rank {} to {}", min, max),
             fmt::format("shape {}", text(shape)));
  }
}

// A product of positive extents, or no value when it exceeds the limit.
bool product_within(std::span<const std::int64_t> extents, std::int64_t limit) noexcept {
  std::int64_t product = 1;
  for (const std::int64_t extent : extents) {
    if (extent > limit / product) {
      return false;
    }
    product *= extent;
  }
  return true;
}

void check_shape(std::string_view what, std::string_view name, const Shape& shape) {
  const std::span<const std::int64_t> extents = std::span(shape.extent).first(shape.rank);
  if (std::any_of(extents.begin(), extents.end(), [](std::int64_t e) { return e < 1; })) {
    throw InputError(fmt::format("{} '{}': expected a shape with extents of at least 1, given {}",
                                 what, name, text(shape)));
  }
  if (!product_within(extents, kMaxElements)) {
    throw InputError(fmt::format("{} '{}': expected a tensor of at most 2^48 elements, given {}",
                                 what, name, text(shape)));
  }
}

}  // namespace workload_detail

}  // namespace imbrex
