// All legal loop nests of one operator on a hierarchy of slots: exact count, unranking by index,
// uniform sampling, neighbours. Fan-out limits, fixed and bounded factors, order prefixes and
// utilisation floors are part of the space, so no index ever stands for a mapping that breaks them;
// capacities are the cost model's to judge (`Verdict`).
// Permutations that cannot differ are counted once: loops of bound 1 are not loops, and only slots
// that say so (`ordered`) distinguish orders. Immutable after construction. [any thread]
#pragma once

#include <imbrex/interfaces/cost_model.hpp>
#include <imbrex/plugin/host.hpp>
#include <imbrex/values/design.hpp>
#include <imbrex/values/map_space_spec.hpp>

#include <memory>
#include <optional>
#include <string>

namespace imbrex::mapspace {

class MapSpace {
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

// Map space of an operator under its present placement; empty optional when there is nothing to
// choose. Errors: InfeasibleError when a constraint empties it.
std::optional<MapSpace> map_space_of(const Design& design, OperatorId op, const CostModel& cost);
// Decimal digits of a count that may exceed 64 bits.
std::string decimal(MapSpace::Index value);

}  // namespace imbrex::mapspace
