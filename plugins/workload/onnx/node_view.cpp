#include "node_view.hpp"

#include "text.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

namespace imbrex::onnx_reader {

const Value& NodeView::input(std::size_t i) const {
  if (!has_input(i)) {
    fail(fmt::format("input {} is missing", i));
  }
  return network_.at(node_.inputs[i]);
}

std::optional<std::vector<std::int64_t>> NodeView::known_integers(std::size_t i) const {
  const Value& value = input(i);
  if (!value.constant || !value.data || is_real(value.type)) {
    return std::nullopt;
  }
  return value.data->integers;
}

std::vector<std::int64_t> NodeView::integers(std::size_t i, std::string_view role) const {
  auto known = known_integers(i);
  if (!known) {
    fail_unknown_content(i, role);
  }
  return *std::move(known);
}

std::vector<double> NodeView::reals(std::size_t i, std::string_view role) const {
  const Value& value = input(i);
  if (!value.constant || !value.data || !is_real(value.type)) {
    fail_unknown_content(i, role);
  }
  return value.data->reals;
}

void NodeView::fail_unknown_content(std::size_t i, std::string_view role) const {
  const Value& value = input(i);
  if (!value.constant) {
    fail(fmt::format("its {} {} depends on run-time data, so the shape of its result is not known",
                     role, in_quotes(value.name)));
  }
  fail(fmt::format(
      "the content of its {} {} is not in the file, but its result's shape depends on it", role,
      in_quotes(value.name)));
}

const Attribute* NodeView::attribute(std::string_view name) const noexcept {
  for (const Attribute& candidate : node_.attributes) {
    if (candidate.name == name) {
      return &candidate;
    }
  }
  return nullptr;
}

std::int64_t NodeView::integer(std::string_view name, std::int64_t otherwise) const {
  const Attribute* found = attribute(name);
  if (found == nullptr) {
    return otherwise;
  }
  if (found->kind != Attribute::Kind::integer) {
    fail(fmt::format("attribute '{}' is not an integer", name));
  }
  return found->integer;
}

double NodeView::real(std::string_view name, double otherwise) const {
  const Attribute* found = attribute(name);
  if (found == nullptr) {
    return otherwise;
  }
  if (found->kind != Attribute::Kind::real) {
    fail(fmt::format("attribute '{}' is not a number", name));
  }
  return found->real;
}

std::string NodeView::text(std::string_view name, std::string_view otherwise) const {
  const Attribute* found = attribute(name);
  if (found == nullptr) {
    return std::string(otherwise);
  }
  if (found->kind != Attribute::Kind::text) {
    fail(fmt::format("attribute '{}' is not a text", name));
  }
  return found->text;
}

std::optional<std::vector<std::int64_t>> NodeView::integers(std::string_view name) const {
  const Attribute* found = attribute(name);
  if (found == nullptr) {
    return std::nullopt;
  }
  if (found->kind == Attribute::Kind::integer) {
    return std::vector<std::int64_t>{found->integer};
  }
  if (found->kind != Attribute::Kind::integers) {
    fail(fmt::format("attribute '{}' is not a list of integers", name));
  }
  return found->integers;
}

std::optional<std::vector<std::int64_t>> NodeView::integers_of(std::string_view name,
                                                               std::size_t i) const {
  if (auto from_attribute = integers(name)) {
    return from_attribute;
  }
  if (has_input(i)) {
    return integers(i, name);
  }
  return std::nullopt;
}

std::size_t NodeView::axis(std::int64_t given, std::size_t rank) const {
  const auto signed_rank = static_cast<std::int64_t>(rank);
  if (given < -signed_rank || given >= signed_rank) {
    fail(fmt::format("axis {} does not exist in a tensor of rank {}", given, rank));
  }
  return static_cast<std::size_t>(given < 0 ? given + signed_rank : given);
}

std::vector<std::size_t> NodeView::axes(std::span<const std::int64_t> given,
                                        std::size_t rank) const {
  std::vector<std::size_t> result;
  for (const std::int64_t one : given) {
    result.push_back(axis(one, rank));
  }
  std::sort(result.begin(), result.end());
  if (std::adjacent_find(result.begin(), result.end()) != result.end()) {
    fail("names the same axis twice");
  }
  return result;
}

void NodeView::fail(std::string_view message) const {
  throw InputError(
      fmt::format("node {} ({}): {}", in_quotes(node_.name), printable(node_.type), message));
}

std::int64_t checked_elements(const Dims& dims, std::string_view what) {
  std::int64_t product = 1;
  for (const std::int64_t extent : dims) {
    if (extent < 0) {
      throw InputError(fmt::format("{} has a negative extent: {}", what, to_text(dims)));
    }
    if (__builtin_mul_overflow(product, std::max<std::int64_t>(extent, 1), &product) ||
        product > kMaxElements) {
      throw InputError(fmt::format("{} is too large: {} has more than {} elements", what,
                                   to_text(dims), kMaxElements));
    }
  }
  return std::find(dims.begin(), dims.end(), 0) != dims.end() ? 0 : product;
}

Shape to_shape(const Dims& dims, std::string_view what) {
  if (dims.size() > kMaxRank) {
    throw InputError(
        fmt::format("{} has rank {}; at most {} are supported", what, dims.size(), kMaxRank));
  }
  Shape shape;
  shape.rank = static_cast<std::uint8_t>(dims.size());
  std::copy(dims.begin(), dims.end(), shape.extent.begin());
  return shape;
}

std::optional<Dims> broadcast(const Dims& left, const Dims& right) {
  const std::size_t rank = std::max(left.size(), right.size());
  Dims result(rank, 1);
  for (std::size_t i = 0; i < rank; ++i) {
    const std::int64_t a = i < left.size() ? left[left.size() - 1 - i] : 1;
    const std::int64_t b = i < right.size() ? right[right.size() - 1 - i] : 1;
    if (a != b && a != 1 && b != 1) {
      return std::nullopt;
    }
    result[rank - 1 - i] = a == 1 ? b : a;
  }
  return result;
}

}  // namespace imbrex::onnx_reader
