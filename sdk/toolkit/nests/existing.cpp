#include <imbrex/toolkit/nests/axis_view.hpp>
#include <imbrex/toolkit/nests/existing.hpp>

#include <algorithm>
#include <array>

namespace imbrex::nests {
namespace {

// The words that change in the tiles of one level's instances, loop by loop from the outermost
// inwards. While loops that do not move a coordinate go on, nothing changes for it.
class Turnover {
 public:
  Turnover(const TensorRanks& tensor, const LoopBounds& bounds, const View& view) noexcept
      : tensor_(tensor),
        bounds_(bounds),
        view_(view),
        uneven_(~tensor.dims & view.nest().uneven),
        repeats_(repeats(~(tensor.dims | view.nest().uneven), bounds, view)) {}

  // The first tiles: all temporal loops are at their first iteration.
  double first() {
    double words = 1;
    for (std::size_t r = 0; r < tensor_.count; ++r) {
      words *= standing(r).now;
    }
    return words * repeats_ * (uneven_ != 0 ? repeats(uneven_, bounds_, view_) : 1);
  }

  // Words of the new tiles less those that the old ones hold, too, whenever the loop goes on.
  double next(std::size_t mover) {
    view_.mover = mover;
    const Step& step = view_.nest().temporal[mover];
    const bool moves = tensor_.depends_on(step.dim);
    const std::size_t moved = moves ? tensor_.rank_of_dim[step.dim] : tensor_.count;
    double fresh = 1;
    double kept = 1;
    for (std::size_t r = 0; r < tensor_.count; ++r) {
      const AxisSums sums = r == moved ? sums_of(tensor_.rank[r], bounds_, view_) : standing(r);
      fresh *= sums.now;
      kept *= sums.kept;
    }
    double times = fresh > kept && uneven_ != 0 ? repeats(uneven_, bounds_, view_) : 1;
    if (moves) {
      known_ &= ~(1u << moved);
      times *= repeats_;
    } else if ((uneven_ >> step.dim & 1) == 0) {
      times *= repeats_ * static_cast<double>(step.bound - 1);
      repeats_ *= static_cast<double>(step.bound);
    } else {
      times *= repeats_;
    }
    return fresh > kept ? times * (fresh - kept) : 0;
  }

 private:
  const AxisSums& standing(std::size_t r) {
    if ((known_ >> r & 1) == 0) {
      sums_[r] = sums_of(tensor_.rank[r], bounds_, view_);
      known_ |= 1u << r;
    }
    return sums_[r];
  }

  const TensorRanks& tensor_;
  const LoopBounds& bounds_;
  View view_;
  std::uint32_t uneven_;  // dimensions that move nothing and end before their loops do
  double repeats_;        // of the loops outside that move nothing
  std::uint32_t known_ = 0;
  std::array<AxisSums, 2 * kMaxRank> sums_;
};

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
    std::int64_t& stride = reach[index(loop.dim)];
    if (i < outermost && loop.kind == LoopKind::temporal && loop.bound > 1) {
      digits[index(loop.dim)].add({loop.bound, stride, Fate::outer});
    }
    stride *= loop.bound;
  }
  double steps = 1;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    steps *= iterations(digits[d], problem.bounds.bound[d]);
  }
  return steps;
}

double entering_words(const TensorRanks& tensor, const LoopBounds& bounds, const DimLoops& loops,
                      std::size_t levels, std::size_t child, std::size_t merged, Instances of,
                      AxisMemo* memo) {
  const bool one = of == Instances::first;
  if (child == levels) {
    return Turnover(tensor, bounds, {loops, child, merged, kEveryStep, one, memo}).first();
  }
  const Nest& nest = loops.nest();
  Turnover turnover(tensor, bounds, {loops, child, merged, nest.temporal_count, one, memo});
  double words = turnover.first();
  for (std::size_t i = nest.temporal_count; i-- > nest.temporal_inside[child];) {
    words += turnover.next(i);
  }
  return words;
}

double points_ever(const TensorRanks& tensor, const LoopBounds& bounds, const DimLoops& loops,
                   std::size_t level, Instances of) {
  View view{loops, level, level, kEveryStep, of == Instances::first};
  double points = 1;
  for (std::size_t r = 0; r < tensor.count; ++r) {
    points *= sums_of(tensor.rank[r], bounds, view).now;
  }
  view.mover = loops.nest().temporal_count;  // instances may hold the same points
  return points * repeats(~tensor.dims, bounds, view);
}

}  // namespace imbrex::nests
