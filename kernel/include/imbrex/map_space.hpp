// File: map_space.hpp
//
// All legal loop nests of one operator on a hierarchy of slots: exact count, unranking by index,
// uniform sampling, neighbours. Fan-out limits, fixed and bounded factors, order prefixes and
// utilisation floors are part of the space, so no index ever stands for a mapping that breaks them;
// capacities are the cost model's to judge (`Verdict`).
// Permutations that cannot differ are counted once: loops of bound 1 are not loops, and only slots
// that say so (`ordered`) distinguish orders. Immutable after construction. [any thread]
#pragma once

#include <imbrex/abi.hpp>
#include <imbrex/mapping.hpp>
#include <imbrex/random.hpp>
#include <imbrex/workload.hpp>

#include <memory>
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

class IMBREX_API MapSpace {
 public:
  __extension__ using Index = unsigned __int128;

  // Errors: InputError when an operator could need more than kMaxLoops loops. Slots must differ in
  // (level, kind), which is how a loop says where it belongs.
  // Complexity: O(reachable fan-out products * factorisations of a dimension).
  explicit MapSpace(MapSpaceSpec spec);
  MapSpace(MapSpace&&) noexcept;
  MapSpace& operator=(MapSpace&&) noexcept;
  ~MapSpace();

  const MapSpaceSpec& spec() const noexcept;
  Index size() const noexcept;  // exact
  bool empty() const noexcept { return size() == 0; }
  // Why there is no mapping, and what would help: the first constraint, in the order given, without
  // which alone there would be some, with a number that would do and how many there are without it;
  // others that would help as well. Where no single one helps: the slot whose floor cannot be met,
  // or the first constraint that leaves nothing together with those before it. Empty text when the
  // space is not empty. Builds a space per constraint tried.
  std::string why_empty() const;

  Mapping at(Index i) const noexcept;             // i < size(); O(dims * log + loops)
  Mapping sample(Random& random) const noexcept;  // uniform; size() > 0
  // One random legal step away: a prime factor moved between two slots of a dimension, or two loops
  // of an ordered slot exchanged. Returns the mapping itself when it has no such neighbour within a
  // bounded number of tries.
  Mapping neighbour(const Mapping& mapping, Random& random) const;
  // Does the mapping belong to the space? The slow, obvious definition, independent of `at`.
  bool contains(const Mapping& mapping) const noexcept;

 private:
  struct Impl;
  std::unique_ptr<const Impl> impl_;
};

}  // namespace imbrex
