#include "experiment/pareto.hpp"

#include "experiment/record_lookup.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

namespace imbrex::experiment {
namespace {

// Of the first `dimensions` costs: slices across the last of them, each as deep as it is far to the
// next point, which all points so far dominate in the others.
double volume_of(std::span<Costs> points, const Costs& reference, std::size_t dimensions) {
  const std::size_t last = dimensions - 1;
  std::sort(points.begin(), points.end(),
            [&](const Costs& one, const Costs& other) { return one[last] < other[last]; });
  if (dimensions == 1) {
    return points.empty() ? 0 : reference[0] - points[0][0];
  }
  double volume = 0;
  std::vector<Costs> slice;
  for (std::size_t i = 0; i < points.size(); ++i) {
    slice.push_back(points[i]);
    const double end = i + 1 < points.size() ? points[i + 1][last] : reference[last];
    if (end > points[i][last]) {
      volume += (end - points[i][last]) * volume_of(slice, reference, last);
    }
  }
  return volume;
}

}  // namespace

std::optional<Costs> costs_of(const PointRecord* record, const std::vector<std::string>& metrics) {
  Costs costs;
  for (const std::string& metric : metrics) {
    const auto value = number_of(record, metric);
    if (!value || !std::isfinite(*value)) {
      return std::nullopt;
    }
    costs.push_back(direction_of(metric) == Direction::more_is_better ? -*value : *value);
  }
  return costs;
}

bool dominates(const Costs& one, const Costs& other) noexcept {
  bool better = false;
  for (std::size_t i = 0; i < one.size(); ++i) {
    if (one[i] > other[i]) {
      return false;
    }
    better = better || one[i] < other[i];
  }
  return better;
}

// In lexicographic order nobody is dominated by somebody behind, and whoever is dominated is so by
// a member of the front: dominance is transitive.
std::vector<std::size_t> front_of(const std::vector<Costs>& candidates) {
  std::vector<std::size_t> order(candidates.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t one, std::size_t other) {
    return candidates[one] < candidates[other];
  });
  std::vector<std::size_t> front;
  for (const std::size_t candidate : order) {
    const bool dominated = std::any_of(front.rbegin(), front.rend(), [&](std::size_t member) {
      return dominates(candidates[member], candidates[candidate]);
    });
    if (!dominated) {
      front.push_back(candidate);
    }
  }
  return front;
}

double hypervolume(std::vector<Costs> points, const Costs& reference) {
  std::erase_if(points, [&](const Costs& point) {
    return std::inner_product(point.begin(), point.end(), reference.begin(), false,
                              std::logical_or<>(), std::greater<>());
  });
  return volume_of(points, reference, reference.size());
}

}  // namespace imbrex::experiment
