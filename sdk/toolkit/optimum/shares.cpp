#include "optimum/shares.hpp"

namespace imbrex::optimum {
namespace {

class ShareList {
 public:
  ShareList(const Layout& layout, const Lattice& lattice, const Step& step)
      : layout_(layout), lattice_(lattice), step_(step) {}

  std::vector<Share> all(const Tile& tile) {
    now_.rest = tile;
    go(step_.from, 0, 1);
    return std::move(shares_);
  }

 private:
  // The dimensions of a level from `dim` on, then the levels inside it.
  void go(std::size_t level, std::size_t dim, std::int64_t product) {
    const Slot& slot = layout_.spatial[level];
    if (dim == kDimCount) {
      if (product < slot.floor) {
        return;
      }
      if (level + 1 == step_.to) {
        shares_.push_back(now_);
      } else {
        go(level + 1, 0, 1);
      }
      return;
    }
    const std::uint8_t whole = now_.rest[dim];
    const std::int64_t all = now_.product;
    for (std::size_t share = 0; share <= whole; ++share) {
      const std::int64_t bound = lattice_.divisor(dim, share);
      const std::uint8_t left = lattice_.quotient(dim, whole, share);
      if (left == kNoDivisor || !slot.allows(dim, bound) || product * bound > slot.fanout) {
        continue;
      }
      now_.of[level - step_.from][dim] = static_cast<std::uint8_t>(share);
      now_.rest[dim] = left;
      now_.product = all * bound;
      go(level, dim + 1, product * bound);
    }
    now_.of[level - step_.from][dim] = 0;
    now_.rest[dim] = whole;
    now_.product = all;
  }

  const Layout& layout_;
  const Lattice& lattice_;
  const Step& step_;
  Share now_;
  std::vector<Share> shares_;
};

}  // namespace

std::vector<Share> shares_of(const Layout& layout, const Lattice& lattice, const Step& step,
                             const Tile& tile) {
  return ShareList(layout, lattice, step).all(tile);
}

}  // namespace imbrex::optimum
