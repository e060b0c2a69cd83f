#include "range_max.hpp"

#include <algorithm>

namespace imbrex::clsa {
namespace {

// Beyond this many neighbours, maxima of powers of two neighbours pay for their own making.
constexpr std::int64_t kWideRange = 8;

// An array seen as [outer][count][inner], the axis in question in the middle.
struct View {
  std::int64_t outer = 1;
  std::int64_t count = 1;
  std::int64_t inner = 1;
};

bool keeps_everything(std::span<const IndexRange> ranges, std::int64_t count) noexcept {
  if (static_cast<std::int64_t>(ranges.size()) != count) {
    return false;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    if (ranges[static_cast<std::size_t>(i)] != IndexRange{i, i + 1}) {
      return false;
    }
  }
  return true;
}

void max_into(std::int64_t* target, const std::int64_t* source, std::int64_t count) noexcept {
  for (std::int64_t i = 0; i < count; ++i) {
    target[i] = std::max(target[i], source[i]);
  }
}

void narrow_ranges(const View& view, const std::int64_t* source, std::span<const IndexRange> ranges,
                   std::int64_t* target) noexcept {
  for (std::int64_t o = 0; o < view.outer; ++o, source += view.count * view.inner) {
    for (const IndexRange& range : ranges) {
      if (view.inner == 1) {
        std::int64_t latest = kAlwaysThere;
        for (std::int64_t i = range.begin; i < range.end; ++i) {
          latest = std::max(latest, source[i]);
        }
        *target = latest;
      } else {
        std::fill(target, target + view.inner, kAlwaysThere);
        for (std::int64_t i = range.begin; i < range.end; ++i) {
          max_into(target, source + i * view.inner, view.inner);
        }
      }
      target += view.inner;
    }
  }
}

// Sparse table: level k holds the maxima of 2^k neighbours; two of them cover any range.
void wide_ranges(const View& view, std::vector<std::int64_t>& source,
                 std::span<const IndexRange> ranges, std::int64_t* target) {
  const std::int64_t row = view.inner;
  const std::int64_t target_block = static_cast<std::int64_t>(ranges.size()) * row;
  std::fill(target, target + view.outer * target_block, kAlwaysThere);
  for (std::int64_t width = 1; width <= view.count; width *= 2) {
    for (std::int64_t o = 0; o < view.outer; ++o) {
      std::int64_t* const block = source.data() + o * view.count * row;
      for (std::size_t r = 0; r < ranges.size(); ++r) {
        const std::int64_t length = ranges[r].end - ranges[r].begin;
        if (length >= width && length < 2 * width) {
          std::int64_t* const to = target + o * target_block + static_cast<std::int64_t>(r) * row;
          max_into(to, block + ranges[r].begin * row, row);
          max_into(to, block + (ranges[r].end - width) * row, row);
        }
      }
      // Doubling in place: entry i then covers [i, i + 2 * width); later entries are still old.
      for (std::int64_t i = 0; i + width < view.count; ++i) {
        max_into(block + i * row, block + (i + width) * row, row);
      }
    }
  }
}

}  // namespace

void range_max(DenseArray& array, std::size_t axis, std::span<const IndexRange> ranges,
               std::vector<std::int64_t>& spare) {
  View view;
  view.count = array.extent[axis];
  for (std::size_t a = 0; a < kMaxRank; ++a) {
    (a < axis ? view.outer : view.inner) *= a == axis ? 1 : array.extent[a];
  }
  if (keeps_everything(ranges, view.count)) {
    return;
  }
  spare.resize(static_cast<std::size_t>(view.outer * view.inner) * ranges.size());
  std::int64_t widest = 0;
  for (const IndexRange& range : ranges) {
    widest = std::max(widest, range.end - range.begin);
  }
  if (widest > kWideRange && ranges.size() > 2) {
    wide_ranges(view, array.value, ranges, spare.data());
  } else {
    narrow_ranges(view, array.value.data(), ranges, spare.data());
  }
  array.value.swap(spare);
  array.extent[axis] = static_cast<std::int64_t>(ranges.size());
}

}  // namespace imbrex::clsa
