#include "optimum/uneven_leaves.hpp"

#include <imbrex/toolkit/nests/counts.hpp>

#include <algorithm>

namespace imbrex::optimum {
namespace {

constexpr std::size_t kMostChains = 256;
constexpr int kMostMappings = 300;  // of a leaf

bool ends_with(const Ending& ending, std::size_t dim) noexcept {
  return std::find(ending.dim.begin(), ending.dim.begin() + ending.count, dim) !=
         ending.dim.begin() + ending.count;
}

// The next of all combinations of orders; false after the last one, when all are the first again.
bool next_orders(std::vector<std::vector<std::size_t>>& ranks) {
  return std::any_of(ranks.begin(), ranks.end(), [](std::vector<std::size_t>& order) {
    return std::next_permutation(order.begin(), order.end());
  });
}

}  // namespace

const Slot& ClassLeaves::limits_of(const MapSlot& slot) const noexcept {
  return (slot.kind == LoopKind::temporal ? parts_.layout.temporal
                                          : parts_.layout.spatial)[slot.level];
}

// Null: the slot's order says nothing.
const Ending* ClassLeaves::ending_of(const ClassNode& leaf, const MapSlot& slot) const noexcept {
  for (std::size_t step = 0; step < parts_.layout.steps.size(); ++step) {
    if (slot.ordered && slot.kind == LoopKind::temporal &&
        parts_.layout.steps[step].from == slot.level) {
      return &leaf.endings[step];
    }
  }
  return nullptr;
}

ClassLeaves::Classes ClassLeaves::classes_of(const ClassNode& leaf,
                                             std::size_t dim) const noexcept {
  std::array<std::uint16_t, kMaxLevels + 1> tile{};  // of levels
  std::array<std::uint16_t, kMaxLevels + 1> rest{};  // inside their temporal loops
  std::array<const ClassSplit*, kMaxLevels> splits{};
  tile[0] = parts_.lattice.whole()[dim];
  for (std::size_t step = 0; step < parts_.layout.steps.size(); ++step) {
    const Step& levels = parts_.layout.steps[step];
    std::fill(splits.begin() + static_cast<std::ptrdiff_t>(levels.from),
              splits.begin() + static_cast<std::ptrdiff_t>(levels.to), &leaf.splits[step]);
    for (std::size_t l = levels.from + 1; l <= levels.to; ++l) {
      rest[l] = tile[l] = leaf.splits[step].tile[l][dim];
    }
    rest[levels.from] = leaf.splits[step].rest[dim];
  }
  Classes classes;
  const std::vector<MapSlot>& slots = parts_.question.space.slots;
  for (std::size_t s = 0; s < slots.size(); ++s) {
    const std::size_t level = slots[s].level;
    if (slots[s].kind == LoopKind::temporal) {
      classes.tile[s] = tile[level];
      continue;
    }
    classes.tile[s] = rest[level];
    if (parts_.lattice.of(dim)[rest[level]].tiles > 1) {
      classes.low[s] = splits[level]->least_share[level][dim];
      classes.high[s] = splits[level]->most_share[level][dim];
    }
  }
  return classes;
}

const Chains& ClassLeaves::chains(std::size_t dim, const Classes& classes) {
  const auto [found, is_new] = known_.try_emplace({dim, classes});
  if (is_new) {
    SlotBounds bounds{};
    bounds.fill(1);
    walk(dim, classes, 0, parts_.lattice.of(dim).bound(), bounds, found->second);
  }
  return found->second;
}

// The space's own chains, from the outermost slot on: `rest` is left for the slots from `slot` on.
void ClassLeaves::walk(std::size_t dim, const Classes& classes, std::size_t slot, std::int64_t rest,
                       SlotBounds& bounds, Chains& chains) const {
  const MapSpaceSpec& space = parts_.question.space;
  const TileClasses& of = parts_.lattice.of(dim);
  if (chains.bounds.size() == kMostChains) {
    chains.are_all = false;
    return;
  }
  if (slot == space.slots.size()) {
    std::int64_t extent = 1;
    bool is_it = factors_legal(space, static_cast<Dim>(dim), bounds);
    for (std::size_t s = slot; s-- > 0;) {
      extent *= bounds[s];
      is_it = is_it && ceil_div(of.bound(), extent) == of[classes.tile[s]].tiles;
    }
    if (is_it) {
      chains.bounds.push_back(bounds);
    }
    return;
  }
  const Slot& limits = limits_of(space.slots[slot]);
  const LoopRange loop = of.loop(classes.tile[slot], classes.tile[slot + 1]);
  const std::int64_t most = classes.high[slot] > 0 ? classes.high[slot] : loop.high;
  const std::int64_t high = std::min({most, limits.high[dim], rest});
  for (std::int64_t bound = std::max({loop.low, limits.low[dim], std::int64_t{classes.low[slot]}});
       bound <= high;) {
    const std::int64_t inside = ceil_div(rest, bound);
    if (inside <= of[classes.tile[slot + 1]].most) {  // tiles are no smaller
      bounds[slot] = bound;
      walk(dim, classes, slot + 1, inside, bounds, chains);
    }
    // Of bounds that leave as much inside only the least is in the space.
    bound = inside == 1 ? high + 1 : ceil_div(rest, inside - 1);
  }
  bounds[slot] = 1;
}

// Per slot, dimensions of the loops outside its ending; where nothing is said about their order,
// the space wants them ascending but for those whose place is given.
ClassLeaves::Outermost ClassLeaves::outermost(const ClassNode& leaf,
                                              const ChosenBounds& choice) const {
  const MapSpaceSpec& space = parts_.question.space;
  Outermost all(space.slots.size());
  for (std::size_t s = 0; s < space.slots.size(); ++s) {
    const Ending* const ending = ending_of(leaf, space.slots[s]);
    for (std::size_t d = 0; d < kDimCount; ++d) {
      const bool is_loop = (*choice[d])[s] > 1;
      if (is_loop && (ending == nullptr || !ends_with(*ending, d))) {
        all[s].push_back(d);
      }
    }
  }
  return all;
}

Mapping ClassLeaves::mapping(const ClassNode& leaf, const ChosenBounds& choice,
                             const Outermost& outermost) const {
  const MapSpaceSpec& space = parts_.question.space;
  Mapping mapping;
  mapping.job_extent.fill(1);
  for (std::size_t s = 0; s < space.slots.size(); ++s) {
    const MapSlot& slot = space.slots[s];
    const auto add = [&](std::size_t dim) {
      const std::int64_t bound = (*choice[dim])[s];
      if (bound > 1) {
        mapping.loops[mapping.count++] = {static_cast<Dim>(dim), slot.kind, slot.level, bound};
        mapping.outer = static_cast<std::uint8_t>(mapping.outer + (slot.outer ? 1 : 0));
        mapping.job_extent[dim] *= slot.outer ? 1 : bound;
      }
    };
    std::for_each(outermost[s].begin(), outermost[s].end(), add);
    const Ending* const ending = ending_of(leaf, slot);
    for (std::size_t i = ending != nullptr ? ending->count : 0; i-- > 0;) {
      add(ending->dim[i]);
    }
  }
  return mapping;
}

bool ClassLeaves::each(const ClassNode& leaf, FunctionRef<bool(const Mapping&)> visit) {
  std::array<const Chains*, kDimCount> lists;
  std::array<std::size_t, kDimCount> at{};
  bool are_all = true;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    lists[d] = &chains(d, classes_of(leaf, d));
    are_all = are_all && lists[d]->are_all;
    if (lists[d]->bounds.empty()) {
      return lists[d]->are_all;
    }
  }
  int left = kMostMappings;
  for (std::size_t d = 0; d < kDimCount;) {
    ChosenBounds choice;
    for (std::size_t i = 0; i < kDimCount; ++i) {
      choice[i] = &lists[i]->bounds[at[i]];
    }
    Outermost orders = outermost(leaf, choice);
    do {
      const Mapping one = mapping(leaf, choice, orders);
      if (left-- == 0 || (in_map_space(parts_.question.space, one) && !visit(one))) {
        return false;
      }
    } while (next_orders(orders));
    for (d = 0; d < kDimCount && ++at[d] == lists[d]->bounds.size(); ++d) {
      at[d] = 0;
    }
  }
  return are_all;
}

}  // namespace imbrex::optimum
