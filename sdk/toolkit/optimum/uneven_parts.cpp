#include "optimum/uneven_parts.hpp"

#include <imbrex/values/work_order.hpp>

#include <algorithm>

namespace imbrex::optimum {
namespace {

constexpr std::size_t kMostSpreads = 32;

// Bounds of one level's spatial loops whose product is within its fan-out, the dimensions below
// `dims` still to be chosen: as large as there is room for.
void add_largest(const Extents& most, std::int64_t room, std::size_t dims, Extents& now,
                 std::vector<Extents>& found) {
  const bool is_last =
      std::none_of(most.begin(), most.begin() + static_cast<std::ptrdiff_t>(dims - 1),
                   [](std::int64_t bound) { return bound > 1; });
  const std::int64_t high = std::min(most[dims - 1], room);
  for (std::int64_t bound = is_last ? high : 1; bound <= high && found.size() <= 1000; ++bound) {
    now[dims - 1] = bound;
    if (dims == 1) {
      found.push_back(now);
    } else {
      add_largest(most, room / bound, dims - 1, now, found);
    }
  }
}

bool exceeds(const Extents& one, const Extents& other) noexcept {
  for (std::size_t d = 0; d < kDimCount; ++d) {
    if (one[d] < other[d]) {
      return false;
    }
  }
  return one != other;
}

std::vector<Extents> largest(const Extents& most, std::int64_t fanout) {
  std::vector<Extents> all;
  Extents now{1, 1, 1, 1, 1, 1, 1, 1};
  add_largest(most, fanout, kDimCount, now, all);
  if (all.size() > 1000) {
    return {most};
  }
  std::vector<Extents> result;
  for (const Extents& one : all) {
    if (std::none_of(all.begin(), all.end(),
                     [&](const Extents& other) { return exceeds(other, one); })) {
      result.push_back(one);
    }
  }
  return result;
}

std::vector<Spread> spreads_of(const ClassParts& parts) {
  Spread none;
  none.fill({1, 1, 1, 1, 1, 1, 1, 1});
  std::vector<Spread> spreads{none};
  for (std::size_t l = 0; l < parts.levels(); ++l) {
    std::vector<Extents> mine = largest(parts.shares[l], parts.layout.spatial[l].fanout);
    if (mine.size() * spreads.size() > kMostSpreads) {
      mine = {parts.shares[l]};
    }
    std::vector<Spread> next;
    for (Spread spread : spreads) {
      for (const Extents& one : mine) {
        spread[l] = one;
        next.push_back(spread);
      }
    }
    spreads = std::move(next);
  }
  return spreads;
}

}  // namespace

MapSpaceSpec as_if_even(MapSpaceSpec space) {
  for (MapSlot& slot : space.slots) {
    slot.imperfect = false;
  }
  return space;
}

ClassParts::ClassParts(const Question& asked)
    : question(asked),
      layout(layout_of(as_if_even(asked.space), asked.hierarchy.levels.size())),
      divisors(asked.space.bounds),
      boundaries(asked.problem, asked.hierarchy, layout, divisors),
      counter(boundaries, layout, true),
      lattice(asked.space.bounds),
      by_latency(rises(asked, kTimeLimitPs, 0)),
      by_energy(rises(asked, 0, 1e15)) {
  for (const nests::TensorRanks& tensor : asked.problem.tensor) {
    volumes.emplace_back(tensor, lattice);
  }
  instances[0] = 1;
  for (std::size_t l = 0; l < levels(); ++l) {
    const Slot& slot = layout.spatial[l];
    double most = 1;
    for (std::size_t d = 0; d < kDimCount; ++d) {
      shares[l][d] =
          std::max<std::int64_t>(1, std::min({slot.high[d], slot.fanout, lattice.of(d).bound()}));
      most *= static_cast<double>(shares[l][d]);
    }
    instances[l + 1] = instances[l] * std::min(most, static_cast<double>(slot.fanout));
  }
  spreads = spreads_of(*this);
}

Extents product_of(const Spread& spread, std::size_t from, std::size_t to) noexcept {
  Extents product{1, 1, 1, 1, 1, 1, 1, 1};
  for (std::size_t l = from; l < to; ++l) {
    for (std::size_t d = 0; d < kDimCount; ++d) {
      product[d] *= spread[l][d];
    }
  }
  return product;
}

Extents ClassParts::most_shares(std::size_t from, std::size_t to) const noexcept {
  Extents most{1, 1, 1, 1, 1, 1, 1, 1};
  for (std::size_t l = from; l < to; ++l) {
    for (std::size_t d = 0; d < kDimCount; ++d) {
      most[d] = std::min(most[d] * shares[l][d], lattice.of(d).bound());
    }
  }
  return most;
}

double ClassParts::alike_windows(std::size_t role, Extents spread) const noexcept {
  for (std::size_t d = 0; d < kDimCount; ++d) {
    spread[d] = depends_on(role, d) ? spread[d] : 1;
  }
  return boundaries.volumes(role).most_alike(spread);
}

void ClassParts::add(const Boundary& boundary, const ClassWords& words,
                     const std::array<double, kMaxLevels + 1>& instances_of,
                     Loads& loads) const noexcept {
  const double alike = words.read > 0 ? words.into / words.read : 1;
  boundaries.add(boundary, {words.into, alike, words.ever}, instances_of, loads);
}

double ClassParts::worth(double energy_pj, double steps, double cycles) const {
  constexpr double kRounding = 1 - 1e-12;  // words were added up in another order
  const double most = std::max(steps * question.problem.work_share, cycles * kRounding);
  return question.objective(
      {Verdict::feasible, by_latency ? counter.latency_ps(most, 1) : 1, std::max(0.0, energy_pj)});
}

}  // namespace imbrex::optimum
