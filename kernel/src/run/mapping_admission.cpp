#include "run/mapping_admission.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/values/work_order.hpp>

#include <algorithm>
#include <optional>
#include <vector>

namespace imbrex::run {
namespace {

// Shapes whose jobs could have these extents. Several, because a job of one row is also one of
// `rows` with one, and a layer of one row is all of these.
std::vector<JobShape> shapes_of(const Operator& what, const Mapping& mapping) {
  const auto extent = [&](Dim dim) { return mapping.job_extent[index(dim)]; };
  const std::int64_t height = extent(Dim::P);
  const std::int64_t width = extent(Dim::Q);
  std::vector<JobShape> shapes;
  using Kind = JobShape::Kind;
  if (height >= what.bounds[Dim::P] && width >= what.bounds[Dim::Q]) {
    shapes.push_back({Kind::layer});
    shapes.push_back({Kind::output_channels, extent(Dim::K)});
    shapes.push_back({Kind::output_channels, extent(Dim::K) * extent(Dim::G)});
    shapes.push_back({Kind::input_channels, extent(Dim::C)});
    shapes.push_back({Kind::input_channels, extent(Dim::C) * extent(Dim::G)});
  }
  if (width >= what.bounds[Dim::Q]) {
    shapes.push_back(height == 1 ? JobShape{Kind::row} : JobShape{Kind::rows, height});
  }
  shapes.push_back({Kind::block, height, width});
  const std::size_t count = shapes.size();
  for (std::size_t i = 0; i < count; ++i) {
    shapes[i].samples = extent(Dim::N);
    JobShape whole_batch = shapes[i];
    whole_batch.samples = 0;
    shapes.push_back(whole_batch);
  }
  return shapes;
}

bool is_of(const Loop& loop, const MapSlot& slot) noexcept {
  return loop.level == slot.level && loop.kind == slot.kind;
}

// Product of the loops of one dimension, or of all, in a slot.
std::int64_t bound_in(const MapSlot& slot, const Mapping& mapping,
                      std::optional<Dim> dim) noexcept {
  std::int64_t product = 1;
  for (const Loop& loop : mapping.all_loops()) {
    if (is_of(loop, slot) && (!dim || loop.dim == *dim) &&
        __builtin_mul_overflow(product, loop.bound, &product)) {
      return INT64_MAX;
    }
  }
  return product;
}

// Dimensions without a loop in the slot are passed over.
bool starts_with(const MapSlot& slot, const Mapping& mapping, const std::vector<Dim>& prefix) {
  std::vector<Dim> dims;
  for (const Loop& loop : mapping.all_loops()) {
    if (is_of(loop, slot) && loop.bound > 1) {
      dims.push_back(loop.dim);
    }
  }
  auto next = dims.begin();
  for (const Dim dim : prefix) {
    const auto found = std::find(dims.begin(), dims.end(), dim);
    if (found != dims.end() && found != next++) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool has_grid(const Operator& op, const Placement& placement, const Mapping& mapping) noexcept {
  return longest_server_ps(op, mapping, placement.copies, placement.dealing, {}).has_value();
}

bool follows_chain(const Mapping& mapping, Dim chain) noexcept {
  bool inside = false;  // another temporal loop; spatial ones share a step
  for (const Loop& loop : mapping.outer_loops()) {
    if (loop.bound == 1) {
      continue;
    }
    if (loop.dim == chain && (loop.kind == LoopKind::spatial || inside)) {
      return false;
    }
    inside = inside || (loop.dim != chain && loop.kind == LoopKind::temporal);
  }
  return true;
}

bool obeys_constraints(const MapSpaceSpec& space, const Mapping& mapping) noexcept {
  for (const FactorConstraint& factor : space.factors) {
    if (factor.origin.empty()) {
      continue;  // the hardware's own
    }
    const MapSlot& slot = space.slots[factor.slot];
    const std::int64_t bound = bound_in(slot, mapping, factor.dim);
    const std::int64_t product = bound_in(slot, mapping, std::nullopt);
    // Constraints of the product of a slot leave a factor that says no more than that.
    const bool of_product = factor.minimum == 1 && factor.maximum >= INT64_MAX - 1;
    if (bound < factor.minimum || bound > factor.maximum ||
        (of_product &&
         (product < slot.fanout_floor || (slot.fanout > 0 && product > slot.fanout)))) {
      return false;
    }
  }
  return std::all_of(space.orders.begin(), space.orders.end(), [&](const OrderConstraint& order) {
    return starts_with(space.slots[order.slot], mapping, order.prefix);
  });
}

bool is_canonical(const CostModel& cost, const Operator& what, OperatorId op,
                  const Placement& placement, const Mapping& mapping) {
  const std::vector<JobShape> shapes = shapes_of(what, mapping);
  return std::any_of(shapes.begin(), shapes.end(), [&](const JobShape& shape) {
    try {
      return cost.canonical_mapping(op, placement, shape) == mapping;
    } catch (const InfeasibleError&) {
      return false;  // jobs of this shape do not fit; those of another one may
    }
  });
}

bool accepts(const CostModel& cost, OperatorId op, const Placement& placement,
             const Mapping& mapping) {
  LayerCost answer;
  cost.evaluate(op, placement, {&mapping, 1}, {&answer, 1});
  return answer.verdict == Verdict::feasible;
}

std::string dealing_problem(const CostModel& cost, const Operator& what, OperatorId op,
                            const Placement& placement, const Mapping& mapping,
                            const DealtOrder& dealt) {
  if (placement.copies != 1) {
    return "jobs of several copies cannot be dealt anew";
  }
  if (dealt.mapping != mapping) {
    return "they were dealt for another mapping than the present one";
  }
  const auto order = make_work_order(what, mapping, 1, placement.dealing,
                                     cost.job_clock(op, placement, mapping), cost.lock_step());
  return dealing_fault(*order, dealt);
}

}  // namespace imbrex::run
