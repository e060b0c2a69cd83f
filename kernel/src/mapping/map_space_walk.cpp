// File: map_space_walk.cpp
//
// Membership by definition, and steps to neighbours.
#include "mapping/map_space_impl.hpp"

#include <imbrex/map_constraints.hpp>
#include <imbrex/map_space.hpp>

#include <algorithm>
#include <optional>

namespace imbrex {
namespace {

// The bounds per dimension and slot, or nothing when the loops are not laid out slot by slot.
std::optional<std::array<SlotBounds, kDimCount>> decode(const MapSpaceSpec& spec,
                                                        const Mapping& mapping) {
  std::array<SlotBounds, kDimCount> bounds;
  for (SlotBounds& per_dim : bounds) {
    per_dim.fill(1);
  }
  std::size_t current = 0;
  std::size_t outer = 0;
  for (const Loop& loop : mapping.all_loops()) {
    const std::size_t slot = slot_of(spec, loop);
    if (slot >= spec.slots.size() || slot < current || loop.bound < 2 ||
        bounds[index(loop.dim)][slot] != 1) {
      return std::nullopt;
    }
    current = slot;
    outer += spec.slots[slot].outer ? 1 : 0;
    bounds[index(loop.dim)][slot] = loop.bound;
  }
  return outer == mapping.outer ? std::optional(bounds) : std::nullopt;
}

// Does the chain of factors cover the bound exactly as the slots allow?
bool factors_legal(const MapSpaceSpec& spec, Dim d, const SlotBounds& bounds) {
  std::int64_t rest = spec.bounds[d];
  for (std::size_t slot = 0; slot < spec.slots.size(); ++slot) {
    const std::int64_t bound = bounds[slot];
    const bool last = slot + 1 == spec.slots.size();
    if (bound > 1 && (spec.slots[slot].dims & dim_bit(d)) == 0) {
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

bool order_legal(const MapSpaceSpec& spec, const Mapping& mapping, std::size_t slot) {
  std::vector<Dim> loops;
  for (const Loop& loop : mapping.all_loops()) {
    if (slot_of(spec, loop) == slot) {
      loops.push_back(loop.dim);
    }
  }
  for (const OrderConstraint& constraint : spec.orders) {
    if (constraint.slot != slot) {
      continue;
    }
    std::size_t at = 0;
    for (const Dim d : constraint.prefix) {
      const auto found = std::find(loops.begin(), loops.end(), d);
      if (found != loops.end() && found != loops.begin() + static_cast<std::ptrdiff_t>(at++)) {
        return false;
      }
    }
    loops.erase(loops.begin(), loops.begin() + static_cast<std::ptrdiff_t>(at));
  }
  // An unordered slot has one representative: dimensions ascending.
  return spec.slots[slot].ordered || std::is_sorted(loops.begin(), loops.end());
}

void exchange_two_loops(const MapSpaceSpec& spec, Mapping& mapping, Random& random) {
  const std::size_t i = random.below(mapping.count);
  const std::size_t j = random.below(mapping.count);
  if (slot_of(spec, mapping.loops[i]) == slot_of(spec, mapping.loops[j])) {
    std::swap(mapping.loops[i], mapping.loops[j]);
  }
}

std::int64_t random_prime_factor(std::int64_t value, Random& random) {
  std::array<std::int64_t, 16> primes{};
  std::size_t count = 0;
  for (std::int64_t p = 2; value > 1; ++p) {
    if (p * p > value) {
      p = value;
    }
    if (value % p == 0) {
      primes[count++] = p;
      while (value % p == 0) {
        value /= p;
      }
    }
  }
  return primes[random.below(count)];
}

}  // namespace

bool MapSpace::contains(const Mapping& mapping) const noexcept {
  return in_map_space(impl_->spec, mapping);
}

bool in_map_space(const MapSpaceSpec& spec, const Mapping& mapping) noexcept {
  const auto bounds = decode(spec, mapping);
  if (!bounds) {
    return false;
  }
  for (std::size_t d = 0; d < kDimCount; ++d) {
    std::int64_t extent = 1;
    for (std::size_t slot = 0; slot < spec.slots.size(); ++slot) {
      extent *= spec.slots[slot].outer ? 1 : (*bounds)[d][slot];
    }
    if (extent != mapping.job_extent[d] ||
        !factors_legal(spec, static_cast<Dim>(d), (*bounds)[d])) {
      return false;
    }
  }
  for (std::size_t slot = 0; slot < spec.slots.size(); ++slot) {
    std::int64_t product = 1;
    for (const SlotBounds& per_dim : *bounds) {
      product *= per_dim[slot];
    }
    const MapSlot& limits = spec.slots[slot];
    if ((limits.fanout > 0 && product > limits.fanout) || product < limits.fanout_floor ||
        !order_legal(spec, mapping, slot)) {
      return false;
    }
  }
  return std::all_of(spec.factors.begin(), spec.factors.end(), [&](const FactorConstraint& factor) {
    const std::int64_t bound = (*bounds)[index(factor.dim)][factor.slot];
    return factor.minimum <= bound && bound <= factor.maximum;
  });
}

Mapping MapSpace::neighbour(const Mapping& mapping, Random& random) const {
  constexpr int kTries = 64;
  const MapSpaceSpec& spec = impl_->spec;
  const auto decoded = decode(spec, mapping);
  if (!decoded || mapping.count == 0) {
    return mapping;
  }
  for (int attempt = 0; attempt < kTries; ++attempt) {
    Mapping candidate = mapping;
    if (random.below(3) == 0) {
      exchange_two_loops(spec, candidate, random);
    } else {
      // Move one prime factor of a loop to another slot; the other loops keep their order.
      const std::size_t from = random.below(mapping.count);
      const Loop loop = mapping.loops[from];
      const std::size_t to_slot = random.below(spec.slots.size());
      const std::int64_t prime = random_prime_factor(loop.bound, random);
      if (to_slot == slot_of(spec, loop)) {
        continue;
      }
      candidate.loops[from].bound /= prime;
      std::vector<Loop> loops(candidate.loops.begin(), candidate.loops.begin() + candidate.count);
      const auto target = std::find_if(loops.begin(), loops.end(), [&](const Loop& other) {
        return other.dim == loop.dim && slot_of(spec, other) == to_slot;
      });
      if (target != loops.end()) {
        target->bound *= prime;
      } else {
        // Anywhere among the loops of its slot.
        std::size_t first = 0;
        std::size_t end = 0;
        for (std::size_t i = 0; i < loops.size(); ++i) {
          first += slot_of(spec, loops[i]) < to_slot ? 1 : 0;
          end += slot_of(spec, loops[i]) <= to_slot ? 1 : 0;
        }
        const std::size_t at = first + random.below(end - first + 1);
        loops.insert(loops.begin() + static_cast<std::ptrdiff_t>(at),
                     {loop.dim, spec.slots[to_slot].kind, spec.slots[to_slot].level, prime});
      }
      std::erase_if(loops, [](const Loop& other) { return other.bound == 1; });
      if (loops.size() > kMaxLoops) {
        continue;
      }
      candidate.loops = {};
      std::copy(loops.begin(), loops.end(), candidate.loops.begin());
      candidate.count = static_cast<std::uint8_t>(loops.size());
      candidate.outer = 0;
      candidate.job_extent.fill(1);
      for (const Loop& other : loops) {
        const bool outer = spec.slots[slot_of(spec, other)].outer;
        candidate.outer = static_cast<std::uint8_t>(candidate.outer + (outer ? 1 : 0));
        candidate.job_extent[index(other.dim)] *= outer ? 1 : other.bound;
      }
    }
    if (candidate != mapping && contains(candidate)) {
      return candidate;
    }
  }
  return mapping;
}

}  // namespace imbrex
