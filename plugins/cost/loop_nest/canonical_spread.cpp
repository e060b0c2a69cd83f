#include "canonical_spread.hpp"

#include <algorithm>
#include <span>
#include <vector>

namespace imbrex::loop_nest {
namespace {

// Channels first: equal operands of neighbours are multicast, partial sums reduced on the way.
constexpr DimOrder kChannelsFirst = {Dim::C, Dim::K, Dim::G, Dim::Q,
                                     Dim::P, Dim::S, Dim::R, Dim::N};
constexpr DimOrder kPixelsFirst = {Dim::Q, Dim::P, Dim::N, Dim::G, Dim::K, Dim::C, Dim::S, Dim::R};
// A dot product: its sum leaves the element once.
constexpr DimOrder kReductionsFirst = {Dim::C, Dim::R, Dim::S, Dim::K,
                                       Dim::G, Dim::Q, Dim::P, Dim::N};

constexpr DimMask kPixels = dim_bit(Dim::Q) | dim_bit(Dim::P) | dim_bit(Dim::N);
constexpr DimMask kChannels = dim_bit(Dim::G) | dim_bit(Dim::K) | dim_bit(Dim::C);
constexpr DimMask kReductions = dim_bit(Dim::C) | dim_bit(Dim::R) | dim_bit(Dim::S);

// A wider choice must save a fifth of the steps: without it there are a quarter more.
constexpr bool is_close(std::int64_t steps, std::int64_t fewest) noexcept {
  return 4 * steps <= 5 * fewest;
}

SpreadSlot slot_of(const MapSpaceSpec& spec, std::size_t slot, const DimOrder& order) {
  SpreadSlot result;
  result.fanout = spec.slots[slot].fanout;
  result.order = order;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    const bool allowed = (spec.slots[slot].dims & dim_bit(static_cast<Dim>(d))) != 0;
    result.most[d] = allowed ? result.fanout : 1;
  }
  for (const FactorConstraint& factor : spec.factors) {
    if (factor.slot == slot) {
      std::int64_t& most = result.most[index(factor.dim)];
      most = std::min(most, factor.maximum);
    }
  }
  return result;
}

std::vector<SpreadSlot> only(std::vector<SpreadSlot> slots, DimMask dims) {
  for (SpreadSlot& slot : slots) {
    for (std::size_t d = 0; d < kDimCount; ++d) {
      slot.most[d] = (dims & dim_bit(static_cast<Dim>(d))) != 0 ? slot.most[d] : 1;
    }
  }
  return slots;
}

// What is left of slots that have been shared already.
std::vector<SpreadSlot> behind(std::vector<SpreadSlot> slots, const Spread& taken) {
  for (std::size_t s = 0; s < slots.size(); ++s) {
    slots[s].fanout /= product_of(taken.share[s]);
  }
  return slots;
}

void multiply(Extents& extents, const Extents& by) noexcept {
  for (std::size_t d = 0; d < kDimCount; ++d) {
    extents[d] *= by[d];
  }
}

// `first`, then what `then` shares of what `first` left.
Spread joined(Spread first, const Spread& then) noexcept {
  for (std::size_t s = 0; s < kMaxLevels; ++s) {
    multiply(first.share[s], then.share[s]);
  }
  first.left = then.left;
  first.steps = then.steps;
  return first;
}

Spread fewest(const Extents& extent, const std::vector<SpreadSlot>& slots, bool divides) {
  const SpreadProblem problem{extent, slots, divides};
  return fewest_steps(problem, greedy_spread(problem));
}

// `first` alone; then also `more` of what it leaves over; then whatever needs the fewest steps of
// both. Each only where the one before is not close to the last.
Spread narrow_first(const Extents& extent, const std::vector<SpreadSlot>& slots, DimMask first,
                    DimMask more, bool divides) {
  const Spread narrow = fewest(extent, only(slots, first), divides);
  const Spread wide = fewest(extent, only(slots, first | more), divides);
  if (is_close(narrow.steps, wide.steps)) {
    return narrow;
  }
  const Spread widened =
      joined(narrow, fewest(narrow.left, only(behind(slots, narrow), more), divides));
  return is_close(widened.steps, wide.steps) ? widened : wide;
}

// The MACs of an element first; then the elements.
Spread inside_out(const Extents& extent, std::vector<SpreadSlot> slots, bool elements_inside,
                  const CanonicalOptions& options) {
  const bool divides = !options.imperfect;
  Spread inside(extent);
  if (elements_inside) {
    const Spread dot = narrow_first(extent, {slots.back()}, kReductions, dim_bit(Dim::K), divides);
    slots.pop_back();
    inside.left = dot.left;
    inside.share[slots.size()] = dot.share[0];
  }
  return joined(inside, options.spread == SpreadKind::pixels
                            ? narrow_first(inside.left, slots, kPixels, kChannels, divides)
                            : fewest(inside.left, slots, divides));
}

// Whole divisors, slot by slot from the outermost: channels as far as they go, then positions.
Spread dividing_channels(const Extents& extent, std::span<const SpreadSlot> slots) {
  Spread spread(extent);
  for (std::size_t s = 0; s < slots.size(); ++s) {
    Spread mine = greedy_spread({spread.left, slots.subspan(s, 1), true});
    spread.share[s] = mine.share[0];
    spread.left = mine.left;
  }
  spread.steps = product_of(spread.left);
  return spread;
}

}  // namespace

Spread canonical_spread(const Extents& job, const MapSpaceSpec& spec,
                        const std::vector<std::size_t>& spatial, bool elements_inside,
                        const CanonicalOptions& options) {
  const bool by_pixels = options.spread == SpreadKind::pixels;
  const bool as_dividing = !by_pixels && !options.imperfect;
  std::vector<SpreadSlot> slots;
  for (const std::size_t slot : spatial) {
    const bool inside = elements_inside && slot == spatial.back() && !as_dividing;
    slots.push_back(slot_of(
        spec, slot, inside ? kReductionsFirst : (by_pixels ? kPixelsFirst : kChannelsFirst)));
  }
  if (as_dividing) {
    return dividing_channels(job, slots);
  }
  const Spread good = inside_out(job, slots, elements_inside, options);
  return by_pixels ? good : fewest_steps({job, slots, false}, good);
}

}  // namespace imbrex::loop_nest
