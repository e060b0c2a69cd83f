#include "optimum/archive.hpp"

#include <algorithm>

namespace imbrex::optimum {

// Of those that are as fast, the slowest takes least.
bool Archive::covers(std::int64_t latency_ps, double energy_pj) const noexcept {
  const auto slower = std::upper_bound(latency_ps_.begin(), latency_ps_.end(), latency_ps);
  if (slower == latency_ps_.begin()) {
    return false;
  }
  const auto last = static_cast<std::size_t>(slower - latency_ps_.begin()) - 1;
  return points_[last].cost.energy_pj * (1 - margin_) <= energy_pj;
}

// Only what takes no less goes, without the margin: else points could drift from one to the next.
void Archive::add(const Mapping& mapping, const LayerCost& cost) {
  const auto from = std::lower_bound(latency_ps_.begin(), latency_ps_.end(), cost.latency_ps);
  const auto first = from - latency_ps_.begin();
  const auto last = std::find_if(
      points_.begin() + first, points_.end(),
      [&](const FrontPoint& slower) { return slower.cost.energy_pj < cost.energy_pj; });
  latency_ps_.erase(from, latency_ps_.begin() + (last - points_.begin()));
  points_.erase(points_.begin() + first, last);
  latency_ps_.insert(latency_ps_.begin() + first, cost.latency_ps);
  points_.insert(points_.begin() + first, {mapping, cost});
}

std::vector<FrontPoint> Archive::take() {
  std::vector<FrontPoint> front;
  for (FrontPoint& point : points_) {
    if (front.empty() || point.cost.energy_pj < front.back().cost.energy_pj * (1 - margin_)) {
      front.push_back(std::move(point));
    }
  }
  points_.clear();
  latency_ps_.clear();
  return front;
}

}  // namespace imbrex::optimum
