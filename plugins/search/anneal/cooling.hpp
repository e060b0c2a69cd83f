// The acceptance rule of simulated annealing: worsening relative to the present energy, accepted
// with a probability that falls geometrically from step to step.
#pragma once

#include <imbrex/plugin/host.hpp>

#include <cmath>
#include <cstdint>
#include <limits>

namespace imbrex::anneal {

struct Cooling {
  double first = 0;  // worsening accepted with probability 1/e at the first step
  double last = 0;
  std::int64_t steps = 1;

  double temperature(std::int64_t step) const noexcept {
    const double done = steps < 2 ? 0 : static_cast<double>(step) / static_cast<double>(steps - 1);
    return first * std::pow(last / first, done);
  }

  bool accepts(double energy, double next, std::int64_t step, Random& random) const noexcept {
    if (next <= energy) {
      return next < std::numeric_limits<double>::infinity();
    }
    return random.unit() < std::exp(-(next - energy) / (temperature(step) * energy));
  }
};

}  // namespace imbrex::anneal
