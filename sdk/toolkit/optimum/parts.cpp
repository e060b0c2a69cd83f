#include "optimum/parts.hpp"

#include <imbrex/values/work_order.hpp>

#include <algorithm>

namespace imbrex::optimum {

bool rises(const Question& question, std::int64_t latency_ps, double energy_pj) {
  return question.objective({Verdict::feasible, 1 + latency_ps, 1 + energy_pj}) >
         question.objective({Verdict::feasible, 1, 1});
}

Parts::Parts(const Question& asked)
    : question(asked),
      layout(layout_of(asked.space, asked.hierarchy.levels.size())),
      lattice(asked.space.bounds),
      boundaries(asked.problem, asked.hierarchy, layout, lattice),
      by_latency(rises(asked, kTimeLimitPs, 0)),
      by_energy(rises(asked, 0, 1e15)),
      tables(boundaries, layout, lattice, by_latency),
      counter(boundaries, layout, by_latency) {}

Least Parts::behind(std::size_t step, std::uint32_t tile, const Loads& passing_by,
                    bool from) const noexcept {
  const StepTable& all = tables.all(step);
  const StepTable& others = tables.others(step);
  Least least = from ? all.from[tile] : all.inside[tile];
  const Least& without = from ? others.from[tile] : others.inside[tile];
  least.energy_pj = std::max(least.energy_pj, without.energy_pj + passing_by.energy_pj);
  return least;
}

double Parts::worth(double energy_pj, std::int64_t steps, double cycles, std::int64_t jobs) const {
  if (!by_latency) {
    return question.objective({Verdict::feasible, 0, std::max(0.0, energy_pj)});
  }
  constexpr double kRounding = 1 - 1e-12;  // words were added up in another order
  const double work = static_cast<double>(steps) * question.problem.work_share;
  const std::int64_t latency_ps =
      std::max(counter.latency_ps(work, jobs), counter.latency_ps(cycles * kRounding, jobs));
  return question.objective({Verdict::feasible, latency_ps, std::max(0.0, energy_pj)});
}

}  // namespace imbrex::optimum
