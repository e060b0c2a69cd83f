#include "availability_map.hpp"

#include <algorithm>
#include <utility>

namespace imbrex::clsa {
namespace {

// The last axis is one run: contiguous, constant or strided.
void accumulate_run(std::int64_t* target, const std::int64_t* source, std::int64_t count,
                    std::int64_t stride, std::int64_t delay_ps) noexcept {
  if (stride == 1) {
    for (std::int64_t i = 0; i < count; ++i) {
      target[i] = std::max(target[i], source[i] + delay_ps);
    }
    return;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    target[i] = std::max(target[i], source[i * stride] + delay_ps);
  }
}

bool has_axes_of(const DenseArray& larger, const DenseArray& smaller) noexcept {
  for (std::size_t axis = 0; axis < kMaxRank; ++axis) {
    if (smaller.extent[axis] > larger.extent[axis]) {
      return false;
    }
  }
  return true;
}

void absorb(DenseArray& larger, const DenseArray& smaller) {
  accumulate(larger, smaller.value, strides_of(smaller), 0);
}

}  // namespace

std::array<std::int64_t, kMaxRank> strides_of(const DenseArray& array) noexcept {
  std::array<std::int64_t, kMaxRank> strides{};
  std::int64_t stride = 1;
  for (std::size_t axis = kMaxRank; axis-- > 0;) {
    strides[axis] = array.extent[axis] > 1 ? stride : 0;
    stride *= array.extent[axis];
  }
  return strides;
}

void add_term(AvailabilityMap& map, DenseArray term) {
  for (DenseArray& other : map.terms) {
    if (has_axes_of(other, term)) {
      absorb(other, term);
      return;
    }
  }
  std::erase_if(map.terms, [&](const DenseArray& other) {
    const bool is_part = has_axes_of(term, other);
    if (is_part) {
      absorb(term, other);
    }
    return is_part;
  });
  map.terms.push_back(std::move(term));
}

void reduce_term(DenseArray& term, std::size_t axis, std::span<const IndexRange> ranges,
                 std::vector<std::int64_t>& spare) {
  if (term.extent[axis] > 1) {
    range_max(term, axis, ranges, spare);
    return;
  }
  std::vector<IndexRange> one(ranges.begin(), ranges.end());
  bool all_there = true;
  for (IndexRange& range : one) {
    all_there = all_there && !range.empty();
    range = range.empty() ? IndexRange{} : IndexRange{0, 1};
  }
  if (!all_there) {
    range_max(term, axis, one, spare);
  }
}

IndexRange AvailabilityMap::cells_meeting(std::size_t axis, const Interval& wanted) const noexcept {
  const std::vector<std::int64_t>& borders = cuts[axis];
  if (wanted.empty()) {
    return {};
  }
  if (borders.size() == 2) {
    return {0, 1};
  }
  const auto first = std::upper_bound(borders.begin(), borders.end(), wanted.begin) - 1;
  const auto last = std::lower_bound(first, borders.end(), wanted.end);
  return {first - borders.begin(), last - borders.begin()};
}

AvailabilityMap always_there(const Shape& shape) {
  AvailabilityMap map;
  map.shape = shape;
  for (std::size_t axis = 0; axis < shape.rank; ++axis) {
    map.cuts[axis] = {0, shape[axis]};
  }
  map.terms = {DenseArray{{1, 1, 1, 1, 1, 1}, {kAlwaysThere}}};
  return map;
}

void accumulate(DenseArray& target, const std::vector<std::int64_t>& source,
                const std::array<std::int64_t, kMaxRank>& strides, std::int64_t delay_ps) {
  constexpr std::size_t kLast = kMaxRank - 1;
  std::array<std::int64_t, kMaxRank> at{};
  const std::int64_t run = target.extent[kLast];
  std::int64_t* to = target.value.data();
  std::int64_t* const end = to + target.value.size();
  const std::int64_t* from = source.data();
  while (to != end) {
    accumulate_run(to, from, run, strides[kLast], delay_ps);
    to += run;
    for (std::size_t axis = kLast; axis-- > 0;) {
      from += strides[axis];
      if (++at[axis] < target.extent[axis]) {
        break;
      }
      from -= strides[axis] * at[axis];
      at[axis] = 0;
    }
  }
}

}  // namespace imbrex::clsa
