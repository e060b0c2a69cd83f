// All ways to spread one dimension over the slots.
#include "mapspace/map_space_impl.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>

namespace imbrex::mapspace {
namespace {

// Bounds that divide `rest`, ascending.
void dividing_bounds(std::int64_t rest, std::int64_t low, std::int64_t high,
                     std::vector<std::int64_t>& result) {
  for (std::int64_t bound = 1; bound * bound <= rest; ++bound) {
    if (rest % bound == 0 && low <= bound && bound <= high) {
      result.push_back(bound);
    }
  }
  std::int64_t bound = 1;
  while ((bound + 1) * (bound + 1) <= rest) {
    ++bound;
  }
  for (; bound >= 1; --bound) {
    const std::int64_t other = rest / bound;
    if (rest % bound == 0 && other > bound && low <= other && other <= high) {
      result.push_back(other);
    }
  }
}

// Of bounds that leave the same number of iterations inside, the smallest stands for all.
void useful_bounds(std::int64_t rest, std::int64_t low, std::int64_t high,
                   std::vector<std::int64_t>& result) {
  for (std::int64_t bound = low; bound <= high;) {
    const std::int64_t inside = ceil_div(rest, bound);
    if (ceil_div(rest, inside) == bound) {
      result.push_back(bound);
    }
    if (inside == 1) {
      return;
    }
    bound = ceil_div(rest, inside - 1);
  }
}

// Legal bounds of a slot when `rest` is left for it and the slots inside it, ascending.
void bounds_for(std::int64_t rest, bool last, bool imperfect, std::int64_t low, std::int64_t high,
                std::vector<std::int64_t>& result) {
  result.clear();
  if (last) {
    if (low <= rest && rest <= high) {
      result.push_back(rest);
    }
  } else if (imperfect) {
    useful_bounds(rest, low, std::min(rest, high), result);
  } else {
    dividing_bounds(rest, low, high, result);
  }
}

// Least and most that a loop over the dimension may be in each slot.
struct SlotLimits {
  std::array<std::int64_t, kMaxSlots> low;
  std::array<std::int64_t, kMaxSlots> high;

  SlotLimits(const MapSpaceSpec& spec, std::size_t d) noexcept {
    low.fill(1);
    high.fill(INT64_MAX);
    for (std::size_t slot = 0; slot < spec.slots.size(); ++slot) {
      if ((spec.slots[slot].dims & dim_bit(static_cast<Dim>(d))) == 0) {
        high[slot] = 1;
      }
      if (spec.slots[slot].fanout > 0) {
        high[slot] = std::min(high[slot], spec.slots[slot].fanout);
      }
    }
    for (const FactorConstraint& factor : spec.factors) {
      if (index(factor.dim) == d) {
        low[factor.slot] = std::max(low[factor.slot], factor.minimum);
        high[factor.slot] = std::min(high[factor.slot], factor.maximum);
      }
    }
  }
};

}  // namespace

std::vector<SlotBounds> factorisations_of(const MapSpaceSpec& spec, std::size_t d) {
  const std::size_t count = spec.slots.size();
  const SlotLimits limits(spec, d);
  std::vector<std::pair<SlotBounds, std::int64_t>> open{{SlotBounds{}, spec.bounds.bound[d]}};
  std::vector<std::int64_t> choices;
  for (std::size_t slot = 0; slot < count; ++slot) {
    std::vector<std::pair<SlotBounds, std::int64_t>> next;
    for (const auto& [bounds, rest] : open) {
      bounds_for(rest, slot + 1 == count, spec.slots[slot].imperfect, limits.low[slot],
                 limits.high[slot], choices);
      for (const std::int64_t bound : choices) {
        next.emplace_back(bounds, ceil_div(rest, bound));
        next.back().first[slot] = bound;
      }
    }
    open = std::move(next);
  }
  std::vector<SlotBounds> done;
  done.reserve(open.size());
  for (const auto& [bounds, rest] : open) {
    done.push_back(bounds);
  }
  return done;
}

}  // namespace imbrex::mapspace
