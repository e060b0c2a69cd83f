// File: map_space_count.cpp
//
// Factorisations of each dimension, and the graph that counts their combinations.
#include "mapping/map_space_impl.hpp"

#include <imbrex/error.hpp>

#include <algorithm>
#include <cstring>
#include <string>
#include <unordered_map>

namespace imbrex {
namespace {

static_assert(std::has_unique_object_representations_v<CouplingState>);
struct StateHash {
  std::size_t operator()(const CouplingState& state) const noexcept {
    // Whole words at a time: states are hashed far more often than anything else happens to them.
    std::array<std::uint64_t, (sizeof state + 7) / 8> words{};
    std::memcpy(words.data(), &state, sizeof state);
    std::uint64_t hash = 0;
    for (const std::uint64_t word : words) {
      hash = (hash ^ word) * 0x9e3779b97f4a7c15ull;
      hash ^= hash >> 29;
    }
    return hash;
  }
};

// Legal bounds of `slot` when `rest` is left for it and the slots inside it.
std::vector<std::int64_t> bounds_for(std::int64_t rest, bool last, bool imperfect, std::int64_t low,
                                     std::int64_t high) {
  std::vector<std::int64_t> result;
  if (last) {
    if (low <= rest && rest <= high) {
      result.push_back(rest);
    }
    return result;
  }
  for (std::int64_t bound = low; bound <= std::min(rest, high); ++bound) {
    const std::int64_t inside = ceil_div(rest, bound);
    // Of imperfect bounds that leave the same rest, the smallest stands for all.
    const bool useful = imperfect ? ceil_div(rest, inside) == bound : rest % bound == 0;
    if (useful) {
      result.push_back(bound);
    }
  }
  return result;
}

}  // namespace

std::size_t slot_of(const MapSpaceSpec& spec, const Loop& loop) noexcept {
  std::size_t slot = 0;
  while (slot < spec.slots.size() &&
         (spec.slots[slot].level != loop.level || spec.slots[slot].kind != loop.kind)) {
    ++slot;
  }
  return slot;
}

bool MapSpace::Impl::in_prefix(std::size_t slot, Dim d) const noexcept {
  return std::any_of(spec.orders.begin(), spec.orders.end(),
                     [&](const OrderConstraint& constraint) {
                       return constraint.slot == slot &&
                              std::find(constraint.prefix.begin(), constraint.prefix.end(), d) !=
                                  constraint.prefix.end();
                     });
}

std::vector<SlotBounds> MapSpace::Impl::factorisations(std::size_t d) const {
  const std::size_t count = spec.slots.size();
  std::array<std::int64_t, kMaxSlots> low;
  std::array<std::int64_t, kMaxSlots> high;
  low.fill(1);
  high.fill(INT64_MAX);
  std::size_t last = count;
  for (std::size_t slot = 0; slot < count; ++slot) {
    if ((spec.slots[slot].dims & dim_bit(static_cast<Dim>(d))) == 0) {
      high[slot] = 1;
    }
    if (spec.slots[slot].fanout > 0) {
      high[slot] = std::min(high[slot], spec.slots[slot].fanout);
    }
    last = slot;
  }
  for (const FactorConstraint& factor : spec.factors) {
    if (index(factor.dim) == d) {
      low[factor.slot] = std::max(low[factor.slot], factor.minimum);
      high[factor.slot] = std::min(high[factor.slot], factor.maximum);
    }
  }
  std::vector<SlotBounds> done;
  std::vector<std::pair<SlotBounds, std::int64_t>> open{{SlotBounds{}, spec.bounds.bound[d]}};
  for (std::size_t slot = 0; slot < count; ++slot) {
    std::vector<std::pair<SlotBounds, std::int64_t>> next;
    for (const auto& [bounds, rest] : open) {
      for (const std::int64_t bound :
           bounds_for(rest, slot == last, spec.slots[slot].imperfect, low[slot], high[slot])) {
        next.emplace_back(bounds, ceil_div(rest, bound));
        next.back().first[slot] = bound;
      }
    }
    open = std::move(next);
  }
  done.reserve(open.size());
  for (const auto& [bounds, rest] : open) {
    done.push_back(bounds);
  }
  return done;
}

CouplingState MapSpace::Impl::signature_of(std::size_t d, const SlotBounds& bounds) const noexcept {
  CouplingState state;
  for (std::size_t slot = 0; slot < spec.slots.size(); ++slot) {
    state.product[slot] = coupled(slot) ? static_cast<std::int32_t>(bounds[slot]) : 1;
    const bool free =
        spec.slots[slot].ordered && bounds[slot] > 1 && !in_prefix(slot, static_cast<Dim>(d));
    state.free_loops[slot] = free ? 1 : 0;
  }
  return state;
}

void MapSpace::Impl::group_factorisations(std::size_t d) {
  std::unordered_map<CouplingState, std::size_t, StateHash> known;
  for (const SlotBounds& bounds : factorisations(d)) {
    const CouplingState signature = signature_of(d, bounds);
    const auto [at, is_new] = known.try_emplace(signature, groups[d].size());
    if (is_new) {
      groups[d].push_back({signature, {}});
    }
    groups[d][at->second].members.push_back(bounds);
  }
}

bool MapSpace::Impl::combine(CouplingState& state, const CouplingState& by) const noexcept {
  for (std::size_t slot = 0; slot < spec.slots.size(); ++slot) {
    const std::int64_t product = std::int64_t{state.product[slot]} * by.product[slot];
    const std::int64_t limit = spec.slots[slot].fanout > 0 ? spec.slots[slot].fanout : INT32_MAX;
    if (product > limit) {
      return false;
    }
    state.product[slot] = static_cast<std::int32_t>(product);
    state.free_loops[slot] =
        static_cast<std::uint8_t>(state.free_loops[slot] + by.free_loops[slot]);
  }
  return true;
}

MapSpace::Index MapSpace::Impl::orders_of(const CouplingState& state) const noexcept {
  Index orders = 1;
  for (std::size_t slot = 0; slot < spec.slots.size(); ++slot) {
    if (coupled(slot) && state.product[slot] < spec.slots[slot].fanout_floor) {
      return 0;
    }
    for (std::uint8_t i = 2; i <= state.free_loops[slot]; ++i) {
      orders *= i;
    }
  }
  return orders;
}

// Nodes of layer + 1 and, tentatively, all edges of `layer`.
void MapSpace::Impl::connect(std::size_t layer) {
  const std::vector<FactorGroup>& choices = groups[order[layer]];
  std::unordered_map<CouplingState, std::uint32_t, StateHash> known;
  for (CountNode& node : layers[layer]) {
    for (std::size_t g = 0; g < choices.size(); ++g) {
      CouplingState state = node.state;
      if (!combine(state, choices[g].signature)) {
        continue;
      }
      const auto [at, is_new] =
          known.try_emplace(state, static_cast<std::uint32_t>(layers[layer + 1].size()));
      if (is_new) {
        layers[layer + 1].push_back({state, 0, {}});
      }
      node.edges.push_back({0, static_cast<std::uint32_t>(g), at->second});
    }
  }
}

void MapSpace::Impl::build() {
  const bool unreachable = std::any_of(
      spec.slots.begin(), spec.slots.end(),
      [](const MapSlot& slot) { return slot.fanout > 0 && slot.fanout_floor > slot.fanout; });
  if (unreachable) {
    return;
  }
  for (std::size_t d = 0; d < kDimCount; ++d) {
    group_factorisations(d);
    order[d] = d;
  }
  // Dimensions with many choices first: few nodes meet many edges, many nodes few.
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return groups[a].size() > groups[b].size();
  });
  CouplingState initial;
  initial.product.fill(1);
  layers[0].push_back({initial, 0, {}});
  for (std::size_t layer = 0; layer < kDimCount; ++layer) {
    connect(layer);
  }
  for (CountNode& leaf : layers[kDimCount]) {
    leaf.total = orders_of(leaf.state);
  }
  for (std::size_t layer = kDimCount; layer-- > 0;) {
    for (CountNode& node : layers[layer]) {
      std::erase_if(node.edges,
                    [&](const CountEdge& edge) { return layers[layer + 1][edge.next].total == 0; });
      for (CountEdge& edge : node.edges) {
        edge.before = node.total;
        node.total +=
            layers[layer + 1][edge.next].total * groups[order[layer]][edge.group].members.size();
      }
    }
  }
}

}  // namespace imbrex
