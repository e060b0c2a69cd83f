// File: map_space.cpp
#include "mapping/map_space_impl.hpp"

#include <imbrex/error.hpp>
#include <imbrex/map_space.hpp>

#include <algorithm>
#include <bit>
#include <string>

namespace imbrex {
namespace {

// Most loops a dimension can have: one per allowed slot, and one per prime factor (every factor >=
// 2).
std::size_t most_loops(const MapSpaceSpec& spec) {
  std::size_t loops = 0;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    const auto factors =
        static_cast<std::size_t>(std::bit_width(static_cast<std::uint64_t>(spec.bounds.bound[d])));
    const auto allowed = static_cast<std::size_t>(std::count_if(
        spec.slots.begin(), spec.slots.end(),
        [&](const MapSlot& slot) { return (slot.dims & dim_bit(static_cast<Dim>(d))) != 0; }));
    loops += spec.bounds.bound[d] > 1 ? std::min(factors, allowed) : 0;
  }
  return loops;
}

void check(const MapSpaceSpec& spec) {
  IMBREX_ASSERT(!spec.slots.empty() && spec.slots.size() <= kMaxSlots);
  for (std::size_t slot = 0; slot < spec.slots.size(); ++slot) {
    const Loop loop{Dim::N, spec.slots[slot].kind, spec.slots[slot].level, 1};
    IMBREX_ASSERT(slot_of(spec, loop) == slot);
  }
  if (most_loops(spec) > kMaxLoops) {
    throw InputError("a loop nest of this operator could need " + std::to_string(most_loops(spec)) +
                     " loops, at most " + std::to_string(kMaxLoops) +
                     " are supported; forbid dimensions in some slots");
  }
}

// The text of the last constraint that raised the floor: the one in force.
std::string floor_origin(const std::vector<FactorConstraint>& factors, std::size_t slot) {
  std::string origin;
  for (const FactorConstraint& factor : factors) {
    if (factor.slot == slot && factor.minimum == 1 && factor.maximum == INT64_MAX) {
      origin = ", which " + factor.origin + " asks for";
    }
  }
  return origin;
}

}  // namespace

MapSpace::MapSpace(MapSpaceSpec spec) {
  check(spec);
  auto impl = std::make_unique<Impl>(std::move(spec));
  impl->build();
  impl_ = std::move(impl);
}
MapSpace::MapSpace(MapSpace&&) noexcept = default;
MapSpace& MapSpace::operator=(MapSpace&&) noexcept = default;
MapSpace::~MapSpace() = default;

const MapSpaceSpec& MapSpace::spec() const noexcept {
  return impl_->spec;
}
MapSpace::Index MapSpace::size() const noexcept {
  return impl_->size();
}

// Lays the loops out outermost first; `rank` picks the order of the free loops of each ordered
// slot.
Mapping MapSpace::Impl::assemble(const std::array<SlotBounds, kDimCount>& bounds,
                                 Index rank) const noexcept {
  Mapping mapping;
  mapping.job_extent.fill(1);
  for (std::size_t s = 0; s < spec.slots.size(); ++s) {
    const MapSlot& slot = spec.slots[s];
    const auto push = [&](Dim d) {
      const std::int64_t bound = bounds[index(d)][s];
      mapping.loops[mapping.count++] = {d, slot.kind, slot.level, bound};
      mapping.outer = static_cast<std::uint8_t>(mapping.outer + (slot.outer ? 1 : 0));
      mapping.job_extent[index(d)] *= slot.outer ? 1 : bound;
    };
    for (const OrderConstraint& constraint : spec.orders) {
      for (const Dim d : constraint.prefix) {
        if (constraint.slot == s && bounds[index(d)][s] > 1) {
          push(d);
        }
      }
    }
    std::array<Dim, kDimCount> free{};
    std::size_t count = 0;
    for (std::size_t d = 0; d < kDimCount; ++d) {
      if (bounds[d][s] > 1 && !in_prefix(s, static_cast<Dim>(d))) {
        free[count++] = static_cast<Dim>(d);
      }
    }
    for (; count > 0; --count) {  // Lehmer code, one digit per position
      const std::size_t pick = slot.ordered ? static_cast<std::size_t>(rank % count) : 0;
      rank = slot.ordered ? rank / count : rank;
      push(free[pick]);
      std::copy(free.begin() + static_cast<std::ptrdiff_t>(pick) + 1,
                free.begin() + static_cast<std::ptrdiff_t>(count),
                free.begin() + static_cast<std::ptrdiff_t>(pick));
    }
  }
  return mapping;
}

