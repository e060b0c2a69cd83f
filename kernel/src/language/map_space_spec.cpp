// Membership by definition.
#include <imbrex/values/map_space_spec.hpp>

#include <algorithm>

namespace imbrex {
namespace {

// The slot of every loop, or nothing when the loops are not laid out slot by slot.
using AllBounds = std::array<SlotBounds, kDimCount>;
using LoopSlots = std::array<std::uint8_t, kMaxLoops>;
bool find_slots(const MapSpaceSpec& spec, const Mapping& mapping, LoopSlots& slots) noexcept {
  std::size_t slot = 0;  // loops come in the order of their slots
  std::size_t outer = 0;
  for (std::size_t i = 0; i < mapping.count; ++i) {
    const Loop& loop = mapping.loops[i];
    while (slot < spec.slots.size() &&
           (spec.slots[slot].level != loop.level || spec.slots[slot].kind != loop.kind)) {
      ++slot;
    }
    if (slot == spec.slots.size() || loop.bound < 2) {
      return false;
    }
    slots[i] = static_cast<std::uint8_t>(slot);
    outer += spec.slots[slot].outer ? 1 : 0;
  }
  return outer == mapping.outer;
}

// The bounds per dimension and slot; false when a slot has two loops of one dimension.
bool find_bounds(const Mapping& mapping, const LoopSlots& slots, AllBounds& bounds) noexcept {
  for (SlotBounds& per_dim : bounds) {
    per_dim.fill(1);
  }
  for (std::size_t i = 0; i < mapping.count; ++i) {
    std::int64_t& bound = bounds[index(mapping.loops[i].dim)][slots[i]];
    if (bound != 1) {
      return false;
    }
    bound = mapping.loops[i].bound;
  }
  return true;
}

// The dimensions of the loops of one slot.
struct SlotLoops {
  std::array<Dim, kDimCount> dim{};
  std::size_t count = 0;
};

bool order_legal(const MapSpaceSpec& spec, std::size_t slot, SlotLoops loops) noexcept {
  auto first = loops.dim.begin();
  const auto end = first + static_cast<std::ptrdiff_t>(loops.count);
  for (const OrderConstraint& constraint : spec.orders) {
    if (constraint.slot != slot) {
      continue;
    }
    auto next = first;
    for (const Dim d : constraint.prefix) {
      const auto found = std::find(first, end, d);
      if (found != end && found != next++) {
        return false;
      }
    }
    first = next;
  }
  // An unordered slot has one representative: dimensions ascending.
  return spec.slots[slot].ordered || std::is_sorted(first, end);
}

bool orders_legal(const MapSpaceSpec& spec, const Mapping& mapping,
                  const LoopSlots& slots) noexcept {
  for (std::size_t i = 0; i < mapping.count;) {
    const std::size_t slot = slots[i];
    SlotLoops loops;
    for (; i < mapping.count && slots[i] == slot; ++i) {
      loops.dim[loops.count++] = mapping.loops[i].dim;
    }
    if (!order_legal(spec, slot, loops)) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool factors_legal(const MapSpaceSpec& spec, Dim d, const SlotBounds& bounds) noexcept {
  std::int64_t rest = spec.bounds[d];
  for (std::size_t slot = 0; slot < spec.slots.size(); ++slot) {
    const std::int64_t bound = bounds[slot];
    if (bound == 1) {
      continue;
    }
    const bool last = slot + 1 == spec.slots.size();
    if ((spec.slots[slot].dims & dim_bit(d)) == 0) {
      return false;
    }
    const std::int64_t inside = ceil_div(rest, bound);
    const bool divides = rest % bound == 0;
    if (!divides && (last || !spec.slots[slot].imperfect || ceil_div(rest, inside) != bound)) {
      return false;
    }
    rest = inside;
  }
  return rest == 1;
}

bool in_map_space(const MapSpaceSpec& spec, const Mapping& mapping) noexcept {
  LoopSlots slots;
  AllBounds bounds;
  if (!find_slots(spec, mapping, slots) || !find_bounds(mapping, slots, bounds)) {
    return false;
  }
  std::array<std::int64_t, kDimCount> extent;
  std::array<std::int64_t, kMaxSlots> product;
  extent.fill(1);
  product.fill(1);
  for (std::size_t i = 0; i < mapping.count; ++i) {
    const Loop& loop = mapping.loops[i];
    extent[index(loop.dim)] *= spec.slots[slots[i]].outer ? 1 : loop.bound;
    product[slots[i]] *= loop.bound;
  }
  for (std::size_t d = 0; d < kDimCount; ++d) {
    if (extent[d] != mapping.job_extent[d] ||
        !factors_legal(spec, static_cast<Dim>(d), bounds[d])) {
      return false;
    }
  }
  for (std::size_t slot = 0; slot < spec.slots.size(); ++slot) {
    const MapSlot& limits = spec.slots[slot];
    if ((limits.fanout > 0 && product[slot] > limits.fanout) ||
        product[slot] < limits.fanout_floor) {
      return false;
    }
  }
  return orders_legal(spec, mapping, slots) &&
         std::all_of(spec.factors.begin(), spec.factors.end(), [&](const FactorConstraint& factor) {
           const std::int64_t bound = bounds[index(factor.dim)][factor.slot];
           return factor.minimum <= bound && bound <= factor.maximum;
         });
}

bool laid_out_by_slot(const MapSpaceSpec& spec, const Mapping& mapping) noexcept {
  LoopSlots slots;
  AllBounds bounds;
  return find_slots(spec, mapping, slots) && find_bounds(mapping, slots, bounds);
}

bool slot_order_legal(const MapSpaceSpec& spec, const Mapping& mapping, std::size_t slot) noexcept {
  SlotLoops loops;
  for (const Loop& loop : mapping.all_loops()) {
    if (loop.level == spec.slots[slot].level && loop.kind == spec.slots[slot].kind) {
      loops.dim[loops.count++] = loop.dim;
    }
  }
  return order_legal(spec, slot, loops);
}

}  // namespace imbrex
