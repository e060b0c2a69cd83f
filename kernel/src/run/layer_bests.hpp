// What a search has found out about single operators, for a run that is interrupted before the
// search has put a whole design together.
#pragma once

#include <imbrex/interfaces/evaluator.hpp>
#include <imbrex/values/design.hpp>

#include <optional>
#include <span>
#include <vector>

namespace imbrex::run {

class LayerBests {
 public:
  explicit LayerBests(std::size_t operators) : alone_(operators), chosen_(operators) {}

  // Ties: the first ever seen. Infeasible ones do not count.
  void remember(OperatorId op, const Placement& placement, std::span<const Mapping> candidates,
                std::span<const LayerCost> costs, const Evaluator& evaluator);
  // Of candidates that were held against several neighbours one after another, the one whose worst
  // pair ends first; the neighbour's mapping is taken as chosen.
  void remember(const PairBatch& batch, std::span<const PairResult> results);
  // Designs worth a look: `start` with what was best of every operator alone, with what was chosen
  // by pairs, and with both, chosen ones first. Only operators that are still placed as they were.
  std::vector<Design> applied_to(const Design& start) const;

 private:
  struct Best {
    Placement placement;
    Mapping mapping;
    double objective = 0;
  };
  using Bests = IndexVector<OperatorId, std::optional<Best>>;  // per operator
  static bool apply(const Bests& bests, Design& design);

  Bests alone_;
  Bests chosen_;
  OperatorId asked_ = OperatorId::none;  // whose candidates the last pairs were about
  std::vector<std::int64_t> worst_ps_;   // of each of them
};

}  // namespace imbrex::run
