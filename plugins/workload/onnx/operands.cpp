#include "operands.hpp"

#include "text.hpp"

#include <imbrex/values/region.hpp>

#include <algorithm>
#include <numeric>

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

// Python's slice arithmetic. `extent` bounds every intermediate, so nothing overflows.
SliceAxis slice_axis(std::int64_t extent, std::int64_t start, std::int64_t end, std::int64_t step) {
  const auto clamped = [&](std::int64_t x, std::int64_t low, std::int64_t high) {
    return std::clamp<std::int64_t>(x < 0 ? x + extent : x, low, high);
  };
  SliceAxis axis;
  axis.step = step;
  if (step > 0) {
    axis.begin = clamped(start, 0, extent);
    const std::int64_t stop = clamped(end, 0, extent);
    axis.count = stop > axis.begin ? (stop - axis.begin - 1) / step + 1 : 0;
  } else {
    axis.begin = clamped(start, 0, extent - 1);
    const std::int64_t stop = clamped(end, -1, extent - 1);
    axis.count = axis.begin > stop ? (axis.begin - stop - 1) / -step + 1 : 0;
  }
  return axis;
}

}  // namespace

std::vector<SliceAxis> slice_axes(const NodeView& node) {
  const Dims& dims = node.dims(0);
  std::vector<SliceAxis> result;
  for (const std::int64_t extent : dims) {
    result.push_back({0, 1, extent});
  }
  const bool attributes = node.attribute("starts") != nullptr;
  const auto starts = attributes ? *node.integers("starts") : node.integers(1, "starts");
  const auto ends = attributes ? node.integers("ends").value_or(Dims{}) : node.integers(2, "ends");
  std::vector<std::int64_t> axes(starts.size());
  std::iota(axes.begin(), axes.end(), 0);
  axes = node.integers_of("axes", 3).value_or(axes);
  std::vector<std::int64_t> steps(starts.size(), 1);
  if (node.has_input(4)) {
    steps = node.integers(4, "steps");
  }
  if (ends.size() != starts.size() || axes.size() != starts.size() ||
      steps.size() != starts.size()) {
    node.fail("its starts, ends, axes and steps differ in number");
  }
  for (std::size_t i = 0; i < axes.size(); ++i) {
    constexpr std::int64_t kLimit = std::int64_t{1} << 62;
    const std::size_t axis = node.axis(axes[i], dims.size());
    if (steps[i] == 0) {
      node.fail("a step of 0 is not possible");
    }
    // Far ends are written as the smallest or largest integer. A step from one end of the axis to
    // behind the other is as good as any longer one.
    const std::int64_t longest = std::max<std::int64_t>(dims[axis], 1);
    result[axis] =
        slice_axis(dims[axis], std::clamp(starts[i], -kLimit, kLimit),
                   std::clamp(ends[i], -kLimit, kLimit), std::clamp(steps[i], -longest, longest));
  }
  return result;
}

namespace {

// Files are often written for the batch they were exported with: a literal extent that keeps the
// axis of the samples where it is keeps it for every batch.
void apply_batch(const NodeView& node, const Dims& from, Dims& to) {
  if (node.batch() == 1 || !node.is_dynamic(0)) {
    return;
  }
  for (const std::size_t axis : {std::size_t{0}, node.batch_axis()}) {
    const auto kept = static_cast<std::ptrdiff_t>(axis);
    const bool in_place = axis < from.size() && axis < to.size() &&
                          std::equal(to.begin(), to.begin() + kept, from.begin());
    if (in_place && to[axis] > 0 && from[axis] % node.batch() == 0 &&
        to[axis] == from[axis] / node.batch()) {
      to[axis] = from[axis];
    }
  }
}

}  // namespace

Dims reshape_target(const NodeView& node) {
  const Dims& from = node.dims(0);
  Dims to =
      node.attribute("shape") != nullptr ? *node.integers("shape") : node.integers(1, "shape");
  const std::string given = to_text(to);
  apply_batch(node, from, to);
  const bool copy_zero = node.integer("allowzero", 0) == 0;
  std::size_t unknown = to.size();
  for (std::size_t i = 0; i < to.size(); ++i) {
    if (to[i] == 0 && copy_zero) {
      if (i >= from.size()) {
        node.fail(fmt::format("its shape {} copies axis {}, which {} does not have", given, i,
                              to_text(from)));
      }
      to[i] = from[i];
    } else if (to[i] == -1 && unknown == to.size()) {
      unknown = i;
      to[i] = 1;
    } else if (to[i] < 0) {
      node.fail(fmt::format("its shape {} is not possible", given));
    }
  }
  const std::int64_t have = checked_elements(from, "its operand");
  const std::int64_t want = checked_elements(to, "its result");
  if (unknown != to.size() && want > 0) {
    to[unknown] = have / want;
  }
  if (checked_elements(to, "its result") != have) {
    node.fail(
        fmt::format("{} elements of {} do not fit into the shape {}", have, to_text(from), given));
  }
  return to;
}

