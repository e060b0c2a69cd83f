// What the mappings of a random problem are worth at least, one by one.
#pragma once

#include "random_questions.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

namespace imbrex::test {

inline double latency(const LayerCost& cost) {
  return static_cast<double>(cost.latency_ps);
}
inline double energy(const LayerCost& cost) {
  return cost.energy_pj;
}
inline double product(const LayerCost& cost) {
  return cost.energy_pj * static_cast<double>(cost.latency_ps);
}
inline constexpr std::array<double (*)(const LayerCost&), 3> kObjectives = {latency, energy,
                                                                            product};

struct Least {
  std::array<double, 3> objective;
  std::int64_t feasible = 0;
};

inline Least enumerated(const RandomQuestion& question) {
  Least least;
  least.objective.fill(std::numeric_limits<double>::infinity());
  for (mapspace::MapSpace::Index i = 0; i < question.space->size(); ++i) {
    const LayerCost cost = cost_of(question, question.space->at(i));
    if (cost.verdict != Verdict::feasible) {
      continue;
    }
    ++least.feasible;
    for (std::size_t o = 0; o < kObjectives.size(); ++o) {
      least.objective[o] = std::min(least.objective[o], kObjectives[o](cost));
    }
  }
  return least;
}

}  // namespace imbrex::test