Mapping MapSpace::at(Index i) const noexcept {
  IMBREX_ASSERT(i < size());
  std::array<SlotBounds, kDimCount> bounds{};
  const CountNode* node = &impl_->layers[0][0];
  for (std::size_t layer = 0; layer < kDimCount; ++layer) {
    const auto after = std::upper_bound(
        node->edges.begin(), node->edges.end(), i,
        [](const Index& wanted, const CountEdge& edge) { return wanted < edge.before; });
    const CountEdge& edge = *(after - 1);
    const CountNode& next = impl_->layers[layer + 1][edge.next];
    const std::size_t d = impl_->order[layer];
    i -= edge.before;
    bounds[d] = impl_->groups[d][edge.group].members[static_cast<std::size_t>(i / next.total)];
    i %= next.total;
    node = &next;
  }
  return impl_->assemble(bounds, i);
}

Mapping MapSpace::sample(Random& random) const noexcept {
  // Rejection from the next power of two keeps it exactly uniform.
  const Index last = size() - 1;
  const auto high = static_cast<std::uint64_t>(last >> 64);
  const std::uint64_t mask_high = high == 0 ? 0 : ~std::uint64_t{0} >> std::countl_zero(high);
  const auto low = static_cast<std::uint64_t>(last);
  const std::uint64_t mask_low =
      high != 0 ? ~std::uint64_t{0} : (low == 0 ? 0 : ~std::uint64_t{0} >> std::countl_zero(low));
  for (;;) {
    const Index top = mask_high == 0 ? 0 : random.next() & mask_high;
    const Index i = (top << 64) | (random.next() & mask_low);
    if (i <= last) {
      return at(i);
    }
  }
}

std::string MapSpace::why_empty() const {
  if (!empty()) {
    return {};
  }
  MapSpaceSpec spec = impl_->spec;
  std::vector<FactorConstraint> given;
  given.swap(spec.factors);
  std::vector<std::int64_t> floors;
  for (MapSlot& slot : spec.slots) {
    floors.push_back(slot.fanout_floor);
    slot.fanout_floor = 1;
  }
  for (const FactorConstraint& factor : given) {
    if (factor.maximum == 1) {  // the dimension may be missing from the slot because of it
      spec.slots[factor.slot].dims =
          static_cast<DimMask>(spec.slots[factor.slot].dims | dim_bit(factor.dim));
    }
  }
  const auto is_empty = [&spec] { return MapSpace(spec).empty(); };
  if (is_empty()) {
    return "the slots cannot hold the operator's loop bounds at all";
  }
  for (const FactorConstraint& factor : given) {
    spec.factors.push_back(factor);
    if (is_empty()) {
      return "no mapping satisfies " + factor.origin;
    }
  }
  for (std::size_t s = 0; s < floors.size(); ++s) {
    spec.slots[s].fanout_floor = floors[s];
    if (is_empty()) {
      return "no mapping reaches " + std::to_string(floors[s]) + " of " +
             std::to_string(spec.slots[s].fanout) + " in slot '" + spec.slots[s].name + "'" +
             floor_origin(given, s);
    }
  }
  return "the constraints contradict one another";
}

}  // namespace imbrex
