#include "optimum/archive.hpp"
#include "optimum/search.hpp"
#include "optimum/uneven.hpp"

#include <algorithm>

namespace imbrex::optimum {
namespace {

// Both ends of what is left are taken already.
struct Stretch {
  std::size_t first;
  std::size_t last;
};

// The places of `order`, without the points between them.
void keep_only(std::vector<FrontPoint>& points, std::vector<std::size_t> order) {
  std::sort(order.begin(), order.end());
  for (std::size_t i = 0; i < order.size(); ++i) {
    points[i] = points[order[i]];
  }
  points.resize(order.size());
}

// Of those that are made before anything is looked at: one per step, and one of shares per level.
double tiles_of_tables(const MapSpaceSpec& space, std::size_t levels) {
  const std::size_t tables = layout_of(space, levels).steps.size() + levels;
  return Lattice::size_of(space.bounds) * static_cast<double>(tables);
}

}  // namespace

std::vector<std::size_t> evenly_spread(std::size_t count) {
  std::vector<std::size_t> order;
  for (const std::size_t end : {std::size_t{0}, count - 1}) {
    if (order.size() < count) {
      order.push_back(end);
    }
  }
  std::vector<Stretch> stretches;
  if (count > 2) {
    stretches.push_back({0, count - 1});
  }
  for (std::size_t next = 0; next < stretches.size(); ++next) {
    const Stretch stretch = stretches[next];
    const std::size_t middle = stretch.first + (stretch.last - stretch.first) / 2;
    order.push_back(middle);
    for (const Stretch half : {Stretch{stretch.first, middle}, Stretch{middle, stretch.last}}) {
      if (half.last - half.first > 1) {
        stretches.push_back(half);
      }
    }
  }
  return order;
}

// One search for all points: what a branch takes at least, in time and in energy, is of no worth
// where a mapping is known that is no worse in either. Where none is, the product of both decides
// what is looked at first.
Front front(const MapSpaceSpec& space, const nests::Problem& problem,
            const nests::Hierarchy& hierarchy, const Limits& limits, std::size_t most_points) {
  Archive archive(std::max(limits.gap, kMargin));
  const auto worth = [&](const LayerCost& cost) {
    return archive.covers(cost.latency_ps, cost.energy_pj)
               ? kNever
               : static_cast<double>(cost.latency_ps) * (1 + cost.energy_pj);
  };
  const Question question{space, problem, hierarchy, worth};
  Answer answer;
  answer.unproved =
      is_uneven(space) ? "factors need not divide (imperfect)" : not_covered(question, limits);
  const double tiles = tiles_of_tables(space, hierarchy.levels.size());
  if (!answer.unproved.empty()) {
    return {{}, false, answer.unproved};
  }
  Limits left = limits;
  if (limits.max_states > 0) {
    left.max_states -=
        static_cast<std::int64_t>(std::min(tiles, static_cast<double>(limits.max_states)));
  }
  if (limits.max_states > 0 && left.max_states == 0) {
    answer.unproved = "max_states";  // not even tables can be made
  } else {
    const Parts parts(question);
    Search(parts, left, answer, &archive).run();
  }
  Front front{archive.take(), answer.proved, answer.unproved, 0, answer.states, answer.leaves};
  front.found = front.points.size();
  if (most_points > 0 && front.found > most_points) {
    std::vector<std::size_t> order = evenly_spread(front.found);
    order.resize(most_points);
    keep_only(front.points, std::move(order));
  }
  return front;
}

}  // namespace imbrex::optimum
