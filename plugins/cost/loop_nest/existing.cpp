#include "existing.hpp"

#include "even_windows.hpp"

#include <algorithm>
#include <array>

namespace imbrex::loop_nest {
namespace {

// The digits of one dimension outside a level while temporal loop `mover` goes on; all temporal
// loops are at any iteration when it is `kEveryStep`, at their first when it is their number.
constexpr std::size_t kEveryStep = ~std::size_t{0};

struct View {
  const Nest& nest;
  std::size_t child;
  std::size_t merged;
  std::size_t mover;
  bool one_instance;
};

Digits digits_of(const View& view, std::size_t dim) noexcept {
  const Nest& nest = view.nest;
  Digits digits;
  for (std::size_t i = nest.temporal_inside[view.child]; i < nest.temporal_count; ++i) {
    if (nest.temporal[i].dim == dim) {
      const bool outer = view.mover == kEveryStep || i > view.mover;
      const Fate fate = outer ? Fate::outer : (i == view.mover ? Fate::mover : Fate::inner);
      digits.add({nest.temporal[i].bound, nest.temporal[i].stride, fate});
    }
  }
  for (std::size_t i = nest.spatial_inside[view.child]; i < nest.spatial_count; ++i) {
    const bool shared = i < nest.spatial_inside[view.merged];
    if (nest.spatial[i].dim == dim && (shared || !view.one_instance)) {
      digits.add(
          {nest.spatial[i].bound, nest.spatial[i].stride, shared ? Fate::shared : Fate::outer});
    }
  }
  return digits;
}

// How often the loops of these dimensions, all of whose iterations exist, are gone through.
double even_iterations(const View& view, std::uint32_t dims, bool with_shared) noexcept {
  const Nest& nest = view.nest;
  double times = 1;
  for (std::size_t i = nest.temporal_inside[view.child]; i < nest.temporal_count; ++i) {
    if ((dims >> nest.temporal[i].dim & 1) != 0 && (view.mover == kEveryStep || i >= view.mover)) {
      times *= static_cast<double>(nest.temporal[i].bound - (i == view.mover ? 1 : 0));
    }
  }
  for (std::size_t i = nest.spatial_inside[view.child]; i < nest.spatial_count; ++i) {
    const bool counts = i < nest.spatial_inside[view.merged] ? with_shared : !view.one_instance;
    if (counts && (dims >> nest.spatial[i].dim & 1) != 0) {
      times *= static_cast<double>(nest.spatial[i].bound);
    }
  }
  return times;
}

// `plain_sums` where all points exist: a tile stays only while no loop of the dimension moves.
AxisSums even_plain_sums(const View& view, std::size_t dim) noexcept {
  const Nest& nest = view.nest;
  const double now = even_iterations(view, 1u << dim, true) *
                     static_cast<double>(nest.extent[view.child][dim]);
  const std::size_t moved =
      view.mover == kEveryStep ? 0 : std::min(view.mover + 1, nest.temporal_count);
  bool stays = true;
  for (std::size_t i = nest.temporal_inside[view.child]; i < moved; ++i) {
    stays = stays && nest.temporal[i].dim != dim;
  }
  return {now, stays ? now : 0};
}

bool is_plain(const Rank& rank) noexcept {
  return rank.factor[1] == 0 && rank.divisor == 1 && rank.extent == 0;
}

// Do instances that differ in the dimension share words?
bool is_shared(const View& view, std::size_t dim) noexcept {
  const Nest& nest = view.nest;
  for (std::size_t i = nest.spatial_inside[view.child]; i < nest.spatial_inside[view.merged]; ++i) {
    if (nest.spatial[i].dim == dim) {
      return true;
    }
  }
  return false;
}

AxisSums sums_of(const Rank& rank, const LoopBounds& bounds, const View& view) {
  const auto is_even = [&](std::size_t dim) { return (view.nest.uneven >> dim & 1) == 0; };
  const auto side = [&](std::size_t i) {
    const std::size_t dim = rank.dim[i];
    return AxisSide{digits_of(view, dim), bounds.bound[dim],
                    std::min(view.nest.extent[view.child][dim], bounds.bound[dim]), rank.factor[i],
                    is_even(dim)};
  };
  if (is_plain(rank)) {
    return is_even(rank.dim[0]) ? even_plain_sums(view, rank.dim[0]) : plain_sums(side(0));
  }
  // Every step of the MACs, each of which wants another point or shares what it wants alike.
  const bool is_mac =
      view.nest.temporal_inside[view.child] == 0 && view.nest.spatial_inside[view.child] == 0;
  if (view.mover == kEveryStep && is_mac && !view.one_instance && rank.touches > 0 &&
      !(is_shared(view, rank.dim[0]) && is_shared(view, rank.dim[1]))) {
    return {static_cast<double>(rank.touches), 0};
  }
  const AxisSide first = side(0);
  const AxisSide second = rank.factor[1] > 0 ? side(1) : AxisSide{{}, 1, 1, 0, true};
  const std::optional<AxisSums> sums = even_window_sums(first, second, rank);
  return sums ? *sums : walked_window_sums(first, second, rank);
}

// Sums of one coordinate as they were last asked for: while loops that do not move it go on,
// nothing changes for it.
struct LastSums {
  std::size_t outer = ~std::size_t{0};  // how many of its own loops were outside
  AxisSums sums;
};
using Memory = std::array<LastSums, 2 * kMaxRank>;

AxisSums remembered(const Rank& rank, const LoopBounds& bounds, const View& view, LastSums& last) {
  const auto moves = [&](std::size_t i) {
    const std::size_t dim = view.nest.temporal[i].dim;
    return (rank.factor[0] > 0 && rank.dim[0] == dim) || (rank.factor[1] > 0 && rank.dim[1] == dim);
  };
  if (view.mover < view.nest.temporal_count && moves(view.mover)) {
    return sums_of(rank, bounds, view);
  }
  std::size_t outer = 0;
  for (std::size_t i = view.nest.temporal_inside[view.child]; i < view.nest.temporal_count; ++i) {
    outer += (view.mover == kEveryStep || i > view.mover) && moves(i) ? 1 : 0;
  }
  if (last.outer != outer) {
    last = {outer, sums_of(rank, bounds, view)};
  }
  return last.sums;
}

// How often loops that do not move the tensor repeat what the others do.
double repeats(const TensorRanks& tensor, const LoopBounds& bounds, const View& view) noexcept {
  double times = even_iterations(view, ~(tensor.dims | view.nest.uneven), false);
  for (std::size_t dim = 0; dim < kDimCount && view.nest.uneven != 0; ++dim) {
    if (!tensor.depends_on(dim) && (view.nest.uneven >> dim & 1) != 0) {
      times *= iterations(digits_of(view, dim), bounds.bound[dim]);
    }
  }
  return times;
}

// Words of the new tiles less those that the old ones hold, too, over all that the loops outside
// `mover` and the instances name.
double change(const TensorRanks& tensor, const LoopBounds& bounds, const View& view, bool first,
              Memory& memory) {
  double fresh = 1;
  double kept = first ? 0 : 1;
  for (std::size_t r = 0; r < tensor.count; ++r) {
    const AxisSums sums = remembered(tensor.rank[r], bounds, view, memory[r]);
    fresh *= sums.now;
    kept *= sums.kept;
  }
  return fresh > kept ? repeats(tensor, bounds, view) * (fresh - kept) : 0;
}

}  // namespace

bool names_too_much(const Problem& problem, Nest& nest) noexcept {
  nest.uneven = 0;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    nest.uneven |= nest.extent[0][d] > problem.bounds.bound[d] ? 1u << d : 0;
  }
  return !problem.divides && (nest.uneven != 0 || problem.has_padding);
}

