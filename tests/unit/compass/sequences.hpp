// Sequences of units for tests of searches, and slow obvious twins.
#pragma once

#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/segments/segment_search.hpp>
#include <imbrex/values/region.hpp>

#include <algorithm>
#include <limits>

namespace imbrex::segments {

// Specification compass section 14 A: sizes 2 3 4 4 2 3 on 10, windows 24 12 6 6 2 1.
inline constexpr std::int64_t kSizesOfA[] = {2, 3, 4, 4, 2, 3};
inline constexpr std::int64_t kWindowsOfA[] = {24, 12, 6, 6, 2, 1};
inline constexpr std::int64_t kCapacityOfA = 10;

inline Spans example_a() {
  return Spans({3, 3, 5, 6, 6, 6});
}

// min over copies of max ceil(w / r), by trying every maximum.
inline std::int64_t slowest_of_a(std::int32_t begin, std::int32_t end) {
  for (std::int64_t slowest = 1;; ++slowest) {
    std::int64_t used = 0;
    for (std::int32_t i = begin; i < end; ++i) {
      used += kSizesOfA[i] * ceil_div(kWindowsOfA[i], slowest);
    }
    if (used <= kCapacityOfA) {
      return slowest;
    }
  }
}

inline std::vector<double> example_a_costs() {
  const Spans spans = example_a();
  std::vector<double> costs;
  for (std::int32_t a = 0; a < spans.units(); ++a) {
    std::int64_t size = 0;
    for (std::int32_t b = a + 1; b <= spans.largest_end(a); ++b) {
      size += kSizesOfA[b - 1];
      costs.push_back(static_cast<double>(8 + size + 2 * slowest_of_a(a, b)));
    }
  }
  return costs;
}

inline Spans random_spans(Random& random, std::int64_t most_units) {
  const std::int64_t units = random.between(1, most_units);
  std::vector<std::int64_t> size;
  for (std::int64_t i = 0; i < units; ++i) {
    size.push_back(random.between(1, 6));
  }
  const std::int64_t capacity = random.between(6, 20);
  std::vector<std::int32_t> ends;
  for (std::int64_t a = 0; a < units; ++a) {
    std::int64_t used = 0;
    std::int64_t b = a;
    while (b < units && used + size[static_cast<std::size_t>(b)] <= capacity) {
      used += size[static_cast<std::size_t>(b++)];
    }
    ends.push_back(static_cast<std::int32_t>(b));
  }
  return Spans(ends);
}

inline std::vector<double> random_costs(const Spans& spans, Random& random) {
  std::vector<double> costs(spans.count());
  std::generate(costs.begin(), costs.end(),
                [&] { return static_cast<double>(random.between(12, 100)); });
  return costs;
}

inline void extend(const Spans& spans, std::int32_t begin, Ends& ends, std::vector<Ends>& out) {
  if (begin == spans.units()) {
    out.push_back(ends);
    return;
  }
  for (std::int32_t end = begin + 1; end <= spans.largest_end(begin); ++end) {
    ends.push_back(end);
    extend(spans, end, ends, out);
    ends.pop_back();
  }
}
inline std::vector<Ends> all_groups(const Spans& spans) {
  std::vector<Ends> out;
  Ends ends;
  extend(spans, 0, ends, out);
  return out;
}

inline bool is_group(const Spans& spans, const Ends& ends) {
  std::int32_t begin = 0;
  for (const std::int32_t end : ends) {
    if (end <= begin || !spans.fits(begin, end)) {
      return false;
    }
    begin = end;
  }
  return begin == spans.units();
}

}  // namespace imbrex::segments
