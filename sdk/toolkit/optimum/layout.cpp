#include "optimum/layout.hpp"

#include <algorithm>

namespace imbrex::optimum {
namespace {

void limit(const MapSpaceSpec& space, std::size_t at, Slot& slot) {
  const MapSlot& given = space.slots[at];
  for (std::size_t d = 0; d < kDimCount; ++d) {
    slot.high[d] = (given.dims >> d & 1) != 0 ? space.bounds.bound[d] : 1;
  }
  for (const FactorConstraint& factor : space.factors) {
    if (factor.slot == at) {
      slot.low[index(factor.dim)] = std::max(slot.low[index(factor.dim)], factor.minimum);
      slot.high[index(factor.dim)] = std::min(slot.high[index(factor.dim)], factor.maximum);
    }
  }
  slot.fanout = given.fanout > 0 ? given.fanout : space.bounds.macs();
  slot.floor = given.fanout_floor;
  slot.ordered = given.ordered;
  for (const OrderConstraint& order : space.orders) {
    for (const Dim dim : order.slot == at ? order.prefix : std::vector<Dim>{}) {
      if (std::find(slot.prefix.begin(), slot.prefix.end(), index(dim)) == slot.prefix.end()) {
        slot.prefix.push_back(index(dim));
      }
    }
  }
}

std::string place(const MapSpaceSpec& space, std::size_t at, std::size_t levels, Layout& layout) {
  const MapSlot& given = space.slots[at];
  if (given.level >= levels) {
    return "slot '" + given.name + "' belongs to no storage level";
  }
  if (given.imperfect) {
    return "factors need not divide (imperfect)";
  }
  const bool temporal = given.kind == LoopKind::temporal;
  const bool is_expected = temporal ? given.outer == (given.level == 0) : !given.outer;
  if (!is_expected || (temporal && given.fanout > 0)) {
    return "slot '" + given.name + "' is none of a loop nest on storage levels";
  }
  if (!given.ordered &&
      std::any_of(space.orders.begin(), space.orders.end(),
                  [at](const OrderConstraint& order) { return order.slot == at; })) {
    return "an order is wanted in slot '" + given.name + "', whose order is free";
  }
  limit(space, at, (temporal ? layout.temporal : layout.spatial)[given.level]);
  return {};
}

// Slots come level by level, spatial inside temporal.
bool are_in_order(const MapSpaceSpec& space) {
  const auto key = [](const MapSlot& slot) { return 2 * slot.level + index(slot.kind); };
  for (std::size_t i = 1; i < space.slots.size(); ++i) {
    if (key(space.slots[i - 1]) >= key(space.slots[i])) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool Slot::has_loops() const noexcept {
  return std::any_of(high.begin(), high.end(), [](std::int64_t bound) { return bound > 1; });
}

bool Slot::is_empty() const noexcept {
  for (std::size_t d = 0; d < kDimCount; ++d) {
    if (low[d] > high[d]) {
      return true;
    }
  }
  return false;
}

Layout layout_of(const MapSpaceSpec& space, std::size_t levels) {
  Layout layout;
  layout.temporal.resize(levels);
  layout.spatial.resize(levels);
  layout.unknown = are_in_order(space) ? "" : "slots do not come level by level";
  for (std::size_t at = 0; at < space.slots.size() && layout.unknown.empty(); ++at) {
    layout.unknown = place(space, at, levels, layout);
  }
  for (std::size_t l = 0; l < levels; ++l) {
    layout.is_empty =
        layout.is_empty || layout.temporal[l].is_empty() || layout.spatial[l].is_empty();
    if (l == 0 || layout.temporal[l].has_loops()) {
      layout.steps.push_back({l, levels});
      if (l > 0) {
        layout.steps[layout.steps.size() - 2].to = l;
      }
    }
  }
  return layout;
}

}  // namespace imbrex::optimum
