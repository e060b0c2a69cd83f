#include <imbrex/toolkit/nests/axis_memo.hpp>
#include <imbrex/toolkit/nests/axis_view.hpp>
#include <imbrex/toolkit/nests/border_windows.hpp>

#include <algorithm>

namespace imbrex::nests {
namespace {

bool is_outside(const View& view, const DimLoop& loop) noexcept {
  return loop.at >= (loop.temporal ? view.nest().temporal_inside[view.child]
                                   : view.nest().spatial_inside[view.child]);
}

bool is_shared(const View& view, const DimLoop& loop) noexcept {
  return !loop.temporal && loop.at < view.nest().spatial_inside[view.merged];
}

Fate fate_of(const View& view, const DimLoop& loop) noexcept {
  if (!loop.temporal) {
    return is_shared(view, loop) ? Fate::shared : Fate::outer;
  }
  if (view.mover == kEveryStep || loop.at > view.mover) {
    return Fate::outer;
  }
  return loop.at == view.mover ? Fate::mover : Fate::inner;
}

Digits digits_of(const View& view, std::size_t dim) noexcept {
  Digits digits;
  for (const DimLoop& loop : view.loops.of(dim)) {
    if (!is_outside(view, loop)) {
      break;
    }
    const Fate fate = fate_of(view, loop);
    if (loop.temporal || fate == Fate::shared || !view.one_instance) {
      digits.digit[digits.count++] = {loop.bound, loop.stride, fate};
    }
  }
  return digits;
}

// `plain_sums` where all points exist: a tile stays only while no loop of the dimension moves.
AxisSums even_plain_sums(const View& view, std::size_t dim) noexcept {
  auto now = static_cast<double>(view.nest().extent[view.child][dim]);
  bool stays = true;
  for (const DimLoop& loop : view.loops.of(dim)) {
    if (!is_outside(view, loop)) {
      break;
    }
    const Fate fate = fate_of(view, loop);
    stays = stays && fate != Fate::inner && fate != Fate::mover;
    if (fate != Fate::inner && (loop.temporal || fate == Fate::shared || !view.one_instance)) {
      now *= static_cast<double>(loop.bound - (fate == Fate::mover ? 1 : 0));
    }
  }
  return {now, stays ? now : 0};
}

double even_iterations(const View& view, std::size_t dim) noexcept {
  double times = 1;
  for (const DimLoop& loop : view.loops.of(dim)) {
    if (!is_outside(view, loop)) {
      break;
    }
    const Fate fate = fate_of(view, loop);
    if (fate == Fate::mover || (fate == Fate::outer && (loop.temporal || !view.one_instance))) {
      times *= static_cast<double>(loop.bound - (fate == Fate::mover ? 1 : 0));
    }
  }
  return times;
}

bool is_plain(const Rank& rank) noexcept {
  return rank.factor[1] == 0 && rank.divisor == 1 && rank.extent == 0;
}

// Do instances that differ in the dimension share words?
bool is_shared(const View& view, std::size_t dim) noexcept {
  const auto loops = view.loops.of(dim);
  return std::any_of(loops.begin(), loops.end(), [&](const DimLoop& loop) {
    return is_outside(view, loop) && is_shared(view, loop);
  });
}

// Every step of the MACs, each of which wants another point or shares what it wants alike.
bool is_every_touch(const Rank& rank, const View& view) noexcept {
  const bool is_mac =
      view.nest().temporal_inside[view.child] == 0 && view.nest().spatial_inside[view.child] == 0;
  return view.mover == kEveryStep && is_mac && !view.one_instance && rank.touches > 0 &&
         !(is_shared(view, rank.dim[0]) && is_shared(view, rank.dim[1]));
}

bool is_even(const View& view, std::size_t dim) noexcept {
  return (view.nest().uneven >> dim & 1) == 0;
}

AxisSide side_of(const Rank& rank, std::size_t i, const LoopBounds& bounds, const View& view) {
  const std::size_t dim = rank.dim[i];
  return {digits_of(view, dim), bounds.bound[dim],
          std::min(view.nest().extent[view.child][dim], bounds.bound[dim]), rank.factor[i],
          is_even(view, dim)};
}

AxisSums window_sums(const Rank& rank, const LoopBounds& bounds, const View& view) {
  const AxisSide first = side_of(rank, 0, bounds, view);
  const AxisSide second =
      rank.factor[1] > 0 ? side_of(rank, 1, bounds, view) : AxisSide{{}, 1, 1, 0, true};
  const auto key =
      view.memo != nullptr ? AxisMemo::key_of(first, second, rank) : std::optional<AxisMemo::Key>{};
  if (const AxisSums* const known = key ? view.memo->find(*key) : nullptr) {
    return *known;
  }
  const std::optional<AxisSums> closed = border_window_sums(first, second, rank);
  const AxisSums sums = closed ? *closed : walked_window_sums(first, second, rank);
  if (key) {
    view.memo->keep(*key, sums);
  }
  return sums;
}

}  // namespace

AxisSums sums_of(const Rank& rank, const LoopBounds& bounds, const View& view) {
  if (is_plain(rank)) {
    return is_even(view, rank.dim[0]) ? even_plain_sums(view, rank.dim[0])
                                      : plain_sums(side_of(rank, 0, bounds, view));
  }
  if (is_every_touch(rank, view)) {
    return {static_cast<double>(rank.touches), 0};
  }
  return window_sums(rank, bounds, view);
}

double repeats(std::uint32_t dims, const LoopBounds& bounds, const View& view) noexcept {
  double times = 1;
  for (std::size_t dim = 0; dim < kDimCount; ++dim) {
    if ((dims >> dim & 1) != 0) {
      times *= (view.nest().uneven >> dim & 1) == 0
                   ? even_iterations(view, dim)
                   : iterations(digits_of(view, dim), bounds.bound[dim]);
    }
  }
  return times;
}

}  // namespace imbrex::nests
