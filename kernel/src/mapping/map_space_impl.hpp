// File: map_space_impl.hpp
//
// How the space is counted. Each dimension has a list of factorisations (one bound per slot). Two
// factorisations with the same signature (bounds in limited spatial slots, a loop or none in
// ordered slots) are alike for everything that couples dimensions. A graph with one layer of nodes
// per dimension and one node per reachable coupling state therefore counts the space exactly; each
// edge carries the number of mappings before it, so unranking is a binary search per dimension.
#pragma once

#include <imbrex/map_space.hpp>

#include <array>
#include <cstdint>
#include <vector>

namespace imbrex {

inline constexpr std::size_t kMaxSlots = 12;
using SlotBounds = std::array<std::int64_t, kMaxSlots>;  // of one dimension

// Product of the bounds per coupled slot and number of freely ordered loops per ordered slot.
struct CouplingState {
  std::array<std::int32_t, kMaxSlots> product{};
  std::array<std::uint8_t, kMaxSlots> free_loops{};
  friend bool operator==(const CouplingState&, const CouplingState&) = default;
};

struct FactorGroup {
  CouplingState signature;
  std::vector<SlotBounds> members;
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

struct MapSpace::Impl {
  MapSpaceSpec spec;
  std::array<std::size_t, kDimCount> order{};              // dimension counted in each layer
  std::array<std::vector<FactorGroup>, kDimCount> groups;  // per dimension
  std::array<std::vector<CountNode>, kDimCount + 1> layers;

  explicit Impl(MapSpaceSpec s) : spec(std::move(s)) {}
  Index size() const noexcept { return layers[0].empty() ? 0 : layers[0][0].total; }
  void build();

  bool coupled(std::size_t slot) const noexcept {
    return spec.slots[slot].fanout > 0 || spec.slots[slot].fanout_floor > 1;
  }
  bool in_prefix(std::size_t slot, Dim d) const noexcept;
  std::vector<SlotBounds> factorisations(std::size_t d) const;
  void group_factorisations(std::size_t d);
  CouplingState signature_of(std::size_t d, const SlotBounds& bounds) const noexcept;
  bool combine(CouplingState& state, const CouplingState& by) const noexcept;
  Index orders_of(const CouplingState& state) const noexcept;
  void connect(std::size_t layer);
  Mapping assemble(const std::array<SlotBounds, kDimCount>& bounds,
                   Index order_rank) const noexcept;
};

// Where a loop belongs: the slot with its level and kind; slots.size() when there is none.
std::size_t slot_of(const MapSpaceSpec& spec, const Loop& loop) noexcept;

}  // namespace imbrex
