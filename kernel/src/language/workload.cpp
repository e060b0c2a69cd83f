// Queries of the immutable graph.
#include <imbrex/values/workload.hpp>

#include <algorithm>
#include <iterator>
#include <set>

namespace imbrex {

Interval project(const AxisProjection& projection, const DimBox& box) noexcept {
  std::int64_t low = projection.offset;
  std::int64_t high = projection.offset;
  for (std::size_t term = 0; term < projection.dim.size(); ++term) {
    const std::int64_t factor = projection.factor[term];
    if (factor == 0) {
      continue;
    }
    const Interval& range = box[projection.dim[term]];
    const std::int64_t first = factor * range.begin;
    const std::int64_t last = factor * (range.end - 1);
    low += std::min(first, last);
    high += std::max(first, last);
  }
  return {ceil_div(low, projection.divisor), floor_div(high, projection.divisor) + 1};
}

namespace {

Region project_all(const std::array<AxisProjection, kMaxRank>& projections, const Shape& shape,
                   const DimBox& box) noexcept {
  Region region = Region::whole(shape);
  const bool nothing = box.empty();
  for (std::size_t axis = 0; axis < shape.rank; ++axis) {
    region.axis[axis] =
        nothing ? Interval{} : project(projections[axis], box).intersect(region.axis[axis]);
  }
  return region;
}

struct KindName {
  OperatorKind kind;
  std::string_view name;
};
constexpr KindName kKindNames[] = {
    {OperatorKind::convolution, "convolution"},
    {OperatorKind::transposed_convolution, "transposed_convolution"},
    {OperatorKind::matmul, "matmul"},
    {OperatorKind::pool, "pool"},
    {OperatorKind::elementwise, "elementwise"},
    {OperatorKind::activation, "activation"},
    {OperatorKind::normalization, "normalization"},
    {OperatorKind::softmax, "softmax"},
    {OperatorKind::concat, "concat"},
    {OperatorKind::slice, "slice"},
    {OperatorKind::resize, "resize"},
    {OperatorKind::pad, "pad"},
    {OperatorKind::reshape, "reshape"},
    {OperatorKind::transpose, "transpose"},
    {OperatorKind::reduce, "reduce"},
    {OperatorKind::gather, "gather"},
    {OperatorKind::expand, "expand"},
    {OperatorKind::barrier, "barrier"},
};
// A new kind needs a name; `barrier` is the last of them.
static_assert(std::size(kKindNames) == index(OperatorKind::barrier) + 1);

}  // namespace

std::string_view to_string(OperatorKind kind) noexcept {
  const auto* const found = std::find_if(std::begin(kKindNames), std::end(kKindNames),
                                         [&](const KindName& entry) { return entry.kind == kind; });
  return found == std::end(kKindNames) ? "unknown" : found->name;
}

std::int64_t Operator::weight_elements() const noexcept {
  if (!has_macs() || !stationary_weights) {
    return 0;
  }
  return bounds[Dim::G] * bounds[Dim::K] * bounds[Dim::C] * bounds[Dim::R] * bounds[Dim::S];
}

Workload::Workload(Workload&&) noexcept = default;
Workload& Workload::operator=(Workload&&) noexcept = default;
Workload::~Workload() = default;

std::span<const Workload::Use> Workload::uses(TensorId id) const noexcept {
  const std::size_t first = first_use_[index(id)];
  return std::span(uses_).subspan(first, first_use_[index(id) + 1] - first);
}

std::int64_t Workload::macs() const noexcept {
  std::int64_t sum = 0;
  for (const Operator& op : operators_) {
    sum += op.macs();
  }
  return sum;
}

std::int64_t Workload::weight_bits() const noexcept {
  std::int64_t sum = 0;
  std::set<std::int32_t> counted;
  for (const Operator& op : operators_) {
    if (op.shared_weights == kOwnWeights || counted.insert(op.shared_weights).second) {
      sum += op.weight_bits();
    }
  }
  return sum;
}

std::int64_t Workload::mapped_weight_bits() const noexcept {
  std::int64_t sum = 0;
  for (const Operator& op : operators_) {
    sum += op.weight_bits();
  }
  return sum;
}

std::int64_t Workload::unmapped() const noexcept {
  return std::count_if(operators_.begin(), operators_.end(),
                       [](const Operator& op) { return op.unmapped; });
}

// Movement operators have no loop nest that could be cut: their one job yields the whole output.
Region Workload::output_region(OperatorId id, const DimBox& box) const noexcept {
  const Operator& op = at(id);
  const Shape& shape = at(op.output).shape;
  return op.has_macs() ? project_all(op.output_projection, shape, box) : Region::whole(shape);
}

Region Workload::input_region(OperatorId id, std::size_t input_index,
                              const DimBox& box) const noexcept {
  const Operator& op = at(id);
  const Shape& shape = at(op.inputs[input_index]).shape;
  if (!op.has_macs()) {
    return op.maps[input_index].apply(Region::whole(at(op.output).shape));
  }
  return project_all(op.input_projection[input_index], shape, box);
}

}  // namespace imbrex
