// The graph that counts the combinations of all dimensions' factorisations.
#include "mapspace/map_space_impl.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace imbrex::mapspace {
namespace {

static_assert(std::has_unique_object_representations_v<CouplingState>);

// Numbers states in the order in which they are met. Open addressing: this is asked once per node
// and group, far more often than anything else happens.
class StateNumbers {
 public:
  StateNumbers() : slots_(64, kNone) {}
  // The number of the state, and whether it is new.
  std::pair<std::uint32_t, bool> number(const CouplingState& state) {
    std::size_t at = hash_of(state) & (slots_.size() - 1);
    for (; slots_[at] != kNone; at = (at + 1) & (slots_.size() - 1)) {
      if (states_[slots_[at]] == state) {
        return {slots_[at], false};
      }
    }
    const auto mine = static_cast<std::uint32_t>(states_.size());
    slots_[at] = mine;
    states_.push_back(state);
    if (2 * states_.size() > slots_.size()) {
      grow();
    }
    return {mine, true};
  }

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  static std::size_t hash_of(const CouplingState& state) noexcept {
    std::array<std::uint64_t, sizeof state / 8> words;
    std::memcpy(words.data(), &state, sizeof state);
    std::uint64_t hash = 0;
    for (const std::uint64_t word : words) {
      hash = (hash ^ word) * 0x9e3779b97f4a7c15ull;
      hash ^= hash >> 29;
    }
    return static_cast<std::size_t>(hash);
  }
  void grow() {
    slots_.assign(2 * slots_.size(), kNone);
    for (std::uint32_t i = 0; i < states_.size(); ++i) {
      std::size_t at = hash_of(states_[i]) & (slots_.size() - 1);
      while (slots_[at] != kNone) {
        at = (at + 1) & (slots_.size() - 1);
      }
      slots_[at] = i;
    }
  }

  std::vector<CouplingState> states_;
  std::vector<std::uint32_t> slots_;
};

class Counting {
 public:
  std::array<std::size_t, kDimCount> order{};
  std::array<std::vector<FactorGroup>, kDimCount> groups;

  Counting(const MapSpaceSpec& spec, const std::array<DimMask, kMaxSlots>& prefix_dims)
      : spec_(spec), prefix_dims_(prefix_dims) {
    for (std::size_t slot = 0; slot < spec_.slots.size(); ++slot) {
      const MapSlot& limits = spec_.slots[slot];
      if (limits.fanout > 0 || limits.fanout_floor > 1) {
        coupled_.push_back(
            {slot, limits.fanout > 0 ? limits.fanout : INT32_MAX, limits.fanout_floor, {}});
      }
    }
  }

  void count() {
    for (std::size_t d = 0; d < kDimCount; ++d) {
      group_factorisations(d);
      order[d] = d;
    }
    // Dimensions with many choices first: few nodes meet many edges, many nodes few.
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return groups[a].size() > groups[b].size();
    });
    bound_products();
    CouplingState initial;
    for (std::size_t c = 0; c < coupled_.size(); ++c) {
      const std::int64_t room = std::min<std::int64_t>(coupled_[c].limit, INT32_MAX);
      initial.extent[c] = static_cast<std::int32_t>(coupled_[c].floor > 1 ? 1 : room);
    }
    layers_[0].push_back({initial, 0, {}});
    for (std::size_t layer = 0; layer < kDimCount; ++layer) {
      connect(layer);
    }
    total();
  }

  template <class Count>
  Unranking<Count> laid_out() const {
    Unranking<Count> graph;
    for (std::size_t layer = 0; layer <= kDimCount; ++layer) {
      for (const CountNode& node : layers_[layer]) {
        typename Unranking<Count>::Node flat{static_cast<Count>(node.total), 0,
                                             static_cast<std::uint32_t>(node.edges.size())};
        if (layer < kDimCount) {
          flat.first_edge = static_cast<std::uint32_t>(graph.edges[layer].size());
          for (const CountEdge& edge : node.edges) {
            graph.before[layer].push_back(static_cast<Count>(edge.before));
            graph.edges[layer].push_back({edge.group, edge.next});
          }
        }
        graph.nodes[layer].push_back(flat);
      }
    }
    return graph;
  }
  MapSpace::Index size() const noexcept { return layers_[0].front().total; }

 private:
  CouplingState signature_of(std::size_t d, const SlotBounds& bounds) const noexcept;
  void group_factorisations(std::size_t d);
  void bound_products() noexcept;
  bool combine(CouplingState& state, const CouplingState& by, std::size_t layer) const noexcept;
  MapSpace::Index orders_of(const CouplingState& state) const noexcept;
  void connect(std::size_t layer);
  void total();

  const MapSpaceSpec& spec_;
  const std::array<DimMask, kMaxSlots>& prefix_dims_;
  std::vector<CoupledSlot> coupled_;
  std::array<std::vector<CountNode>, kDimCount + 1> layers_;
};

