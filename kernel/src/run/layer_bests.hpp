// File: layer_bests.hpp
//
// The best mapping of every operator that a search has asked about, for a run that is interrupted
// before the search has put a whole design together.
#pragma once

#include <imbrex/design.hpp>
#include <imbrex/evaluator.hpp>

#include <optional>
#include <span>
#include <vector>

namespace imbrex {

class IMBREX_API LayerBests {
 public:
  explicit LayerBests(std::size_t operators) : best_(operators) {}

  // Ties: the first ever seen. Infeasible ones do not count.
  void remember(OperatorId op, const Placement& placement, std::span<const Mapping> candidates,
                std::span<const LayerCost> costs, const Evaluator& evaluator);
  // `start` with what was best of every operator, where its placement is still the same; no value
  // when that changes nothing.
  std::optional<Design> applied_to(const Design& start) const;

 private:
  struct Best {
    Placement placement;
    Mapping mapping;
    double objective = 0;
  };
  std::vector<std::optional<Best>> best_;
};

}  // namespace imbrex
