// File: reading_holes.cpp
#include "run/reading_holes.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace imbrex {
namespace {

enum class Gap : std::uint8_t { none, dilation, stride, groups, movement };
struct Reason {
  Gap gap = Gap::none;
  OperatorId op = OperatorId::none;
};

// What the jobs of one consumer read of one axis of a tensor.
struct AxisReading {
  bool is_single = true;  // one coordinate per job
  bool is_whole = true;   // every job reads all that any of them reads
  Reason hole;
};
struct Reading {
  std::array<AxisReading, kMaxRank> axis{};
  std::vector<OperatorId> inexact;  // whose maps say that they are conservative

  void merge(const Reading& other) {
    for (std::size_t i = 0; i < kMaxRank; ++i) {
      axis[i].is_single = axis[i].is_single && other.axis[i].is_single;
      axis[i].is_whole = axis[i].is_whole && other.axis[i].is_whole;
      axis[i].hole = axis[i].hole.gap == Gap::none ? other.axis[i].hole : axis[i].hole;
    }
    inexact.insert(inexact.end(), other.inexact.begin(), other.inexact.end());
  }
};

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

bool cuts(const WorkGraph& graph, OperatorId id, Dim dim) {
  const std::int64_t bound = graph.workload().at(id).bounds[dim];
  const std::vector<std::int64_t> extents = job_extents(graph, id, dim);
  return std::any_of(extents.begin(), extents.end(),
                     [&](std::int64_t extent) { return extent < bound; });
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

AxisReading projected(const WorkGraph& graph, OperatorId id, const AxisProjection& projection) {
  AxisReading reading;
  const std::int64_t first = std::abs(projection.factor[0]);
  const std::int64_t second = std::abs(projection.factor[1]);
  const auto uses = [&](std::size_t i) { return projection.factor[i] != 0; };
  reading.is_whole = !(uses(0) && cuts(graph, id, projection.dim[0])) &&
                     !(uses(1) && cuts(graph, id, projection.dim[1]));
  for (const std::int64_t m : job_extents(graph, id, projection.dim[0])) {
    for (const std::int64_t n : job_extents(graph, id, projection.dim[1])) {
      const std::int64_t i = uses(0) ? m : 1;
      const std::int64_t j = uses(1) ? n : 1;
      reading.is_single = reading.is_single && i == 1 && j == 1;
      if (!is_dense(first, i, second, j)) {
        // The factor that is wider than what the other dimension fills.
        reading.hole = {gap_of(projection.dim[(second > first && j > 1) || i <= 1 ? 1 : 0]), id};
      }
    }
  }
  return reading;
}

Interval one_position(const AxisRule& rule, std::int64_t position) noexcept {
  return apply_axis_rule(rule, {position, position + 1});
}

// Neighbouring positions of the output leave something between what they need. Strides are the same
// everywhere unless they are fractions; then a whole period of them is looked at.
bool leaves_gaps(const AxisRule& rule, std::int64_t extent) noexcept {
  constexpr std::int64_t kMost = 1 << 16;
  const std::int64_t positions = std::min({extent, rule.divisor + 1, kMost});
  for (std::int64_t i = 0; i + 1 < positions; ++i) {
    if (one_position(rule, i).end < one_position(rule, i + 1).begin) {
      return true;
    }
  }
  return rule.divisor == 1 && extent > 1 && one_position(rule, 0).end < one_position(rule, 1).begin;
}

AxisReading mapped_axis(const AxisRule& rule, const Reading& output, const Shape& shape,
                        OperatorId id) {
  AxisReading reading;
  if (rule.kind == AxisRule::Kind::fixed) {
    reading.is_single = rule.high - rule.low <= 1;
    return reading;
  }
  if (rule.kind == AxisRule::Kind::affine) {
    reading = output.axis[rule.output_axis];
    if (!reading.is_single && leaves_gaps(rule, shape[rule.output_axis])) {
      reading.hole = {Gap::movement, id};
    }
    reading.is_single = reading.is_single && one_position(rule, 0).extent() <= 1;
    return reading;
  }
  const std::size_t last = rule.kind == AxisRule::Kind::merge ? rule.last_axis : rule.output_axis;
  for (std::size_t axis = rule.output_axis; axis <= last; ++axis) {
    reading.is_single = reading.is_single && output.axis[axis].is_single;
    reading.is_whole = reading.is_whole && output.axis[axis].is_whole;
    reading.hole = reading.hole.gap == Gap::none ? output.axis[axis].hole : reading.hole;
  }
  return reading;
}

Reading through(const Operator& op, OperatorId id, const BackwardMap& map, const Reading& output) {
  Reading reading;
  reading.inexact = output.inexact;
  bool reads_all = true;
  for (std::size_t axis = 0; axis < map.output_shape().rank; ++axis) {
    reads_all = reads_all && output.axis[axis].is_whole;
  }
  if (map.exactness() != Exactness::exact && !(op.kind == OperatorKind::reshape && reads_all)) {
    reading.inexact.push_back(id);
  }
  for (std::size_t axis = 0; axis < map.input_shape().rank; ++axis) {
    reading.axis[axis] = mapped_axis(map.rule(axis), output, map.output_shape(), id);
  }
  return reading;
}

class Holes {
 public:
  explicit Holes(const WorkGraph& graph)
      : graph_(graph), workload_(graph.workload()), readings_(workload_.tensors().size()) {}

  std::vector<std::string> find() {
    for (const OperatorId id : graph_.mapped()) {
      const Operator& op = workload_.at(id);
      for (std::size_t i = 0; i < op.inputs.size(); ++i) {
        start(op.inputs[i], operand(id, op, i));
      }
      walk_back(index(id));
    }
    if (!graph_.movement_is_free()) {
      for (const TensorId output : graph_.outputs()) {
        start(output, Reading{});
      }
      walk_back(workload_.operators().size());
    }
    return std::move(reasons_);
  }

 private:
  Reading operand(OperatorId id, const Operator& op, std::size_t input) const {
    Reading reading;
    if (!op.has_macs()) {
      return reading;  // one job that reads everything
    }
    for (std::size_t axis = 0; axis < workload_.at(op.inputs[input]).shape.rank; ++axis) {
      reading.axis[axis] = projected(graph_, id, op.input_projection[input][axis]);
    }
    return reading;
  }

  void start(TensorId tensor, const Reading& reading) {
    std::optional<Reading>& known = readings_[index(tensor)];
    if (known) {
      known->merge(reading);
    } else {
      known = reading;
    }
  }

  // From the last operator before `end` to the first, so that of an operator all that is read is
  // known when its turn comes.
  void walk_back(std::size_t end) {
    for (std::size_t i = end; i-- > 0;) {
      const Operator& op = workload_.operators()[i];
      std::optional<Reading> reading;
      std::swap(reading, readings_[index(op.output)]);
      const OperatorId id = operator_id(i);
      if (!reading || graph_.is_there(id)) {
        continue;
      }
      if (graph_.is_mapped(id)) {
        arrive(id, op, *reading);
        continue;
      }
      for (std::size_t input = 0; input < op.inputs.size(); ++input) {
        start(op.inputs[input], through(op, id, op.maps[input], *reading));
      }
    }
    for (const TensorId input : workload_.inputs()) {
      readings_[index(input)].reset();
    }
  }

  void arrive(OperatorId producer, const Operator& op, const Reading& reading) {
    bool cut = false;
    for (std::size_t axis = 0; axis < workload_.at(op.output).shape.rank; ++axis) {
      const AxisProjection& projection = op.output_projection[axis];
      bool here = false;
      for (std::size_t i = 0; i < 2 && op.has_macs(); ++i) {
        here = here || (projection.factor[i] != 0 && cuts(graph_, producer, projection.dim[i]));
      }
      if (here && reading.axis[axis].hole.gap != Gap::none) {
        add(reading.axis[axis].hole);
      }
      cut = cut || here;
    }
    for (const OperatorId id : reading.inexact) {
      if (cut) {
        add({Gap::movement, id});
      }
    }
  }

  void add(const Reason& reason) {
    std::string words = text(reason, workload_);
    if (std::find(reasons_.begin(), reasons_.end(), words) == reasons_.end()) {
      reasons_.push_back(std::move(words));
    }
  }

  const WorkGraph& graph_;
  const Workload& workload_;
  std::vector<std::optional<Reading>> readings_;  // per tensor, of one consumer
  std::vector<std::string> reasons_;
};

}  // namespace

std::vector<std::string> reading_holes(const WorkGraph& graph) {
  return Holes(graph).find();
}

}  // namespace imbrex
