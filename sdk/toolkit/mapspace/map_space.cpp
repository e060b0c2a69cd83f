#include "mapspace/map_space_impl.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/mapspace/map_space.hpp>

#include <algorithm>
#include <bit>
#include <string>

namespace imbrex::mapspace {
namespace {

// Most loops a dimension can have: one per allowed slot, and one per prime factor (every factor >=
// 2).
std::size_t most_loops(const MapSpaceSpec& spec) {
  std::size_t loops = 0;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    const auto factors =
        static_cast<std::size_t>(std::bit_width(static_cast<std::uint64_t>(spec.bounds.bound[d])));
    const auto allowed = static_cast<std::size_t>(std::count_if(
        spec.slots.begin(), spec.slots.end(),
        [&](const MapSlot& slot) { return (slot.dims & dim_bit(static_cast<Dim>(d))) != 0; }));
    loops += spec.bounds.bound[d] > 1 ? std::min(factors, allowed) : 0;
  }
  return loops;
}

void check(const MapSpaceSpec& spec) {
  IMBREX_ASSERT(!spec.slots.empty() && spec.slots.size() <= kMaxSlots);
  for (std::size_t slot = 0; slot < spec.slots.size(); ++slot) {
    const Loop loop{Dim::N, spec.slots[slot].kind, spec.slots[slot].level, 1};
    IMBREX_ASSERT(slot_of(spec, loop) == slot);
  }
  if (most_loops(spec) > kMaxLoops) {
    throw InputError("a loop nest of this operator could need " + std::to_string(most_loops(spec)) +
                     " loops, at most " + std::to_string(kMaxLoops) +
                     " are supported; forbid dimensions in some slots");
  }
}

}  // namespace

MapSpace::MapSpace(MapSpaceSpec spec) {
  check(spec);
  auto impl = std::make_unique<Impl>(std::move(spec));
  impl->build();
  impl_ = std::move(impl);
}
MapSpace::MapSpace(MapSpace&&) noexcept = default;
MapSpace& MapSpace::operator=(MapSpace&&) noexcept = default;
MapSpace::~MapSpace() = default;

const MapSpaceSpec& MapSpace::spec() const noexcept {
  return impl_->spec;
}
MapSpace::Index MapSpace::size() const noexcept {
  return impl_->total;
}

MapSpace::Impl::Impl(MapSpaceSpec s) : spec(std::move(s)) {
  for (auto& by_level : slot_by_level) {
    by_level.fill(kMaxSlots);
  }
  for (std::size_t slot = spec.slots.size(); slot-- > 0;) {
    const auto kind = index(spec.slots[slot].kind);
    slot_by_level[kind][spec.slots[slot].level] = static_cast<std::uint8_t>(slot);
  }
  for (const OrderConstraint& constraint : spec.orders) {
    for (const Dim d : constraint.prefix) {
      prefix_dims[constraint.slot] =
          static_cast<DimMask>(prefix_dims[constraint.slot] | dim_bit(d));
    }
  }
}

namespace {

// The next digit of a number, least significant first. Ranks of orders are mostly short.
template <class Count>
std::size_t take_digit(Count& rank, std::size_t base) noexcept {
  if (rank <= UINT32_MAX) {
    const auto small = static_cast<std::uint32_t>(rank);
    const auto divisor = static_cast<std::uint32_t>(base);
    rank = small / divisor;
    return small % divisor;
  }
  const auto digit = static_cast<std::size_t>(rank % base);
  rank /= base;
  return digit;
}

using Factors = std::array<const Factorisation*, kDimCount>;

// Which dimensions loop in each slot, and which slots (a bit each) have any loop.
struct UsedSlots {
  std::array<DimMask, kMaxSlots> dims{};
  std::uint32_t slots = 0;

  explicit UsedSlots(const Factors& factors) noexcept {
    for (std::size_t d = 0; d < kDimCount; ++d) {
      slots |= factors[d]->loops;
      for (std::uint32_t loops = factors[d]->loops; loops != 0; loops &= loops - 1) {
        DimMask& mine = dims[static_cast<std::size_t>(std::countr_zero(loops))];
        mine = static_cast<DimMask>(mine | 1u << d);
      }
    }
  }
};

// Calls `push` with each of these dimensions, in the order that `rank` picks: a Lehmer code, one
// digit per position.
template <class Count, class Push>
void push_in_order(unsigned dims, bool ordered, Count& rank, const Push& push) noexcept {
  std::array<std::uint8_t, kDimCount> free{};
  std::size_t left = 0;
  for (; dims != 0; dims &= dims - 1) {
    free[left++] = static_cast<std::uint8_t>(std::countr_zero(dims));
  }
  for (; left > 0; --left) {
    const std::size_t pick = ordered && left > 1 ? take_digit(rank, left) : 0;
    push(free[pick]);
    for (std::size_t i = pick; i + 1 < left; ++i) {
      free[i] = free[i + 1];
    }
  }
}

}  // namespace

