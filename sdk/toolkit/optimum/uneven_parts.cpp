#include "optimum/uneven_parts.hpp"

#include <imbrex/values/work_order.hpp>

#include <algorithm>

namespace imbrex::optimum::uneven {
namespace {

Layout layout_as_if_even(MapSpaceSpec space, std::size_t levels) {
  for (MapSlot& slot : space.slots) {
    slot.imperfect = false;
  }
  return layout_of(space, levels);
}

bool depends(const Question& question, std::int64_t latency_ps, double energy_pj) {
  return question.objective({Verdict::feasible, 1 + latency_ps, 1 + energy_pj}) >
         question.objective({Verdict::feasible, 1, 1});
}

}  // namespace

Parts::Parts(const Question& asked)
    : question(asked),
      layout(layout_as_if_even(asked.space, asked.hierarchy.levels.size())),
      divisors(asked.space.bounds),
      boundaries(asked.problem, asked.hierarchy, layout, divisors),
      counter(boundaries, layout),
      lattice(asked.space.bounds),
      by_latency(depends(asked, kTimeLimitPs, 0)),
      by_energy(depends(asked, 0, 1e15)) {
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
}

Extents Parts::most_shares(std::size_t from, std::size_t to) const noexcept {
  Extents most{1, 1, 1, 1, 1, 1, 1, 1};
  for (std::size_t l = from; l < to; ++l) {
    for (std::size_t d = 0; d < kDimCount; ++d) {
      most[d] = std::min(most[d] * shares[l][d], lattice.of(d).bound());
    }
  }
  return most;
}

double Parts::alike_windows(std::size_t role, Extents spread) const noexcept {
  for (std::size_t d = 0; d < kDimCount; ++d) {
    spread[d] = depends_on(role, d) ? spread[d] : 1;
  }
  return boundaries.volumes(role).most_alike(spread);
}

void Parts::add(const Boundary& boundary, const Words& words,
                const std::array<double, kMaxLevels + 1>& instances_of,
                Loads& loads) const noexcept {
  const double alike = words.read > 0 ? words.into / words.read : 1;
  boundaries.add(boundary, {words.into, alike, words.ever}, instances_of, loads);
}

double Parts::worth(double energy_pj, double steps, double cycles) const {
  constexpr double kRounding = 1 - 1e-12;  // words were added up in another order
  const double most = std::max(steps * question.problem.work_share, cycles * kRounding);
  return question.objective(
      {Verdict::feasible, by_latency ? counter.latency_ps(most, 1) : 1, std::max(0.0, energy_pj)});
}

}  // namespace imbrex::optimum::uneven
