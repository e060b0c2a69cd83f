#include "run/job_reading.hpp"

#include <algorithm>

namespace imbrex::run {
namespace {

constexpr std::int64_t kAnyDistance = std::int64_t{1} << 40;

// How many coordinates of a dimension the jobs cover: whole ones, the last one, and, where copies
// cut strips, single coordinates.
std::vector<std::int64_t> job_extents(const WorkGraph& graph, OperatorId id, Dim dim) {
  const std::int64_t bound = graph.workload().at(id).bounds[dim];
  const std::int64_t whole = std::min(graph.mapping(id).job_extent[index(dim)], bound);
  std::vector<std::int64_t> extents = {whole};
  if (bound % whole != 0) {
    extents.push_back(bound % whole);
  }
  const Placement& placement = graph.design().placement(id);
  const bool strips = (dim == Dim::P && placement.dealing == Dealing::strip_h) ||
                      (dim == Dim::Q && placement.dealing == Dealing::strip_w);
  if (placement.copies > 1 && strips) {
    extents.push_back(1);
  }
  return extents;
}

// Do the numbers a*i + b*j, i below m, j below n, follow one another without gaps?
bool is_dense(std::int64_t a, std::int64_t m, std::int64_t b, std::int64_t n) noexcept {
  if (m <= 1 || a == 0) {
    return n <= 1 || b <= 1;
  }
  if (n <= 1 || b == 0) {
    return a <= 1;
  }
  return (a == 1 && b <= m) || (b == 1 && a <= n);
}

Gap gap_of(Dim wide) noexcept {
  return wide == Dim::R || wide == Dim::S   ? Gap::dilation
         : wide == Dim::G || wide == Dim::K ? Gap::groups
                                            : Gap::stride;
}

// Between neighbours among the numbers a*i + b*j, i below m, j below n: runs of one dimension leave
// less of the steps of the other.
std::int64_t distance_among(std::int64_t a, std::int64_t m, std::int64_t b,
                            std::int64_t n) noexcept {
  if (m <= 1 || a == 0) {
    return b;
  }
  if (n <= 1 || b == 0) {
    return a;
  }
  return a == 1 ? b - m + 1 : b == 1 ? a - n + 1 : std::max(a, b);
}

bool covers(const Interval& interval, std::int64_t extent) noexcept {
  return interval.contains({0, extent});
}

AxisReading projected(const WorkGraph& graph, OperatorId id, const AxisProjection& projection,
                      std::int64_t extent) {
  AxisReading reading;
  const std::int64_t first = std::abs(projection.factor[0]);
  const std::int64_t second = std::abs(projection.factor[1]);
  const auto uses = [&](std::size_t i) { return projection.factor[i] != 0; };
  reading.is_whole = !(uses(0) && cuts(graph, id, projection.dim[0])) &&
                     !(uses(1) && cuts(graph, id, projection.dim[1])) &&
                     covers(project(projection, graph.workload().at(id).bounds.whole()), extent);
  for (const std::int64_t m : job_extents(graph, id, projection.dim[0])) {
    for (const std::int64_t n : job_extents(graph, id, projection.dim[1])) {
      const std::int64_t i = uses(0) ? m : 1;
      const std::int64_t j = uses(1) ? n : 1;
      reading.is_single = reading.is_single && i == 1 && j == 1;
      if (!is_dense(first, i, second, j)) {
        // The factor that is wider than what the other dimension fills.
        const Gap gap = gap_of(projection.dim[(second > first && j > 1) || i <= 1 ? 1 : 0]);
        // Where a division comes out even for some taps only, the outermost need not be among them.
        const std::int64_t distance =
            projection.divisor > 1 ? kAnyDistance : distance_among(first, i, second, j);
        reading.hole = {gap, id, std::max(distance, reading.hole.distance)};
      }
    }
  }
  return reading;
}

Interval one_position(const AxisRule& rule, std::int64_t position) noexcept {
  return apply_axis_rule(rule, {position, position + 1});
}

// How far apart neighbouring positions of the output are in what they need; at most 1: they leave
// nothing between. Strides are the same everywhere unless they are fractions; then a whole period
// of them is looked at.
std::int64_t distance_between(const AxisRule& rule, std::int64_t extent) noexcept {
  constexpr std::int64_t kMost = 1 << 16;
  const std::int64_t positions = std::min({extent, rule.divisor + 1, kMost});
  std::int64_t distance = 0;
  for (std::int64_t i = 0; i + 1 < positions; ++i) {
    distance = std::max(distance, one_position(rule, i + 1).begin - one_position(rule, i).end + 1);
  }
  return distance;
}

// The hole of an axis as the input of its operator shows it.
void pass_through(const AxisRule& rule, Reason& hole) noexcept {
  if (hole.gap == Gap::none) {
    return;
  }
  const bool moved = rule.kind == AxisRule::Kind::affine && rule.scale == 1 && rule.divisor == 1 &&
                     rule.multiple == 1 && rule.extent == 1;
  hole.distance = moved ? hole.distance : kAnyDistance;
}

AxisReading mapped_axis(const AxisRule& rule, std::int64_t extent, const Reading& output,
                        const Shape& shape, OperatorId id) {
  AxisReading reading;
  if (rule.kind == AxisRule::Kind::fixed) {
    reading.is_single = rule.high - rule.low <= 1;
    reading.is_whole = covers({rule.low, rule.high}, extent);
    return reading;
  }
  if (rule.kind == AxisRule::Kind::affine) {
    const std::int64_t positions = shape[rule.output_axis];
    reading = output.axis[rule.output_axis];
    pass_through(rule, reading.hole);
    const std::int64_t distance = distance_between(rule, positions);
    if (!reading.is_single && distance > 1) {
      reading.hole = {Gap::movement, id, std::max(distance, reading.hole.distance)};
    }
    reading.is_single = reading.is_single && one_position(rule, 0).extent() <= 1;
    reading.is_whole = reading.is_whole && covers(apply_axis_rule(rule, {0, positions}), extent);
    return reading;
  }
  const std::size_t last = rule.kind == AxisRule::Kind::merge ? rule.last_axis : rule.output_axis;
  for (std::size_t axis = rule.output_axis; axis <= last; ++axis) {
    reading.is_single = reading.is_single && output.axis[axis].is_single;
    reading.is_whole = reading.is_whole && output.axis[axis].is_whole;
    reading.hole = reading.hole.gap == Gap::none ? output.axis[axis].hole : reading.hole;
  }
  pass_through(rule, reading.hole);
  return reading;
}

// Ways through a network meet again and again, so that lists must not add up.
template <class Item>
void add_new(std::vector<Item>& list, const std::vector<Item>& items) {
  for (const Item& item : items) {
    if (std::find(list.begin(), list.end(), item) == list.end()) {
      list.push_back(item);
    }
  }
}

// Some positions of the output need, or seem to need, what lies outside of the input: margins, the
// other operands of a concatenation.
bool reaches_outside(const BackwardMap& map) noexcept {
  for (std::size_t axis = 0; axis < map.input_shape().rank; ++axis) {
    const AxisRule& rule = map.rule(axis);
    if (rule.kind == AxisRule::Kind::affine) {
      const std::int64_t last = map.output_shape()[rule.output_axis] - 1;
      if (one_position(rule, 0).begin < 0 ||
          one_position(rule, last).end > map.input_shape()[axis]) {
        return true;
      }
    }
  }
  return false;
}

// A tensor so short along an axis that all of it may lie in the hole.
void note_short_axes(const Shape& shape, Reading& reading) {
  for (std::size_t axis = 0; axis < shape.rank; ++axis) {
    const Reason& hole = reading.axis[axis].hole;
    if (hole.gap != Gap::none && shape[axis] < hole.distance) {
      reading.in_vain.push_back(hole);
    }
  }
}

}  // namespace

void Reading::merge(const Reading& other) {
  for (std::size_t i = 0; i < kMaxRank; ++i) {
    axis[i].is_single = axis[i].is_single && other.axis[i].is_single;
    axis[i].is_whole = axis[i].is_whole && other.axis[i].is_whole;
    axis[i].hole =
        axis[i].hole.distance < other.axis[i].hole.distance ? other.axis[i].hole : axis[i].hole;
  }
  add_new(inexact, other.inexact);
  add_new(in_vain, other.in_vain);
}

std::string text(const Reason& reason, const Workload& workload) {
  const Operator& op = workload.at(reason.op);
  switch (reason.gap) {
    case Gap::dilation:
      return "dilation in " + op.name;
    case Gap::stride:
      return "strides beyond the window of " + op.name;
    case Gap::groups:
      return "parts of several channel groups in " + op.name;
    default:
      break;
  }
  return std::string(to_string(op.kind)) + " " + op.name;
}

bool cuts(const WorkGraph& graph, OperatorId id, Dim dim) {
  const std::int64_t bound = graph.workload().at(id).bounds[dim];
  const std::vector<std::int64_t> extents = job_extents(graph, id, dim);
  return std::any_of(extents.begin(), extents.end(),
                     [&](std::int64_t extent) { return extent < bound; });
}

Reading reading_of_operand(const WorkGraph& graph, OperatorId id, std::size_t input) {
  const Operator& op = graph.workload().at(id);
  Reading reading;
  if (!op.has_macs()) {
    return reading;  // one job that reads everything
  }
  const Shape& shape = graph.workload().at(op.inputs[input]).shape;
  for (std::size_t axis = 0; axis < shape.rank; ++axis) {
    reading.axis[axis] = projected(graph, id, op.input_projection[input][axis], shape[axis]);
  }
  note_short_axes(shape, reading);
  return reading;
}

Reading through(const Operator& op, OperatorId id, const BackwardMap& map, const Reading& output) {
  Reading reading;
  reading.inexact = output.inexact;
  bool reads_all = true;
  for (std::size_t axis = 0; axis < map.output_shape().rank; ++axis) {
    reads_all = reads_all && output.axis[axis].is_whole && output.axis[axis].hole.gap == Gap::none;
  }
  if (map.exactness() != Exactness::exact && !(op.kind == OperatorKind::reshape && reads_all)) {
    reading.inexact.push_back(id);
  }
  for (std::size_t axis = 0; axis < map.input_shape().rank; ++axis) {
    reading.axis[axis] =
        mapped_axis(map.rule(axis), map.input_shape()[axis], output, map.output_shape(), id);
  }
  reading.in_vain = output.in_vain;
  note_short_axes(map.input_shape(), reading);
  if (reaches_outside(map)) {
    std::vector<Reason> widened;
    for (const OperatorId inexact : reading.inexact) {
      widened.push_back({Gap::movement, inexact});
    }
    add_new(reading.in_vain, widened);
  }
  return reading;
}

}  // namespace imbrex::run