// Lays the loops out outermost first; `rank` picks the order of the free loops of each ordered
// slot.
template <class Count>
Mapping MapSpace::Impl::assemble(const std::array<const Factorisation*, kDimCount>& factors,
                                 Count rank) const noexcept {
  Mapping mapping;
  mapping.job_extent.fill(1);
  unsigned count = 0;
  unsigned outer = 0;
  const UsedSlots used(factors);
  for (std::uint32_t slots = used.slots; slots != 0; slots &= slots - 1) {
    const auto s = static_cast<std::size_t>(std::countr_zero(slots));
    const DimMask looping = used.dims[s];
    const MapSlot& slot = spec.slots[s];
    const auto push = [&](std::size_t d) {
      const std::int64_t bound = factors[d]->bounds[s];
      mapping.loops[count++] = {static_cast<Dim>(d), slot.kind, slot.level, bound};
      outer += slot.outer ? 1 : 0;
      mapping.job_extent[d] *= slot.outer ? 1 : bound;
    };
    if ((looping & prefix_dims[s]) != 0) {
      for (const OrderConstraint& constraint : spec.orders) {
        for (const Dim d : constraint.prefix) {
          if (constraint.slot == s && (looping & dim_bit(d)) != 0) {
            push(index(d));
          }
        }
      }
    }
    push_in_order(looping & ~unsigned{prefix_dims[s]}, slot.ordered, rank, push);
  }
  mapping.count = static_cast<std::uint8_t>(count);
  mapping.outer = static_cast<std::uint8_t>(outer);
  return mapping;
}

template <class Count>
Mapping MapSpace::Impl::at(const Unranking<Count>& graph, Count i) const noexcept {
  std::array<const Factorisation*, kDimCount> factors{};
  const typename Unranking<Count>::Node* node = &graph.nodes[0][0];
  for (std::size_t layer = 0; layer < kDimCount; ++layer) {
    const Count* const first = graph.before[layer].data() + node->first_edge;
    const Count* const after = std::upper_bound(first, first + node->edges, i);
    const auto edge = static_cast<std::size_t>(after - 1 - graph.before[layer].data());
    const typename Unranking<Count>::Edge& taken = graph.edges[layer][edge];
    node = &graph.nodes[layer + 1][taken.next];
    const std::size_t d = order[layer];
    const std::vector<Factorisation>& members = groups[d][taken.group].members;
    i -= after[-1];
    Count member = 0;
    if (members.size() > 1) {
      member = i / node->total;
      i -= member * node->total;
    }
    factors[d] = &members[static_cast<std::size_t>(member)];
  }
  return assemble(factors, i);
}

Mapping MapSpace::at(Index i) const noexcept {
  IMBREX_ASSERT(i < size());
  return impl_->small ? impl_->at(*impl_->small, static_cast<std::uint64_t>(i))
                      : impl_->at(*impl_->large, i);
}

Mapping MapSpace::sample(Random& random) const noexcept {
  // Rejection from the next power of two keeps it exactly uniform.
  const Index last = size() - 1;
  const auto high = static_cast<std::uint64_t>(last >> 64);
  const std::uint64_t mask_high = high == 0 ? 0 : ~std::uint64_t{0} >> std::countl_zero(high);
  const auto low = static_cast<std::uint64_t>(last);
  const std::uint64_t mask_low =
      high != 0 ? ~std::uint64_t{0} : (low == 0 ? 0 : ~std::uint64_t{0} >> std::countl_zero(low));
  for (;;) {
    const Index top = mask_high == 0 ? 0 : random.next() & mask_high;
    const Index i = (top << 64) | (random.next() & mask_low);
    if (i <= last) {
      return at(i);
    }
  }
}

bool MapSpace::contains(const Mapping& mapping) const noexcept {
  return in_map_space(impl_->spec, mapping);
}

std::string decimal(MapSpace::Index value) {
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value > 0);
  return digits;
}

std::optional<MapSpace> map_space_of(const Design& design, OperatorId op, const CostModel& cost) {
  MapSpaceSpec spec = cost.map_space(op, design.placement(op));
  if (spec.slots.empty()) {
    return std::nullopt;
  }
  MapSpace space(std::move(spec));
  if (space.empty()) {
    throw InfeasibleError("operator '" + design.workload().at(op).name + "'" +
                          " has no legal mapping: " + space.why_empty());
  }
  return space;
}

}  // namespace imbrex::mapspace
