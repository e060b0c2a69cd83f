// File: evaluator.hpp
//
// The kernel's Evaluator: what a partitioner or search stage judges its candidates with.
#pragma once

#include "run/capacity.hpp"
#include "run/objective.hpp"

#include <imbrex/evaluator.hpp>
#include <imbrex/result.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace imbrex {

// Scores in parallel over chunks whose borders depend on the number of designs alone; results go to
// their index, so neither threads nor the batch split show. [one thread]
class IMBREX_API StageEvaluator final : public Evaluator {
 public:
  StageEvaluator(const BoundMachine& machine, const OverlapAnalyzer& analyzer, Objective objective,
                 Host& host);

  const CostModel& cost() const noexcept override { return machine_.cost(); }
  const Architecture& architecture() const noexcept override { return machine_.architecture(); }
  const OverlapAnalyzer& analyzer() const noexcept override { return analyzer_; }
  Objective objective() const noexcept override { return objective_; }
  // Designs that do not fit the chip are infeasible without being analysed.
  // Errors: CancelledError between chunks.
  void score(std::span<const Design* const> designs, std::span<Score> out) override;
  void score_layer(OperatorId op, const Placement& placement, std::span<const Mapping> candidates,
                   std::span<LayerCost> out) override;
  void score_pairs(const PairBatch& batch, std::span<PairResult> out) override;
  std::int64_t evaluations() const noexcept override { return evaluations_; }
  void statistic(std::string_view name, double value) override;
  void statistic(std::string_view name, std::int64_t value) override;
  void note(std::string_view name, std::string_view text) override;

  // The best feasible design ever scored (ties: the first): what is kept when the stage is
  // interrupted.
  const std::optional<Design>& best() const noexcept { return best_; }
  // Statistics in call order, then the number of evaluations when there were any.
  std::vector<Fact> facts() const;

 private:
  void in_chunks(std::size_t count, std::size_t grain,
                 FunctionRef<void(std::size_t begin, std::size_t end)> body);
  void score_chunk(std::span<const Design* const> designs, std::span<Score> out) const;
  void remember_best(std::span<const Design* const> designs, std::span<const Score> scores);

  const BoundMachine& machine_;
  const OverlapAnalyzer& analyzer_;
  Objective objective_;
  Host& host_;
  std::int64_t evaluations_ = 0;
  std::vector<Fact> facts_;
  std::optional<Design> best_;
  double best_objective_ = 0;
};

}  // namespace imbrex