std::vector<std::int64_t> permutation_of(const NodeView& node) {
  const std::size_t rank = node.dims(0).size();
  std::vector<std::int64_t> result(rank);
  std::iota(result.rbegin(), result.rend(), 0);
  result = node.integers("perm").value_or(result);
  std::vector<std::int64_t> sorted = result;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (sorted.size() != rank || sorted[i] != static_cast<std::int64_t>(i)) {
      node.fail(fmt::format("perm {} is not a permutation of {} axes", to_text(result), rank));
    }
  }
  return result;
}

std::size_t concat_axis(const NodeView& node) {
  // Required since opset 4; 1 before.
  return node.axis(node.integer("axis", 1), node.dims(0).size());
}

std::vector<std::int64_t> split_parts(const NodeView& node) {
  const std::size_t axis = node.axis(node.integer("axis", 0), node.dims(0).size());
  const std::int64_t extent = node.dims(0)[axis];
  if (const auto given = node.integers_of("split", 1)) {
    std::int64_t sum = 0;
    for (const std::int64_t part : *given) {
      if (part < 0 || part > extent - sum) {
        node.fail(fmt::format("its parts {} do not add up to {}", to_text(*given), extent));
      }
      sum += part;
    }
    if (sum != extent) {
      node.fail(fmt::format("its parts {} do not add up to {}", to_text(*given), extent));
    }
    return *given;
  }
  const auto count =
      std::max<std::int64_t>(static_cast<std::int64_t>(node.node().outputs.size()), 1);
  const std::int64_t part = ceil_div(extent, count);
  std::vector<std::int64_t> parts;
  for (std::int64_t i = 0; i < count; ++i) {
    parts.push_back(std::clamp<std::int64_t>(extent - i * part, 0, part));
  }
  return parts;
}

std::vector<std::int64_t> tile_repeats(const NodeView& node) {
  const std::vector<std::int64_t> repeats = node.integers(1, "repeats");
  if (repeats.size() != node.dims(0).size() ||
      std::any_of(repeats.begin(), repeats.end(), [](std::int64_t r) { return r < 0; })) {
    node.fail(fmt::format("repeats {} do not fit an operand of shape {}", to_text(repeats),
                          to_text(node.dims(0))));
  }
  return repeats;
}

Dims expand_target(const NodeView& node) {
  const Dims wanted = node.integers(1, "shape");
  const auto result = broadcast(node.dims(0), wanted);
  if (!result || std::any_of(wanted.begin(), wanted.end(), [](std::int64_t x) { return x < 0; })) {
    node.fail(fmt::format("{} cannot be expanded to {}", to_text(node.dims(0)), to_text(wanted)));
  }
  return *result;
}

std::vector<std::size_t> squeezed_axes(const NodeView& node) {
  const Dims& dims = node.dims(0);
  std::vector<std::size_t> axes;
  if (const auto given = node.integers_of("axes", 1)) {
    axes = node.axes(*given, dims.size());
  } else {
    for (std::size_t i = 0; i < dims.size(); ++i) {
      if (dims[i] == 1) {
        axes.push_back(i);
      }
    }
  }
  for (const std::size_t axis : axes) {
    if (dims[axis] != 1) {
      node.fail(fmt::format("axis {} of {} is not 1", axis, to_text(dims)));
    }
  }
  return axes;
}

std::vector<std::size_t> unsqueezed_axes(const NodeView& node) {
  const auto given = node.integers_of("axes", 1);
  if (!given) {
    node.fail("its axes are missing");
  }
  return node.axes(*given, node.dims(0).size() + given->size());
}

std::optional<std::vector<std::int64_t>> gather_indices(const NodeView& node, std::size_t axis) {
  auto indices = node.known_integers(1);
  if (!indices) {
    return std::nullopt;
  }
  const std::int64_t extent = node.dims(0)[axis];
  for (std::int64_t& index : *indices) {
    const std::int64_t counted = index < 0 ? index + extent : index;
    if (counted < 0 || counted >= extent) {
      node.fail(
          fmt::format("index {} is outside axis {} of {}", index, axis, to_text(node.dims(0))));
    }
    index = counted;
  }
  return indices;
}

}  // namespace imbrex::onnx_reader
