#include "language/region_list.hpp"

#include <algorithm>
#include <tuple>

namespace imbrex {
namespace {

std::tuple<std::int64_t, std::int64_t> bounds(const Interval& interval) noexcept {
  return {interval.begin, interval.end};
}

// -1, 0 or 1: by delay, then by every axis but one.
int compare_others(const Source& a, const Source& b, std::size_t axis) noexcept {
  if (a.delay_ps != b.delay_ps) {
    return a.delay_ps < b.delay_ps ? -1 : 1;
  }
  for (std::size_t other = 0; other < a.region.rank; ++other) {
    const auto one = bounds(a.region.axis[other]);
    const auto two = bounds(b.region.axis[other]);
    if (other != axis && one != two) {
      return one < two ? -1 : 1;
    }
  }
  return 0;
}

// Boxes that differ along one axis only and touch or overlap there are one box. False: none were.
bool join_along(std::vector<Source>& sources, std::size_t axis) {
  std::sort(sources.begin(), sources.end(), [axis](const Source& a, const Source& b) {
    const int others = compare_others(a, b, axis);
    return others != 0 ? others < 0 : bounds(a.region.axis[axis]) < bounds(b.region.axis[axis]);
  });
  std::size_t kept = 0;
  for (std::size_t i = 1; i < sources.size(); ++i) {
    Interval& last = sources[kept].region.axis[axis];
    const Interval& next = sources[i].region.axis[axis];
    if (compare_others(sources[kept], sources[i], axis) == 0 && next.begin <= last.end) {
      last.end = std::max(last.end, next.end);
    } else {
      sources[++kept] = sources[i];
    }
  }
  const bool joined = kept + 1 < sources.size();
  sources.resize(kept + 1);
  return joined;
}

bool differs_along(const std::vector<Source>& sources, std::size_t axis) noexcept {
  return std::any_of(sources.begin(), sources.end(), [&](const Source& source) {
    return source.region.axis[axis] != sources.front().region.axis[axis];
  });
}

}  // namespace

void join_regions(std::vector<Source>& sources) {
  if (sources.empty()) {
    return;
  }
  const std::size_t rank = sources.front().region.rank;
  join_along(sources, 0);  // what is there twice
  bool joined = true;
  while (joined) {
    joined = false;
    for (std::size_t axis = 0; axis < rank; ++axis) {
      joined = (differs_along(sources, axis) && join_along(sources, axis)) || joined;
    }
  }
}

}  // namespace imbrex
