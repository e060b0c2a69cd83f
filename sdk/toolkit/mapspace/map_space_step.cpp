// Steps to neighbours. A step changes two bounds of one dimension, or the places of two loops, so
// only those are looked at; `contains` says the same of whole mappings.
#include "mapspace/map_space_impl.hpp"

#include <imbrex/toolkit/mapspace/map_space.hpp>
#include <imbrex/values/map_space_spec.hpp>

#include <algorithm>

namespace imbrex::mapspace {
namespace {

// A prime factor of a bound, every different one as likely.
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

// A mapping taken apart: bounds per dimension and slot, and which slot each loop belongs to.
class MapSpace::Impl::Stepper {
 public:
  // `is_member`: the mapping is in the space, so that what a step leaves alone is legal.
  Stepper(const Impl& space, const Mapping& mapping, bool is_member)
      : space_(space), mapping_(mapping), is_member_(is_member) {
    for (SlotBounds& bounds : bounds_) {
      bounds.fill(1);
    }
    product_.fill(1);
    for (std::size_t i = 0; i < mapping.count; ++i) {
      const Loop& loop = mapping.loops[i];
      slot_[i] = space.slot_of(loop);
      bounds_[index(loop.dim)][slot_[i]] = loop.bound;
      product_[slot_[i]] *= loop.bound;
    }
  }

  // Exchanges two loops of one slot; false where that is no legal step.
  bool exchange(std::size_t i, std::size_t j, Mapping& result) const {
    if (i == j || slot_[i] != slot_[j]) {
      return false;
    }
    result = mapping_;
    std::swap(result.loops[i], result.loops[j]);
    return is_member_ ? order_legal(result, slot_[i]) : in_map_space(space_.spec, result);
  }

  // Moves a prime factor of loop `from` to a slot; `random` says where a new loop goes.
  bool move(std::size_t from, std::size_t to_slot, std::int64_t prime, Random& random,
            Mapping& result) const {
    const Loop& loop = mapping_.loops[from];
    const std::size_t d = index(loop.dim);
    std::size_t at = 0;  // the loop that grows, or the place of the new one
    const bool is_new = bounds_[d][to_slot] == 1;
    if (is_new) {
      std::size_t end = 0;
      for (std::size_t i = 0; i < mapping_.count; ++i) {
        at += slot_[i] < to_slot ? 1 : 0;
        end += slot_[i] <= to_slot ? 1 : 0;
      }
      at += random.below(end - at + 1);
    } else {
      while (slot_[at] != to_slot || mapping_.loops[at].dim != loop.dim) {
        ++at;
      }
    }
    if (!is_member_) {
      return lay_out(from, at, is_new, to_slot, prime, result) && in_map_space(space_.spec, result);
    }
    return may_move(d, slot_[from], to_slot, prime) &&
           lay_out(from, at, is_new, to_slot, prime, result) &&
           (!is_new || order_legal(result, to_slot));
  }

 private:
  bool may_move(std::size_t d, std::size_t from_slot, std::size_t to_slot,
                std::int64_t prime) const {
    const MapSlot& from = space_.spec.slots[from_slot];
    const MapSlot& to = space_.spec.slots[to_slot];
    if ((to.dims & dim_bit(static_cast<Dim>(d))) == 0 ||
        (to.fanout > 0 && product_[to_slot] * prime > to.fanout) ||
        product_[from_slot] / prime < from.fanout_floor) {
      return false;
    }
    SlotBounds bounds = bounds_[d];
    bounds[from_slot] /= prime;
    bounds[to_slot] *= prime;
    for (const FactorConstraint& factor : space_.spec.factors) {
      if (index(factor.dim) == d &&
          (bounds[factor.slot] < factor.minimum || bounds[factor.slot] > factor.maximum)) {
        return false;
      }
    }
    return factors_legal(space_.spec, static_cast<Dim>(d), bounds);
  }

  bool lay_out(std::size_t from, std::size_t at, bool is_new, std::size_t to_slot,
               std::int64_t prime, Mapping& result) const {
    const MapSlot& to = space_.spec.slots[to_slot];
    const Loop& moved = mapping_.loops[from];
    const bool keeps = moved.bound > prime;
    if (mapping_.count + (is_new ? 1 : 0) - (keeps ? 0 : 1) > static_cast<int>(kMaxLoops)) {
      return false;
    }
    result = Mapping();
    for (std::size_t i = 0; i <= mapping_.count; ++i) {
      if (is_new && i == at) {
        add(result, {moved.dim, to.kind, to.level, prime}, to.outer);
      }
      if (i < mapping_.count && (i != from || keeps)) {
        Loop loop = mapping_.loops[i];
        loop.bound = i == from ? loop.bound / prime : loop.bound;
        loop.bound *= !is_new && i == at ? prime : 1;
        add(result, loop, space_.spec.slots[slot_[i]].outer);
      }
    }
    return true;
  }

  bool order_legal(const Mapping& mapping, std::size_t slot) const {
    const bool any_order = space_.spec.slots[slot].ordered && space_.prefix_dims[slot] == 0;
    return any_order || slot_order_legal(space_.spec, mapping, slot);
  }

  static void add(Mapping& mapping, const Loop& loop, bool outer) {
    mapping.loops[mapping.count++] = loop;
    mapping.outer = static_cast<std::uint8_t>(mapping.outer + (outer ? 1 : 0));
    mapping.job_extent[index(loop.dim)] *= outer ? 1 : loop.bound;
  }

  const Impl& space_;
  const Mapping& mapping_;
  bool is_member_;
  AllBounds bounds_;
  std::array<std::int64_t, kMaxSlots> product_;
  std::array<std::size_t, kMaxLoops> slot_{};
};

Mapping MapSpace::neighbour(const Mapping& mapping, Random& random) const {
  constexpr int kAttempts = 64;
  const bool is_member = contains(mapping);
  if (mapping.count == 0 || (!is_member && !laid_out_by_slot(impl_->spec, mapping))) {
    return mapping;
  }
  const Impl::Stepper stepper(*impl_, mapping, is_member);
  Mapping next;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (random.below(3) == 0) {
      const std::size_t i = random.below(mapping.count);
      const std::size_t j = random.below(mapping.count);
      if (stepper.exchange(i, j, next)) {
        return next;
      }
      continue;
    }
    // Move one prime factor of a loop to another slot; the other loops keep their order.
    const std::size_t from = random.below(mapping.count);
    const Loop& loop = mapping.loops[from];
    const std::size_t to_slot = random.below(impl_->spec.slots.size());
    const std::int64_t prime = random_prime_factor(loop.bound, random);
    if (to_slot != impl_->slot_of(loop) && stepper.move(from, to_slot, prime, random, next)) {
      return next;
    }
  }
  return mapping;
}

}  // namespace imbrex::mapspace
