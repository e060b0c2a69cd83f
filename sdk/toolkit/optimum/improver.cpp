#include "optimum/improver.hpp"

#include <imbrex/plugin/host.hpp>

#include <cmath>

namespace imbrex::optimum {
namespace {

// Worsening that is accepted with probability 1/e, of the objective: as imbrex.search.anneal has
// it.
constexpr double kFirstWorsening = 0.05;
constexpr double kLastWorsening = 1e-4;

}  // namespace

bool Improver::improve(Answer& answer, std::int64_t changes) {
  if (!space_) {
    space_.emplace(question_.space);
  }
  Random random(0, stream_++);
  Mapping here = *answer.mapping;
  double objective = answer.objective;
  double worsening = kFirstWorsening;
  const double cooling =
      std::pow(kLastWorsening / kFirstWorsening, 1 / static_cast<double>(changes));
  bool is_better = false;
  for (std::int64_t i = 0; i < changes; ++i, worsening *= cooling) {
    const Mapping next = space_->neighbour(here, random);
    const LayerCost cost = counter_.cost(next);
    ++answer.leaves;
    if (cost.verdict != Verdict::feasible) {
      continue;
    }
    const double worth = question_.objective(cost);
    if (worth > objective &&
        random.unit() >= std::exp((objective - worth) / (worsening * objective))) {
      continue;
    }
    here = next;
    objective = worth;
    if (worth < answer.objective) {
      answer.mapping = next;
      answer.cost = cost;
      answer.objective = worth;
      is_better = true;
    }
  }
  return is_better;
}

}  // namespace imbrex::optimum
