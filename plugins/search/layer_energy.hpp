// File: layer_energy.hpp
//
// What a layer alone is worth to the recipe's objective.
#pragma once

#include <imbrex/evaluator.hpp>

#include <limits>

namespace imbrex::search {

inline constexpr double kInfeasible = std::numeric_limits<double>::infinity();

// Throughput of layers that take turns is their latency.
inline double energy_of(const LayerCost& cost, Objective objective) noexcept {
  if (cost.verdict != Verdict::feasible) {
    return kInfeasible;
  }
  switch (objective) {
    case Objective::energy:
      return cost.energy_pj;
    case Objective::edp:
      return cost.energy_pj * static_cast<double>(cost.latency_ps);
    case Objective::latency:
    case Objective::throughput:
      break;
  }
  return static_cast<double>(cost.latency_ps);
}

}  // namespace imbrex::search
