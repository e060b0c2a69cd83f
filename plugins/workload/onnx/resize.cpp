// Resize and Upsample: nearest, linear and cubic, in the coordinate conventions of the exporters.
#include "rules.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

std::vector<double> read_scales(const NodeView& node) {
  if (const Attribute* stored = node.attribute("scales")) {  // Upsample-7
    return stored->reals;
  }
  const bool upsample_or_first = node.type() == "Upsample" || node.opset() < 11;
  return node.reals(upsample_or_first ? 1 : 2, "scales");
}

// Files of opset 11 give both operands; the one that does not count is empty.
bool has_sizes(const NodeView& node) {
  return node.type() == "Resize" && node.has_input(3) && node.dims(3) != Dims{0};
}

// Axes that scales or sizes speak of: all, or those of attribute `axes` (opset 18).
std::vector<std::size_t> resized_axes(const NodeView& node, std::size_t entries) {
  const std::size_t rank = node.dims(0).size();
  std::vector<std::size_t> axes;
  if (const auto given = node.integers("axes")) {
    for (const std::int64_t axis : *given) {
      axes.push_back(node.axis(axis, rank));
    }
  } else {
    for (std::size_t i = 0; i < rank; ++i) {
      axes.push_back(i);
    }
  }
  if (axes.size() != entries) {
    node.fail(fmt::format("{} scales or sizes do not fit data of shape {}", entries,
                          to_text(node.dims(0))));
  }
  return axes;
}

Dims sized(const NodeView& node) {
  const std::vector<std::int64_t> sizes = node.integers(3, "sizes");
  const std::vector<std::size_t> axes = resized_axes(node, sizes.size());
  Dims result = node.dims(0);
  const std::string policy = node.text("keep_aspect_ratio_policy", "stretch");
  double common = policy == "not_larger" ? 1e30 : 0.0;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    if (sizes[i] < 1 || sizes[i] > kMaxElements) {
      node.fail(fmt::format("sizes {} are not possible", to_text(sizes)));
    }
    const double scale = static_cast<double>(sizes[i]) / static_cast<double>(result[axes[i]]);
    common = policy == "not_larger" ? std::min(common, scale) : std::max(common, scale);
  }
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const auto extent = static_cast<double>(result[axes[i]]);
    result[axes[i]] = policy == "stretch" ? sizes[i] : std::llround(extent * common);
  }
  return result;
}

// floor(extent * scale) in the precision of the scale, which the format stores as float32: 10 times
// the float32 next to 0.7 is 7 there, and 6 in double precision.
double scaled_extent(std::int64_t extent, double scale) {
  const float product = static_cast<float>(extent) * static_cast<float>(scale);
  return static_cast<double>(std::floor(product));
}

std::vector<Dims> resize_shapes(const NodeView& node) {
  if (has_sizes(node)) {
    return {sized(node)};
  }
  const std::vector<double> scales = read_scales(node);
  const std::vector<std::size_t> axes = resized_axes(node, scales.size());
  Dims result = node.dims(0);
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const double extent = scaled_extent(result[axes[i]], scales[i]);
    if (!(scales[i] > 0) || !(extent >= 1 && extent <= static_cast<double>(kMaxElements))) {
      node.fail(fmt::format("a scale of {} is not possible on axis {} of {}", scales[i], axes[i],
                            to_text(node.dims(0))));
    }
    result[axes[i]] = static_cast<std::int64_t>(extent);
  }
  return {result};
}

struct AxisChoice {
  AxisRule rule;
  bool exact = true;
};

// Nearest is exact where every rounding convention agrees with floor(y * in / out); elsewhere the
// two neighbours of the linear rule hold whichever element the convention picks.
AxisChoice choose(const NodeView& node, std::size_t axis, std::int64_t input, std::int64_t output) {
  const std::string mode = node.text("mode", "nearest");
  const bool old = node.type() == "Upsample" || node.opset() < 11;
  const std::string convention =
      node.text("coordinate_transformation_mode", old ? "asymmetric" : "half_pixel");
  const std::string rounding = node.text("nearest_mode", old ? "floor" : "round_prefer_floor");
  const bool antialias = node.integer("antialias", 0) != 0 && output < input;
  const bool half_pixel = convention == "half_pixel" || convention == "pytorch_half_pixel" ||
                          convention == "half_pixel_symmetric";
  // A fractional scale moves coordinates away from the ratio of the extents.
  double ratio = static_cast<double>(output) / static_cast<double>(input);
  if (!has_sizes(node) && node.attribute("axes") == nullptr) {
    ratio = read_scales(node)[axis];
  }
  const double drift = std::abs(ratio * static_cast<double>(input) - static_cast<double>(output));
  if (antialias || drift > 1e-3 || convention == "tf_crop_and_resize" ||
      (!half_pixel && convention != "asymmetric" && convention != "align_corners") ||
      (convention == "pytorch_half_pixel" && output == 1)) {
    return {whole_axis(input), false};
  }
  const ResizeCoordinates coordinates = half_pixel ? ResizeCoordinates::half_pixel
                                        : convention == "align_corners"
                                            ? ResizeCoordinates::align_corners
                                            : ResizeCoordinates::asymmetric;
  if (mode == "nearest") {
    const bool integral = output % input == 0;
    const bool exact = (convention == "asymmetric" && rounding == "floor") ||
                       (half_pixel && integral && rounding.starts_with("round_prefer"));
    return exact ? AxisChoice{nearest_axis(axis, input, output), true}
                 : AxisChoice{linear_axis(axis, input, output, coordinates), false};
  }
  AxisRule rule = linear_axis(axis, input, output, coordinates);
  if (mode == "cubic") {  // one more neighbour on either side
    rule.low -= rule.divisor;
    rule.extent += 1;
  }
  return {rule, true};
}

void lower_resize(const NodeView& node, Lowering& out) {
  const TensorId data = out.operand(node, 0);
  const Shape input = out.shape(data);
  const Shape output = to_shape(node.output(0).dims, in_quotes(node.node().name));
  std::vector<AxisRule> rules;
  Exactness exactness = Exactness::exact;
  for (std::size_t axis = 0; axis < input.rank; ++axis) {
    if (input[axis] == output[axis]) {
      rules.push_back(shifted_axis(axis, 0));
      continue;
    }
    const AxisChoice choice = choose(node, axis, input[axis], output[axis]);
    rules.push_back(choice.rule);
    exactness = choice.exact ? exactness : Exactness::conservative;
  }
  const BackwardMap map(input, output, rules, exactness);
  out.custom(node, 0, OperatorKind::resize, std::span(&data, 1), std::span(&map, 1));
}

constexpr Rule kResizeRules[] = {
    {"Resize", resize_shapes, lower_resize},
    {"Upsample", resize_shapes, lower_resize},
};

}  // namespace

std::span<const Rule> resize_rules() {
  return kResizeRules;
}

}  // namespace imbrex::onnx_reader
