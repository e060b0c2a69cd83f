// What loop nests of one operator are legal on a hierarchy of slots, as a value that a cost model
// states: slots, limits of their factors, orders; and which mappings belong to it, by definition.
// How many there are, and how to walk over them, is the toolkit's (imbrex/toolkit/mapspace).
// [any thread]
#pragma once

#include <imbrex/plugin/abi.hpp>
#include <imbrex/values/mapping.hpp>
#include <imbrex/values/workload.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex {

using DimMask = std::uint8_t;  // bit index(d)
inline constexpr DimMask kAllDims = 0xff;
constexpr DimMask dim_bit(Dim d) noexcept {
  return static_cast<DimMask>(1u << index(d));
}

// A place in the nest where every allowed dimension may have one loop; slots are given outermost
// first.
struct MapSlot {
  std::string name;  // for messages, e.g. "bank spatial"
  LoopKind kind = LoopKind::temporal;
  std::uint8_t level = 0;  // Loop::level of its loops
  bool outer = true;       // at or above the cut: becomes a loop of the job grid
  bool ordered = true;     // the order of its loops matters
  bool imperfect = false;  // its factors need not divide what is left
  DimMask dims = kAllDims;
  std::int64_t fanout = 0;        // spatial: largest product of its bounds; 0: unlimited
  std::int64_t fanout_floor = 1;  // smallest product of its bounds (utilisation floor)
};

// minimum <= bound of `dim` in `slot` <= maximum; a fixed factor has both equal.
struct FactorConstraint {
  Dim dim = Dim::N;
  std::size_t slot = 0;
  std::int64_t minimum = 1;
  std::int64_t maximum = INT64_MAX;
  std::string origin;  // quoted when it empties the space, e.g. "recipe.toml:7:1: fixed K"
};

// The loops of an ordered slot start, outermost first, with these dimensions (where they have a
// loop).
struct OrderConstraint {
  std::size_t slot = 0;
  std::vector<Dim> prefix;
};

struct MapSpaceSpec {
  LoopBounds bounds;
  std::vector<MapSlot> slots;  // at most kMaxLoops / 2
  std::vector<FactorConstraint> factors;
  std::vector<OrderConstraint> orders;
};

// How a cost model counts the nests of the space, for searches that prove something: they have to
// count parts of a nest before the whole is known. In the words of imbrex/toolkit/nests, whose
// `count` tells for every mapping of the space what `CostModel::evaluate` says; what levels hold
// and charge is the architecture's. Lists: an entry per storage level, outermost first; letters W
// (weights or second operand), I (first operand), O (result).
struct NestCounting {
  std::vector<std::string> keep;     // which tensors a level keeps; empty: all of them
  std::vector<std::string> refetch;  // which it fetches anew for every tile pass; empty: none
  std::int64_t partial_sum_bits = 0;
  std::int64_t fill_drain_steps = 0;
  bool exact = true;  // else as Timeloop counts
  bool link_transfers = false;
  bool in_step = false;  // tiles wait for one another
};

// --- Membership ----------------------------------------------------------------------------------

// Is the mapping in the space of the specification? `MapSpace::contains` without the space; also
// what tells a cost model whether its canonical mapping obeys the constraints. O(loops * slots).
IMBREX_API bool in_map_space(const MapSpaceSpec& spec, const Mapping& mapping) noexcept;

inline constexpr std::size_t kMaxSlots = 12;
using SlotBounds = std::array<std::int64_t, kMaxSlots>;  // of one dimension

// Parts of what `in_map_space` asks. Does the chain of factors cover the bound as the slots allow?
IMBREX_API bool factors_legal(const MapSpaceSpec& spec, Dim d, const SlotBounds& bounds) noexcept;
// Do the loops of a slot come in an order that the specification allows?
IMBREX_API bool slot_order_legal(const MapSpaceSpec& spec, const Mapping& mapping,
                                 std::size_t slot) noexcept;
// Do the loops come slot by slot, one per dimension in each?
IMBREX_API bool laid_out_by_slot(const MapSpaceSpec& spec, const Mapping& mapping) noexcept;

// Nests whose tiles do not divide a dimension evenly: 18 channels in tiles of 16 and 2. Where a
// slot is imperfect, map spaces hold one nest for each number of tiles, the one with the most even
// tiles (9 and 9), because that is all a search needs; a nest that somebody gives may cut
// elsewhere.
//
// In the map space but for where imperfect slots cut: loops of every dimension cover it, from the
// outermost on with no iteration too many, and everything else is as the space wants it. O(loops *
// slots).
IMBREX_API bool is_uneven_nest(const MapSpaceSpec& space, const Mapping& mapping);

}  // namespace imbrex
