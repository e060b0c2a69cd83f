// What NVlabs' Timeloop says a sliding tile fetches, in closed form. That tool runs the first two
// iterations of every temporal loop and takes what the second one fetches for all that follow. So
// a loop that goes on meets what the loops inside it left at their second iteration, and
//   - what the tile holds is kept when it moved along one coordinate only, else all is fetched;
//   - where the innermost loop slides, a move back discards the tile, too.
#pragma once

#include <imbrex/toolkit/nests/nest.hpp>
#include <imbrex/toolkit/nests/products.hpp>
#include <imbrex/toolkit/nests/tile.hpp>

#include <algorithm>
#include <array>

namespace imbrex::nests {

// The tiles of one instance of a level, of a tensor whose tiles may overlap.
class TimeloopWalk {
 public:
  // One iteration of a loop after its first.
  struct Move {
    std::int64_t times = 0;
    std::int64_t fresh = 0;  // words fetched
    // By how much the tile moved, if along one coordinate only; else 0.
    std::int64_t shift = 0;
    std::size_t rank = 0;
  };

  TimeloopWalk(const TensorRanks& tensor, const Nest& nest, const Products& products,
               const Tile& tile, std::size_t level) noexcept
      : words_(tile.words()) {
    Shifts back;  // what the second iterations of the loops inside have moved it
    std::fill_n(back.begin(), tensor.count, 0);
    for (std::size_t i = nest.temporal_inside[level]; i < nest.temporal_count; ++i) {
      const Step& step = nest.temporal[i];
      const std::int64_t shift = tensor.factor_of_dim[step.dim] * step.stride;
      const std::size_t rank = tensor.rank_of_dim[step.dim];
      Move move = moved(tensor, tile, rank, shift, back);
      move.times = (step.bound - 1) * products.temporal_from[i + 1];
      first_bound_ = count_ == 0 ? step.bound : first_bound_;
      moves_[count_++] = move;
      back[rank] += shift;
    }
  }

  // Words that enter the instance over the whole run, its first tile included.
  std::int64_t turnover() const noexcept {
    std::int64_t words = words_;
    for (std::size_t i = 0; i < count_; ++i) {
      words += moves_[i].times * moves_[i].fresh;
    }
    return words;
  }

  // Calls take(rank, shift, words) for all fetches of what an instance `shift` further along `rank`
  // fetched one step before; `words`: over the whole run.
  template <class Take>
  void for_each_repeated(Take&& take) const noexcept {
    if (count_ == 0 || moves_[0].fresh == 0) {
      return;  // nobody fetched anything one step before
    }
    const Move& first = moves_[0];
    std::int64_t repeated = first.fresh == words_ ? first_bound_ - 1 : 0;  // after the first tile
    for (std::size_t i = 1; i < count_; ++i) {
      // Equally many words are the same part of the tile: while the innermost loop slides it, only
      // moves on along the same coordinate leave some of it.
      if (moves_[i].fresh == first.fresh) {
        repeated += (first_bound_ - 1) * moves_[i].times;
        take_if_moved(moves_[i], moves_[i].times, take);
      }
    }
    take_if_moved(first, repeated, take);
  }

 private:
  Move moved(const TensorRanks& tensor, const Tile& tile, std::size_t rank, std::int64_t shift,
             const Shifts& back) const noexcept {
    Move move;
    std::size_t along = 0;
    for (std::size_t r = 0; r < tensor.count; ++r) {
      const std::int64_t by = (r == rank ? shift : 0) - back[r];
      along += by != 0 ? 1 : 0;
      move.rank = by != 0 ? r : move.rank;
      move.shift = by != 0 ? by : move.shift;
    }
    const bool slides = count_ > 0 && moves_[0].fresh > 0 && moves_[0].fresh < words_;
    if (along > 1) {
      return {0, words_, 0, 0};
    }
    const bool discards = slides && move.shift < 0;
    move.fresh = along == 0 ? 0 : discards ? words_ : words_ - tile.shared(rank, shift, back);
    return move;
  }

  template <class Take>
  static void take_if_moved(const Move& move, std::int64_t times, Take& take) noexcept {
    if (move.shift != 0 && times > 0) {
      take(move.rank, move.shift, times * move.fresh);
    }
  }

  std::int64_t words_;
  std::int64_t first_bound_ = 1;
  std::size_t count_ = 0;
  std::array<Move, kMaxLoops> moves_;
};

}  // namespace imbrex::nests
