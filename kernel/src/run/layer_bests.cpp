// File: layer_bests.cpp
#include "run/layer_bests.hpp"

namespace imbrex {

void LayerBests::remember(OperatorId op, const Placement& placement,
                          std::span<const Mapping> candidates, std::span<const LayerCost> costs,
                          const Evaluator& evaluator) {
  std::optional<Best>& best = best_[index(op)];
  if (best && best->placement != placement) {
    best.reset();  // costs under different placements do not compare
  }
  for (std::size_t i = 0; i < costs.size(); ++i) {
    if (costs[i].verdict != Verdict::feasible) {
      continue;
    }
    const double objective = evaluator.layer_objective(costs[i]);
    if (!best || objective < best->objective) {
      best = Best{placement, candidates[i], objective};
    }
  }
}

std::optional<Design> LayerBests::applied_to(const Design& start) const {
  std::optional<Design> design;
  for (std::size_t i = 0; i < best_.size(); ++i) {
    const OperatorId op = operator_id(i);
    if (best_[i] && best_[i]->placement == start.placement(op)) {
      if (!design) {
        design = start;
        design->timeline().reset();
      }
      design->mapping(op) = best_[i]->mapping;
      design->set_dealt_order(op, nullptr);  // was dealt for the mapping before
    }
  }
  return design;
}

}  // namespace imbrex
