#include <imbrex/toolkit/nests/border_windows.hpp>
#include <imbrex/toolkit/nests/point_sets.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace imbrex::nests {
namespace {

// Where one dimension is, ascending: a mixed radix number, as strides nest.
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
  // How many rungs are not above `limit`.
  std::int64_t up_to(std::int64_t limit) const noexcept {
    if (limit < lowest_ || count_ == 0) {
      return 0;
    }
    std::int64_t rest = limit - lowest_;
    std::int64_t rungs = 0;
    for (std::size_t d = 0; d < depth_; ++d) {
      const std::int64_t steps = std::min(rung_[d].count - 1, rest / rung_[d].step);
      rest -= steps * rung_[d].step;
      rungs = rungs * rung_[d].count + steps;
    }
    return rungs + 1;
  }
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

// One side: places that count each for itself, and those that instances share.
struct Walk {
  Ladder apart;
  Ladder shared;
  std::int64_t behind = 0;   // how far the tile before lay behind, where nothing is cut off
  std::int64_t regular = 0;  // places of `apart` where nothing is,
  std::int64_t highest = 0;  // the last of them,
  std::int64_t places = 0;   // and those that exist
};

Walk walk_of(const AxisSide& side, bool shares) noexcept {
  Walk walk;
  for (std::size_t i = 0; i < side.digits.count; ++i) {
    const Digit& digit = side.digits.digit[i];
    switch (digit.fate) {
      case Fate::outer:
        walk.apart.add(0, digit.bound, digit.stride);
        break;
      case Fate::mover:
        walk.apart.add(1, digit.bound, digit.stride);
        walk.behind += digit.stride;
        break;
      case Fate::inner:
        walk.behind -= (digit.bound - 1) * digit.stride;
        break;
      case Fate::shared:
        (shares ? walk.shared : walk.apart).add(0, digit.bound, digit.stride);
        break;
    }
  }
  if (side.even) {
    walk.regular = walk.places = walk.apart.count();
    walk.highest = walk.apart.highest();
    return walk;
  }
  const std::int64_t ahead = std::max<std::int64_t>(0, -walk.behind);  // of the tile before
  walk.regular = walk.apart.up_to(side.bound - side.extent - ahead);
  walk.places = walk.apart.up_to(side.bound - 1);
  walk.highest = walk.regular > 0 ? walk.apart.at(walk.regular - 1) : 0;
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

// Points of the rows that start at `base` plus `factor` times a regular place and lie from 0 to
// `limit`; limit 0: all of them.
std::int64_t points_on(const Walk& walk, std::int64_t factor, std::int64_t base, const Row& row,
                       std::int64_t limit) noexcept {
  std::int64_t points = walk.regular * row.count;
  const std::int64_t reach = row.step * (row.count - 1);
  if (limit == 0 || points == 0) {
    return points;
  }
  std::int64_t low = base + factor * walk.apart.lowest();
  for (std::int64_t i = 1; low < 0; ++i) {
    points -= std::min(row.count, steps_over(-low, row.step));
    low = i < walk.regular ? base + factor * walk.apart.at(i) : 0;
  }
  std::int64_t last = base + factor * walk.highest + reach;
  for (std::int64_t i = walk.regular - 1; last >= limit; --i) {
    points -= std::min(row.count, steps_over(last - limit + 1, row.step));
    last = i > 0 ? base + factor * walk.apart.at(i - 1) + reach : limit - 1;
  }
  return points;
}

// Different sums of what instances share along both dimensions.
class SharedPlaces {
 public:
  static constexpr std::int64_t kMost = 64;  // more are left to the walk

  SharedPlaces(const Ladder& first, std::int64_t factor, const Ladder& second,
               std::int64_t other_factor) noexcept {
    if (first.count() * second.count() > kMost) {
      count_ = kMost + 1;
      return;
    }
    for (std::int64_t i = 0; i < first.count(); ++i) {
      for (std::int64_t j = 0; j < second.count(); ++j) {
        place_[count_++] = factor * first.at(i) + other_factor * second.at(j);
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

// The tiles of `first` at one place of `second` where nothing is cut off by loops.
class Regular {
 public:
  Regular(const Walk& one, const Row& now, std::int64_t factor, std::int64_t behind,
          const Rank& rank) noexcept
      : one_(one), now_(now), factor_(factor), limit_(rank.extent) {
    // What a tile has in common with the one before: its points but for those at one end.
    const std::int64_t lost = std::abs(behind) / now.step;
    meets_ = std::abs(behind) % now.step == 0 && lost < now.count;
    kept_ = {now.step, meets_ ? now.count - lost : 0};
    skipped_ = std::max<std::int64_t>(0, -behind);
  }

  void add(std::int64_t base, std::int64_t& words, std::int64_t& same) const noexcept {
    words += points_on(one_, factor_, base, now_, limit_);
    same += meets_ ? points_on(one_, factor_, base + skipped_, kept_, limit_) : 0;
  }

 private:
  const Walk& one_;
  Row now_;
  Row kept_;
  std::int64_t factor_;
  std::int64_t limit_;
  std::int64_t skipped_ = 0;
  bool meets_ = false;
};

// Pairs of places of which at least one is cut off, one by one.
AxisSums at_ends(const AxisSide& first, const Walk& one, const AxisSide& second, const Walk& other,
                 const Rank& rank) noexcept {
  AxisSums sums;
  const bool all_regular = one.regular == one.places;
  for (std::int64_t j = all_regular ? other.regular : 0; j < other.places; ++j) {
    const Place b = place_at(second, other.apart.at(j));
    for (std::int64_t i = j < other.regular ? one.regular : 0; i < one.places; ++i) {
      const AxisSums here = sums_at(first, place_at(first, one.apart.at(i)), second, b, rank);
      sums.now += here.now;
      sums.kept += here.kept;
    }
  }
  return sums;
}

}  // namespace

std::optional<AxisSums> border_window_sums(const AxisSide& first, const AxisSide& second,
                                           const Rank& rank) noexcept {
  const std::optional<Row> now =
      row_of({first.factor, first.extent}, {second.factor, second.extent});
  const bool shares = has_shared(first.digits) && has_shared(second.digits);
  if (!now || (shares && !(first.even && second.even))) {
    return std::nullopt;
  }
  const Walk one = walk_of(first, shares);
  const Walk other = walk_of(second, shares);
  const SharedPlaces shared(one.shared, first.factor, other.shared, second.factor);
  if (!shared.fits()) {
    return std::nullopt;
  }
  const Regular regular(one, *now, first.factor,
                        first.factor * one.behind + second.factor * other.behind, rank);
  std::int64_t words = 0;
  std::int64_t same = 0;
  for (std::int64_t j = 0; j < other.regular; ++j) {
    for (std::size_t s = 0; s < shared.count(); ++s) {
      regular.add(rank.offset + second.factor * other.apart.at(j) + shared[s], words, same);
    }
  }
  const AxisSums ends = at_ends(first, one, second, other, rank);
  return AxisSums{static_cast<double>(words) + ends.now, static_cast<double>(same) + ends.kept};
}

}  // namespace imbrex::nests
