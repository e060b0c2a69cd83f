#include "even_windows.hpp"

#include "point_sets.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace imbrex::loop_nest {
namespace {

// Where one dimension moves the coordinate to, ascending: a mixed radix number. Strides nest, since
// factors divide.
class Ladder {
 public:
  void add(std::int64_t from, std::int64_t bound, std::int64_t step) noexcept {
    lowest_ += from * step;
    highest_ += (bound - 1) * step;
    rung_[depth_++] = {bound - from, step};
    count_ *= std::max<std::int64_t>(0, bound - from);
  }
  std::int64_t count() const noexcept { return count_; }
  std::int64_t lowest() const noexcept { return lowest_; }
  std::int64_t highest() const noexcept { return highest_; }
  std::int64_t at(std::int64_t i) const noexcept {
    std::int64_t place = lowest_;
    for (std::size_t d = depth_; d-- > 0; i /= rung_[d].count) {
      place += i % rung_[d].count * rung_[d].step;
    }
    return place;
  }

 private:
  struct Rung {
    std::int64_t count;
    std::int64_t step;
  };
  std::array<Rung, kMaxLoops> rung_;  // uninitialised beyond `depth_`
  std::size_t depth_ = 0;
  std::int64_t count_ = 1;
  std::int64_t lowest_ = 0;
  std::int64_t highest_ = 0;
};

// One side: places that count each for itself, those that instances share, and how far the tile
// before lay behind.
struct Walk {
  Ladder apart;
  Ladder shared;
  std::int64_t behind = 0;
};

Walk walk_of(const AxisSide& side, bool shares) noexcept {
  Walk walk;
  for (std::size_t i = 0; i < side.digits.count; ++i) {
    const Digit& digit = side.digits.digit[i];
    const std::int64_t step = digit.stride * side.factor;
    switch (digit.fate) {
      case Fate::outer:
        walk.apart.add(0, digit.bound, step);
        break;
      case Fate::mover:
        walk.apart.add(1, digit.bound, step);
        walk.behind += step;
        break;
      case Fate::inner:
        walk.behind -= (digit.bound - 1) * step;
        break;
      case Fate::shared:
        (shares ? walk.shared : walk.apart).add(0, digit.bound, step);
        break;
    }
  }
  return walk;
}

bool has_shared(const Digits& digits) noexcept {
  return std::any_of(digits.digit.begin(),
                     digits.digit.begin() + static_cast<std::ptrdiff_t>(digits.count),
                     [](const Digit& digit) { return digit.fate == Fate::shared; });
}

// A tile: `count` points, `step` apart.
struct Row {
  std::int64_t step = 1;
  std::int64_t count = 1;
};

std::int64_t steps_over(std::int64_t distance, std::int64_t step) noexcept {
  return step == 1 ? distance : (distance + step - 1) / step;
}

// Points of the rows that start at `base` plus a rung of the ladder and lie from 0 to `limit`;
// limit 0: all of them.
std::int64_t points_on(const Ladder& ladder, std::int64_t base, const Row& row,
                       std::int64_t limit) noexcept {
  std::int64_t points = ladder.count() * row.count;
  const std::int64_t reach = row.step * (row.count - 1);
  if (limit == 0 || points == 0) {
    return points;
  }
  if (base + ladder.lowest() < 0) {
    for (std::int64_t i = 0; i < ladder.count(); ++i) {
      const std::int64_t low = base + ladder.at(i);
      if (low >= 0) {
        break;
      }
      points -= std::min(row.count, steps_over(-low, row.step));
    }
  }
  if (base + ladder.highest() + reach >= limit) {
    for (std::int64_t i = ladder.count(); i-- > 0;) {
      const std::int64_t last = base + ladder.at(i) + reach;
      if (last < limit) {
        break;
      }
      points -= std::min(row.count, steps_over(last - limit + 1, row.step));
    }
  }
  return points;
}

// Different sums of what instances share along both dimensions.
class SharedPlaces {
 public:
  static constexpr std::int64_t kMost = 64;  // more are left to the walk

  SharedPlaces(const Ladder& first, const Ladder& second) noexcept {
    if (first.count() * second.count() > kMost) {
      count_ = kMost + 1;
      return;
    }
    for (std::int64_t i = 0; i < first.count(); ++i) {
      for (std::int64_t j = 0; j < second.count(); ++j) {
        place_[count_++] = first.at(i) + second.at(j);
      }
    }
    if (first.count() > 1 && second.count() > 1) {
      const auto end = place_.begin() + static_cast<std::ptrdiff_t>(count_);
      std::sort(place_.begin(), end);
      count_ = static_cast<std::size_t>(std::unique(place_.begin(), end) - place_.begin());
    }
  }
  bool fits() const noexcept { return count_ <= kMost; }
  std::size_t count() const noexcept { return count_; }
  std::int64_t operator[](std::size_t i) const noexcept { return place_[i]; }

 private:
  std::array<std::int64_t, kMost> place_;
  std::size_t count_ = 0;
};

std::optional<Row> row_of(const Progression& a, const Progression& b) noexcept {
  const std::int64_t extent = hull(a, b);
  if (distinct_sums(a, b) == extent) {
    return Row{1, extent};
  }
  if (a.count == 1 || a.step == 0) {
    return Row{b.step, b.count};
  }
  return b.count == 1 || b.step == 0 ? std::optional(Row{a.step, a.count}) : std::nullopt;
}

}  // namespace

std::optional<AxisSums> even_window_sums(const AxisSide& first, const AxisSide& second,
                                         const Rank& rank) noexcept {
  const std::optional<Row> now =
      first.even && second.even
          ? row_of({first.factor, first.extent}, {second.factor, second.extent})
          : std::nullopt;
  if (!now) {
    return std::nullopt;
  }
  const bool shares = has_shared(first.digits) && has_shared(second.digits);
  const Walk one = walk_of(first, shares);
  const Walk other = walk_of(second, shares);
  const SharedPlaces shared(one.shared, other.shared);
  if (!shared.fits()) {
    return std::nullopt;
  }
  // What a tile has in common with the one before: its points but for those at one end.
  const std::int64_t behind = one.behind + other.behind;
  const std::int64_t lost = std::abs(behind) / now->step;
  const bool meets = std::abs(behind) % now->step == 0 && lost < now->count;
  const Row kept{now->step, meets ? now->count - lost : 0};
  const std::int64_t skipped = std::max<std::int64_t>(0, -behind);
  std::int64_t words = 0;
  std::int64_t same = 0;
  for (std::int64_t j = 0; j < other.apart.count(); ++j) {
    for (std::size_t s = 0; s < shared.count(); ++s) {
      const std::int64_t base = rank.offset + other.apart.at(j) + shared[s];
      words += points_on(one.apart, base, *now, rank.extent);
      same += meets ? points_on(one.apart, base + skipped, kept, rank.extent) : 0;
    }
  }
  return AxisSums{static_cast<double>(words), static_cast<double>(same)};
}

}  // namespace imbrex::loop_nest