CouplingState Counting::signature_of(std::size_t d, const SlotBounds& bounds) const noexcept {
  CouplingState state;
  for (std::size_t c = 0; c < coupled_.size(); ++c) {
    state.extent[c] = static_cast<std::int32_t>(bounds[coupled_[c].slot]);
  }
  for (std::size_t slot = 0; slot < spec_.slots.size(); ++slot) {
    const bool free = spec_.slots[slot].ordered && bounds[slot] > 1 &&
                      (prefix_dims_[slot] & dim_bit(static_cast<Dim>(d))) == 0;
    state.free_loops |= std::uint64_t{free} << (4 * slot);
  }
  return state;
}

void Counting::group_factorisations(std::size_t d) {
  StateNumbers known;
  for (const SlotBounds& bounds : factorisations_of(spec_, d)) {
    const CouplingState signature = signature_of(d, bounds);
    const auto [group, is_new] = known.number(signature);
    if (is_new) {
      groups[d].push_back({signature, {}});
    }
    Factorisation member{bounds, 0};
    for (std::size_t slot = 0; slot < spec_.slots.size(); ++slot) {
      member.loops |= bounds[slot] > 1 ? 1u << slot : 0;
    }
    groups[d][group].members.push_back(member);
  }
}

void Counting::bound_products() noexcept {
  for (std::size_t c = 0; c < coupled_.size(); ++c) {
    coupled_[c].most[kDimCount] = 1;
    for (std::size_t layer = kDimCount; layer-- > 0;) {
      std::int64_t largest = 1;
      for (const FactorGroup& group : groups[order[layer]]) {
        largest = std::max<std::int64_t>(largest, group.signature.extent[c]);
      }
      coupled_[c].most[layer] =
          std::min<std::int64_t>(INT32_MAX, coupled_[c].most[layer + 1] * largest);
    }
  }
}

// Takes the bounds of the layer's dimension into the state; false where they do not fit.
bool Counting::combine(CouplingState& state, const CouplingState& by,
                       std::size_t layer) const noexcept {
  for (std::size_t c = 0; c < coupled_.size(); ++c) {
    const CoupledSlot& slot = coupled_[c];
    if (slot.floor > 1) {
      const std::int64_t product = std::int64_t{state.extent[c]} * by.extent[c];
      if (product > slot.limit) {
        return false;
      }
      state.extent[c] = static_cast<std::int32_t>(product);
    } else {
      if (by.extent[c] > state.extent[c]) {
        return false;
      }
      const std::int64_t room = state.extent[c] / by.extent[c];
      state.extent[c] = static_cast<std::int32_t>(std::min(room, slot.most[layer + 1]));
    }
  }
  state.free_loops += by.free_loops;
  return true;
}

MapSpace::Index Counting::orders_of(const CouplingState& state) const noexcept {
  for (std::size_t c = 0; c < coupled_.size(); ++c) {
    if (coupled_[c].floor > 1 && state.extent[c] < coupled_[c].floor) {
      return 0;
    }
  }
  MapSpace::Index orders = 1;
  for (std::size_t slot = 0; slot < spec_.slots.size(); ++slot) {
    for (std::uint64_t i = 2; i <= (state.free_loops >> (4 * slot) & 15); ++i) {
      orders *= i;
    }
  }
  return orders;
}

// Nodes of layer + 1 and, tentatively, all edges of `layer`.
void Counting::connect(std::size_t layer) {
  const std::vector<FactorGroup>& choices = groups[order[layer]];
  StateNumbers known;
  for (CountNode& node : layers_[layer]) {
    for (std::uint32_t g = 0; g < choices.size(); ++g) {
      CouplingState state = node.state;
      if (!combine(state, choices[g].signature, layer)) {
        continue;
      }
      const auto [next, is_new] = known.number(state);
      if (is_new) {
        layers_[layer + 1].push_back({state, 0, {}});
      }
      node.edges.push_back({0, g, next});
    }
  }
}

void Counting::total() {
  for (CountNode& leaf : layers_[kDimCount]) {
    leaf.total = orders_of(leaf.state);
  }
  for (std::size_t layer = kDimCount; layer-- > 0;) {
    for (CountNode& node : layers_[layer]) {
      std::erase_if(node.edges, [&](const CountEdge& edge) {
        return layers_[layer + 1][edge.next].total == 0;
      });
      for (CountEdge& edge : node.edges) {
        edge.before = node.total;
        node.total +=
            layers_[layer + 1][edge.next].total * groups[order[layer]][edge.group].members.size();
      }
    }
  }
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

void MapSpace::Impl::build() {
  const bool unreachable = std::any_of(
      spec.slots.begin(), spec.slots.end(),
      [](const MapSlot& slot) { return slot.fanout > 0 && slot.fanout_floor > slot.fanout; });
  if (unreachable) {
    return;
  }
  Counting counting(spec, prefix_dims);
  counting.count();
  total = counting.size();
  order = counting.order;
  groups = std::move(counting.groups);
  if (total <= UINT64_MAX) {
    small = counting.laid_out<std::uint64_t>();
  } else {
    large = counting.laid_out<Index>();
  }
}

}  // namespace imbrex::mapspace
