#include <imbrex/toolkit/nests/axis_walk.hpp>
#include <imbrex/toolkit/nests/point_sets.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <vector>

namespace imbrex::nests {
namespace {

// Sums a leaf over the iterations that exist. Iterations of a loop that are not its last are alike,
// so each loop asks twice: for a whole one and for what is left.
template <class Leaf>
double sum_over(const Digits& digits, std::size_t i, std::int64_t left, const Leaf& leaf) {
  if (i == digits.count) {
    return leaf(left);
  }
  const Digit& digit = digits.digit[i];
  if (digit.fate == Fate::inner) {
    return sum_over(digits, i + 1, left, leaf);
  }
  const std::int64_t whole = std::min(digit.bound, left / digit.stride);
  const bool part = whole < digit.bound && left % digit.stride > 0;
  const std::int64_t skipped = digit.fate == Fate::mover ? 1 : 0;  // nothing goes on to the first
  double sum = 0;
  if (whole > skipped) {
    sum += static_cast<double>(whole - skipped) * sum_over(digits, i + 1, digit.stride, leaf);
  }
  return part && whole >= skipped ? sum + sum_over(digits, i + 1, left % digit.stride, leaf) : sum;
}

// Places whose inner loops have nowhere to go: those that hold what they held before.
struct Standing {
  const AxisSide& side;

  double size(std::int64_t left) const noexcept {
    return static_cast<double>(std::min(side.extent, left));
  }

  double sum(std::size_t i, std::int64_t left) const {
    if (i == side.digits.count) {
      return size(left);
    }
    const Digit& digit = side.digits.digit[i];
    if (digit.fate == Fate::inner) {
      if (left >= 2 * digit.stride) {
        return 0;
      }
      return left <= digit.stride ? sum(i + 1, left) : sum_one_by_one(i + 1, left, digit.stride);
    }
    const std::int64_t whole = std::min(digit.bound, left / digit.stride);
    double words = whole > 0 ? static_cast<double>(whole) * sum(i + 1, digit.stride) : 0;
    if (whole < digit.bound && left % digit.stride > 0) {
      words += sum(i + 1, left % digit.stride);
    }
    return words;
  }

  // Some of the places inside have a next iteration `step` away, some have not.
  double sum_one_by_one(std::size_t i, std::int64_t left, std::int64_t step) const {
    if (i == side.digits.count) {
      return left <= step ? size(left) : 0;
    }
    const Digit& digit = side.digits.digit[i];
    if (digit.fate == Fate::inner) {
      return sum_one_by_one(i + 1, left, std::min(step, digit.stride));
    }
    double words = 0;
    for (std::int64_t j = 0; j < digit.bound && j * digit.stride < left; ++j) {
      words += sum_one_by_one(i + 1, left - j * digit.stride, step);
    }
    return words;
  }
};

// The last iterations of the inner loops that exist.
Place wrapped(const AxisSide& side, Place place) noexcept {
  for (std::size_t i = 0; i < side.digits.count; ++i) {
    const Digit& digit = side.digits.digit[i];
    if (digit.fate == Fate::inner) {
      const std::int64_t last = (side.bound - 1 - place.before) / digit.stride;
      place.before += std::min(digit.bound - 1, last) * digit.stride;
    }
  }
  return place;
}

class Places {
 public:
  explicit Places(const AxisSide& side) : side_(side) { walk(0, {}); }
  const std::vector<Place>& all() const noexcept { return places_; }
  bool share() const noexcept {
    return std::any_of(side_.digits.digit.begin(),
                       side_.digits.digit.begin() + static_cast<std::ptrdiff_t>(side_.digits.count),
                       [](const Digit& digit) { return digit.fate == Fate::shared; });
  }

 private:
  void walk(std::size_t i, Place place) {
    if (i == side_.digits.count) {
      places_.push_back(wrapped(side_, place));
      return;
    }
    const Digit& digit = side_.digits.digit[i];
    if (digit.fate == Fate::inner) {
      walk(i + 1, place);
      return;
    }
    const std::int64_t from = digit.fate == Fate::mover ? 1 : 0;
    for (std::int64_t j = from; j < digit.bound; ++j) {
      Place next = place;
      next.now += j * digit.stride;
      next.before += (j - from) * digit.stride;
      next.apart += digit.fate == Fate::shared ? 0 : j * digit.stride;
      if (next.now >= side_.bound) {
        break;
      }
      walk(i + 1, next);
    }
  }

  const AxisSide& side_;
  std::vector<Place> places_;
};

// Points of a tile along the coordinate: {low + a*i + b*j} that exist.
struct Points {
  std::int64_t low = 0;
  Progression first;
  Progression second;
  std::int64_t limit = 0;  // coordinates are below; 0: no limit

