#include "run/layer_bests.hpp"

#include <algorithm>
#include <cstdint>

namespace imbrex::run {

void LayerBests::remember(OperatorId op, const Placement& placement,
                          std::span<const Mapping> candidates, std::span<const LayerCost> costs,
                          const Evaluator& evaluator) {
  std::optional<Best>& best = alone_[op];
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

void LayerBests::remember(const PairBatch& batch, std::span<const PairResult> results) {
  const bool producers = batch.candidates_are_producers;
  const OperatorId op = producers ? batch.producer : batch.consumer;
  const OperatorId neighbour = producers ? batch.consumer : batch.producer;
  if (asked_ != op || worst_ps_.size() != results.size()) {
    worst_ps_.assign(results.size(), 0);
    asked_ = op;
  }
  for (std::size_t i = 0; i < results.size(); ++i) {
    const bool feasible = results[i].verdict == Verdict::feasible;
    worst_ps_[i] = feasible ? std::max(worst_ps_[i], results[i].end_ps) : INT64_MAX;
  }
  const auto best = std::min_element(worst_ps_.begin(), worst_ps_.end());
  if (best != worst_ps_.end() && *best != INT64_MAX) {
    const Design& design = *batch.design;
    chosen_[op] = Best{design.placement(op), batch.candidates.begin()[best - worst_ps_.begin()]};
    chosen_[neighbour] = Best{design.placement(neighbour), *batch.fixed};
  }
}

bool LayerBests::apply(const Bests& bests, Design& design) {
  bool changed = false;
  for (const OperatorId op : bests.ids()) {
    if (bests[op] && bests[op]->placement == design.placement(op)) {
      design.mapping(op) = bests[op]->mapping;
      design.set_dealt_order(op, nullptr);  // was dealt for the mapping before
      changed = true;
    }
  }
  design.timeline().reset();
  return changed;
}

std::vector<Design> LayerBests::applied_to(const Design& start) const {
  std::vector<Design> designs;
  Design alone = start;
  if (apply(alone_, alone)) {
    designs.push_back(alone);
  }
  Design chosen = start;
  if (apply(chosen_, chosen)) {
    designs.push_back(std::move(chosen));
    apply(chosen_, alone);
    designs.push_back(std::move(alone));
  }
  return designs;
}

}  // namespace imbrex::run
