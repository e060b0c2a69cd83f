// How the space is counted. Each dimension has a list of factorisations (one bound per slot). Two
// factorisations with the same signature (bounds in limited spatial slots, a loop or none in
// ordered slots) are alike for everything that couples dimensions. A graph with one layer of nodes
// per dimension and one node per reachable coupling state therefore counts the space exactly; each
// edge carries the number of mappings before it, so unranking is a binary search per dimension.
#pragma once

#include <imbrex/toolkit/mapspace/map_space.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace imbrex::mapspace {

using AllBounds = std::array<SlotBounds, kDimCount>;

// What the dimensions chosen so far leave for the others. States that leave the same are one node:
// a slot without a floor is known by the room it has left, at most what the others could use.
struct CouplingState {
  std::uint64_t free_loops = 0;  // 4 bits per slot: freely ordered loops of an ordered slot
  // Per coupled slot: room left, or where there is a floor the product of the bounds.
  std::array<std::int32_t, kMaxSlots> extent{};
  friend bool operator==(const CouplingState&, const CouplingState&) = default;
};

struct Factorisation {
  SlotBounds bounds{};
  std::uint32_t loops = 0;  // bit per slot whose bound is above 1
};

struct FactorGroup {
  CouplingState signature;  // extent: bound in each coupled slot
  std::vector<Factorisation> members;
};

struct CountEdge {
  MapSpace::Index before = 0;  // mappings through earlier edges of the node
  std::uint32_t group = 0;
  std::uint32_t next = 0;  // node of the next layer
};
struct CountNode {
  CouplingState state;
  MapSpace::Index total = 0;
  std::vector<CountEdge> edges;  // only those with mappings behind them
};

// The same graph, laid out for unranking. Most spaces are small enough for 64-bit indices, which
// divide several times faster.
template <class Count>
struct Unranking {
  struct Node {
    Count total = 0;
    std::uint32_t first_edge = 0;
    std::uint32_t edges = 0;
  };
  struct Edge {
    std::uint32_t group = 0;
    std::uint32_t next = 0;
  };
  std::array<std::vector<Node>, kDimCount + 1> nodes;
  std::array<std::vector<Count>, kDimCount> before;  // per edge
  std::array<std::vector<Edge>, kDimCount> edges;
};

struct CoupledSlot {
  std::size_t slot = 0;
  std::int64_t limit = 0;  // largest product
  std::int64_t floor = 1;
  // Largest product that the dimensions from each layer on can have.
  std::array<std::int64_t, kDimCount + 1> most{};
};

struct MapSpace::Impl {
  MapSpaceSpec spec;
  std::array<std::size_t, kDimCount> order{};              // dimension counted in each layer
  std::array<std::vector<FactorGroup>, kDimCount> groups;  // per dimension
  Index total = 0;
  std::optional<Unranking<std::uint64_t>> small;  // one of these, unless empty
  std::optional<Unranking<Index>> large;
  std::array<DimMask, kMaxSlots> prefix_dims{};  // dimensions whose place the recipe says
  std::array<std::array<std::uint8_t, 256>, 2> slot_by_level{};  // [kind][level]; kMaxSlots: none

  class Stepper;

  explicit Impl(MapSpaceSpec s);
  void build();

  std::size_t slot_of(const Loop& loop) const noexcept {
    return slot_by_level[index(loop.kind)][loop.level];
  }
  bool in_prefix(std::size_t slot, Dim d) const noexcept {
    return (prefix_dims[slot] & dim_bit(d)) != 0;
  }
  template <class Count>
  Mapping at(const Unranking<Count>& graph, Count i) const noexcept;
  template <class Count>
  Mapping assemble(const std::array<const Factorisation*, kDimCount>& factors,
                   Count order_rank) const noexcept;
};

// Where a loop belongs: the slot with its level and kind; slots.size() when there is none.
std::size_t slot_of(const MapSpaceSpec& spec, const Loop& loop) noexcept;
// All ways to spread dimension d over the slots.
std::vector<SlotBounds> factorisations_of(const MapSpaceSpec& spec, std::size_t d);

}  // namespace imbrex::mapspace