  std::int64_t reach() const noexcept { return hull(first, second); }
  std::int64_t begin() const noexcept { return limit > 0 ? std::max<std::int64_t>(low, 0) : low; }
  std::int64_t end() const noexcept {
    const std::int64_t past = low + reach();
    return limit > 0 ? std::min(past, limit) : past;
  }
  bool has_holes() const noexcept {
    // Neighbours of either progression touch, or the sums have to be counted.
    const bool touch = first.step == 1 ? second.step <= first.count
                                       : second.step == 1 && first.step <= second.count;
    return !touch && distinct_sums(first, second) < hull(first, second);
  }
  bool contains(std::int64_t x) const noexcept {
    for (std::int64_t j = 0; j < second.count; ++j) {
      const std::int64_t rest = x - low - second.step * j;
      if (rest == 0 || (first.step > 0 && rest > 0 && rest % first.step == 0 &&
                        rest / first.step < first.count)) {
        return true;
      }
    }
    return false;
  }
};

std::int64_t size_of(const Points& points) noexcept {
  if (!points.has_holes()) {
    return std::max<std::int64_t>(0, points.end() - points.begin());
  }
  std::int64_t size = 0;
  for (std::int64_t x = points.begin(); x < points.end(); ++x) {
    size += points.contains(x) ? 1 : 0;
  }
  return size;
}

std::int64_t common(const Points& a, const Points& b) noexcept {
  const std::int64_t begin = std::max(a.begin(), b.begin());
  const std::int64_t end = std::min(a.end(), b.end());
  if (!a.has_holes() && !b.has_holes()) {
    return std::max<std::int64_t>(0, end - begin);
  }
  std::int64_t size = 0;
  for (std::int64_t x = begin; x < end; ++x) {
    size += a.contains(x) && b.contains(x) ? 1 : 0;
  }
  return size;
}

Points points_of(const AxisSide& first, std::int64_t at, const AxisSide& second, std::int64_t other,
                 const Rank& rank) noexcept {
  return {rank.offset + first.factor * at + second.factor * other,
          {first.factor, std::min(first.extent, first.bound - at)},
          {second.factor, std::min(second.extent, second.bound - other)},
          rank.extent};
}

}  // namespace

double iterations(const Digits& digits, std::int64_t bound) noexcept {
  Digits counted;
  for (std::size_t i = 0; i < digits.count; ++i) {
    if (digits.digit[i].fate != Fate::shared) {
      counted.add(digits.digit[i]);
    }
  }
  return sum_over(counted, 0, bound, [](std::int64_t) { return 1.0; });
}

AxisSums plain_sums(const AxisSide& side) noexcept {
  const auto begin = side.digits.digit.begin();
  const bool moves = std::any_of(begin, begin + static_cast<std::ptrdiff_t>(side.digits.count),
                                 [](const Digit& one) { return one.fate == Fate::mover; });
  const Standing standing{side};
  return {
      sum_over(side.digits, 0, side.bound, [&](std::int64_t left) { return standing.size(left); }),
      moves ? 0.0 : standing.sum(0, side.bound)};
}

Place place_at(const AxisSide& side, std::int64_t now) noexcept {
  Place place{now, now, 0};
  for (std::size_t i = 0; i < side.digits.count; ++i) {
    place.before -= side.digits.digit[i].fate == Fate::mover ? side.digits.digit[i].stride : 0;
  }
  return wrapped(side, place);
}

AxisSums sums_at(const AxisSide& first, const Place& a, const AxisSide& second, const Place& b,
                 const Rank& rank) noexcept {
  const Points now = points_of(first, a.now, second, b.now, rank);
  const Points before = points_of(first, a.before, second, b.before, rank);
  return {static_cast<double>(size_of(now)), static_cast<double>(common(now, before))};
}

AxisSums walked_window_sums(const AxisSide& first, const AxisSide& second, const Rank& rank) {
  const Places one(first);
  const Places other(second);
  const bool may_meet = one.share() && other.share();
  // Instances share what is alike: where a tile begins and ends.
  std::set<std::array<std::int64_t, 4>> seen;
  AxisSums sums;
  for (const Place& a : one.all()) {
    for (const Place& b : other.all()) {
      const Points now = points_of(first, a.now, second, b.now, rank);
      if (may_meet && !seen.insert({a.apart, b.apart, now.low, now.reach()}).second) {
        continue;
      }
      const AxisSums here = sums_at(first, a, second, b, rank);
      sums.now += here.now;
      sums.kept += here.kept;
    }
  }
  return sums;
}

}  // namespace imbrex::nests
