// The points of a tensor that one instance of a level holds at a time.
#pragma once

#include <imbrex/toolkit/nests/nest.hpp>
#include <imbrex/toolkit/nests/point_sets.hpp>
#include <imbrex/toolkit/nests/problem.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace imbrex::nests {

using Shifts = std::array<std::int64_t, 2 * kMaxRank>;

// What one instance of a level holds of a tensor.
class Tile {
 public:
  void measure(const TensorRanks& tensor, const Extents& extent, Counting counting) noexcept {
    tensor_ = &tensor;
    extent_ = &extent;
    words_ = 1;
    for (std::size_t r = 0; r < tensor.count; ++r) {
      const Rank& rank = tensor.rank[r];
      const Progression first = along(rank, 0);
      std::int64_t span = first.step * (first.count - 1) + 1;
      std::int64_t points = first.count;
      if (rank.factor[1] > 0) {
        const Progression second = along(rank, 1);
        span += second.step * (second.count - 1);
        points = counting == Counting::exact ? distinct_sums(first, second) : span;
      }
      if (counting == Counting::timeloop) {
        points = span;
      }
      if (rank.divisor > 1) {
        points = (span - 1) / rank.divisor + 1;
      }
      points_[r] = points;
      has_holes_[r] = rank.divisor == 1 && points < span;
      words_ *= points;
    }
  }

  std::int64_t words() const noexcept { return words_; }
  // Without what windows name beyond the tensor.
  std::int64_t existing_words() const noexcept {
    std::int64_t words = 1;
    for (std::size_t r = 0; r < tensor_->count; ++r) {
      const Rank& rank = tensor_->rank[r];
      words *= rank.extent > 0 ? std::min(points_[r], rank.points) : points_[r];
    }
    return words;
  }
  // Beyond such a shift along one coordinate nothing is shared.
  bool is_beyond(std::size_t rank, std::int64_t shift) const noexcept {
    return !has_holes_[rank] && tensor_->rank[rank].divisor == 1 && shift >= points_[rank];
  }
  // Words that a tile moved by shifts - back shares with this one.
  std::int64_t shared(std::size_t rank, std::int64_t shift, const Shifts& back) const noexcept {
    std::int64_t words = 1;
    for (std::size_t r = 0; r < tensor_->count && words > 0; ++r) {
      words *= shared_along(r, (r == rank ? shift : 0) - back[r]);
    }
    return words;
  }

 private:
  Progression along(const Rank& rank, std::size_t i) const noexcept {
    return {rank.factor[i], rank.factor[i] > 0 ? (*extent_)[rank.dim[i]] : 1};
  }
  std::int64_t shared_along(std::size_t r, std::int64_t shift) const noexcept {
    if (shift == 0) {
      return points_[r];
    }
    const Rank& rank = tensor_->rank[r];
    if (has_holes_[r]) {
      return shared_sums(along(rank, 0), along(rank, 1), shift);
    }
    const std::int64_t by = rank.divisor == 1 ? std::abs(shift) : std::abs(shift) / rank.divisor;
    return std::max<std::int64_t>(0, points_[r] - by);
  }

  const TensorRanks* tensor_;
  const Extents* extent_;
  std::array<std::int64_t, 2 * kMaxRank> points_;
  std::array<bool, 2 * kMaxRank> has_holes_;
  std::int64_t words_;
};

}  // namespace imbrex::nests