double existing_steps(const Problem& problem, const Mapping& mapping,
                      std::size_t outermost) noexcept {
  std::array<Digits, kDimCount> digits;
  Extents reach;
  reach.fill(1);
  for (std::size_t i = mapping.count; i-- > 0;) {
    if (i + 1 == mapping.outer) {
      reach = mapping.job_extent;
    }
    const Loop& loop = mapping.loops[i];
    std::int64_t& stride = reach[imbrex::index(loop.dim)];
    if (i < outermost && loop.kind == LoopKind::temporal && loop.bound > 1) {
      digits[imbrex::index(loop.dim)].add({loop.bound, stride, Fate::outer});
    }
    stride *= loop.bound;
  }
  double steps = 1;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    steps *= iterations(digits[d], problem.bounds.bound[d]);
  }
  return steps;
}

double entering_words(const TensorRanks& tensor, const LoopBounds& bounds, const Nest& nest,
                      std::size_t levels, std::size_t child, std::size_t merged, Instances of) {
  const bool one = of == Instances::first;
  Memory memory;
  if (child == levels) {
    return change(tensor, bounds, {nest, child, merged, kEveryStep, one}, true, memory);
  }
  double words =
      change(tensor, bounds, {nest, child, merged, nest.temporal_count, one}, true, memory);
  for (std::size_t i = nest.temporal_inside[child]; i < nest.temporal_count; ++i) {
    words += change(tensor, bounds, {nest, child, merged, i, one}, false, memory);
  }
  return words;
}

double points_ever(const TensorRanks& tensor, const LoopBounds& bounds, const Nest& nest,
                   std::size_t level, Instances of) {
  const bool one = of == Instances::first;
  double points = 1;
  for (std::size_t r = 0; r < tensor.count; ++r) {
    points *= sums_of(tensor.rank[r], bounds, {nest, level, level, kEveryStep, one}).now;
  }
  // Instances may hold the same points.
  return points * repeats(tensor, bounds, {nest, level, level, nest.temporal_count, one});
}

}  // namespace imbrex::loop_nest
