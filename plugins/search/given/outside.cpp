#include "outside.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/values/map_space_spec.hpp>

#include <algorithm>

namespace imbrex::given_mapping {
namespace {

using Bounds = std::vector<std::array<std::int64_t, kDimCount>>;  // per slot

std::string text_of(const MapSlot& slot, Dim dim, std::int64_t bound) {
  std::string text("'");
  text.append(slot.name).append(" ").append(kDimNames[index(dim)]);
  return text.append(" ").append(std::to_string(bound)).append("'");
}

std::string list_of(const MapSpaceSpec& space) {
  std::string list;
  for (const MapSlot& slot : space.slots) {
    list += (list.empty() ? "" : ", ") + slot.name;
  }
  return list;
}

// Loops stand slot by slot, one per dimension and slot. Fills in the bounds; empty: they do.
std::string misplaced(const MapSpaceSpec& space, const Mapping& mapping, Bounds& bounds) {
  std::size_t last = 0;
  std::size_t outer = 0;
  for (const Loop& loop : mapping.all_loops()) {
    const auto slot =
        std::find_if(space.slots.begin(), space.slots.end(), [&](const MapSlot& candidate) {
          return candidate.level == loop.level && candidate.kind == loop.kind;
        });
    const std::string dim(kDimNames[index(loop.dim)]);
    if (slot == space.slots.end()) {
      return "there is no place for " +
             std::string(loop.kind == LoopKind::temporal ? "temporal" : "spatial") +
             " loops of level " + std::to_string(loop.level) + " (" + dim + " " +
             std::to_string(loop.bound) + "); the places are, outermost first: " + list_of(space);
    }
    const auto at = static_cast<std::size_t>(slot - space.slots.begin());
    if (at < last) {
      return "loop " + text_of(*slot, loop.dim, loop.bound) + " stands inside a loop of '" +
             space.slots[last].name + "'; the places are, outermost first: " + list_of(space);
    }
    last = at;
    std::int64_t& bound = bounds[at][index(loop.dim)];
    if (bound != 1) {
      return "'" + slot->name + "' has two loops of dimension " + dim + "; write them as one";
    }
    bound = loop.bound;
    outer += slot->outer ? 1 : 0;
  }
  return outer == mapping.outer
             ? std::string()
             : "its jobs are the first " + std::to_string(mapping.outer) +
                   " loops; by the levels they must be the first " + std::to_string(outer);
}

std::string wrong_fanout(const MapSlot& slot, const std::array<std::int64_t, kDimCount>& bounds) {
  std::int64_t product = 1;
  for (const std::int64_t bound : bounds) {
    if (__builtin_mul_overflow(product, bound, &product)) {
      product = INT64_MAX;
    }
  }
  if (slot.fanout > 0 && product > slot.fanout) {
    return "the loops of '" + slot.name + "' fan out to " + std::to_string(product) + ", at most " +
           std::to_string(slot.fanout) + " are there: " + std::to_string(product - slot.fanout) +
           " too many";
  }
  return product < slot.fanout_floor
             ? "the loops of '" + slot.name + "' fan out to " + std::to_string(product) +
                   ", at least " + std::to_string(slot.fanout_floor) + " are asked for"
             : std::string();
}

std::string against_constraint(const MapSpaceSpec& space, const Bounds& bounds) {
  for (const FactorConstraint& factor : space.factors) {
    const std::int64_t bound = bounds[factor.slot][index(factor.dim)];
    if (bound < factor.minimum || bound > factor.maximum) {
      return text_of(space.slots[factor.slot], factor.dim, bound) + " is against " +
             (factor.origin.empty() ? "what the hardware allows there" : factor.origin);
    }
  }
  for (std::size_t slot = 0; slot < space.slots.size(); ++slot) {
    for (std::size_t d = 0; d < kDimCount; ++d) {
      const Dim dim = static_cast<Dim>(d);
      if (bounds[slot][d] > 1 && (space.slots[slot].dims & dim_bit(dim)) == 0) {
        return "'" + space.slots[slot].name + "' has no loops of dimension " +
               std::string(kDimNames[d]);
      }
    }
  }
  return {};
}

// Loops of a dimension divide what is left for them and make all of it; where a slot is imperfect,
// the last iteration may do less, but there is none too many.
bool divide(const MapSpaceSpec& space, const Bounds& bounds, std::size_t dim) {
  std::int64_t rest = space.bounds.bound[dim];
  for (std::size_t slot = 0; slot < bounds.size(); ++slot) {
    const std::int64_t bound = bounds[slot][dim];
    const std::int64_t inside = ceil_div(rest, bound);
    const bool may_do_less = space.slots[slot].imperfect && slot + 1 < bounds.size();
    if (rest % bound != 0 && (!may_do_less || ceil_div(rest, inside) != bound)) {
      return false;
    }
    rest = inside;
  }
  return rest == 1;
}

std::string wrong_factors(const MapSpaceSpec& space, const Bounds& bounds) {
  for (std::size_t d = 0; d < kDimCount; ++d) {
    if (divide(space, bounds, d)) {
      continue;
    }
    std::string factors;
    for (const auto& slot : bounds) {
      factors += slot[d] > 1 ? (factors.empty() ? "" : " * ") + std::to_string(slot[d]) : "";
    }
    const bool imperfect = std::any_of(space.slots.begin(), space.slots.end(),
                                       [](const MapSlot& slot) { return slot.imperfect; });
    return "loops of dimension " + std::string(kDimNames[d]) + ", " + factors +
           " from the outermost on, do not divide its " + std::to_string(space.bounds.bound[d]) +
           (imperfect ? " without idle iterations" : "; the cost model says imperfect = false");
  }
  return {};
}

std::string wrong_order(const MapSpaceSpec& space) {
  std::string wanted;
  for (const OrderConstraint& order : space.orders) {
    wanted.append(wanted.empty() ? "'" : "; '").append(space.slots[order.slot].name).append("':");
    for (const Dim dim : order.prefix) {
      wanted.append(" ").append(kDimNames[index(dim)]);
    }
  }
  return wanted.empty() ? "it is not in the map space"
                        : "the order of its loops is against the recipe's constraints, which want, "
                          "outermost first, in " +
                              wanted;
}

}  // namespace

std::string why_outside(const MapSpaceSpec& space, const Mapping& mapping) {
  if (in_map_space(space, mapping) || is_uneven_nest(space, mapping)) {
    return {};
  }
  Bounds bounds(space.slots.size());
  for (auto& slot : bounds) {
    slot.fill(1);
  }
  std::string why = misplaced(space, mapping, bounds);
  why = why.empty() ? against_constraint(space, bounds) : why;
  for (std::size_t slot = 0; why.empty() && slot < space.slots.size(); ++slot) {
    why = wrong_fanout(space.slots[slot], bounds[slot]);
  }
  why = why.empty() ? wrong_factors(space, bounds) : why;
  return why.empty() ? wrong_order(space) : why;
}

namespace {

// Loops of bound 1, which cost models may keep, say nothing.
Mapping without_single(const Mapping& mapping) {
  Mapping loops;
  loops.job_extent = mapping.job_extent;
  for (std::size_t i = 0; i < mapping.count; ++i) {
    if (mapping.loops[i].bound > 1) {
      loops.loops[loops.count++] = mapping.loops[i];
      loops.outer = static_cast<std::uint8_t>(loops.outer + (i < mapping.outer ? 1 : 0));
    }
  }
  return loops;
}

}  // namespace

std::optional<Mapping> canonical_like(const CostModel& cost, OperatorId op,
                                      const Placement& placement, const Mapping& mapping,
                                      const JobShape& shape) {
  using Kind = JobShape::Kind;
  const std::int64_t height = mapping.job_extent[index(Dim::P)];
  const std::int64_t width = mapping.job_extent[index(Dim::Q)];
  std::vector<JobShape> shapes = {shape};
  for (const std::int64_t samples : {mapping.job_extent[index(Dim::N)], std::int64_t{0}}) {
    shapes.push_back({Kind::layer, 1, 1, samples});
    shapes.push_back({Kind::rows, height, 1, samples});
    shapes.push_back({Kind::block, height, width, samples});
  }
  for (const JobShape& candidate : shapes) {
    try {
      const Mapping canonical = cost.canonical_mapping(op, placement, candidate);
      if (without_single(canonical) == without_single(mapping)) {
        return canonical;
      }
    } catch (const InfeasibleError&) {
      continue;  // jobs of that shape do not fit
    }
  }
  return std::nullopt;
}

}  // namespace imbrex::given_mapping
