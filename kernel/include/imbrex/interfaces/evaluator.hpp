// Binds the recipe's cost model, overlap analyzer and objective, so that any strategy or
// partitioner works with any of them. Implemented by the kernel; batches, runs in parallel over
// fixed chunks, counts evaluations, checks cancellation, admits designs before they are analysed
// and keeps the best for an interrupted run. Misuse (spans of different size, operators or mappings
// out of range, facts that the component does not declare) is an Error in the caller's name. [one
// thread]
#pragma once

#include <imbrex/interfaces/cost_model.hpp>
#include <imbrex/interfaces/overlap_analyzer.hpp>

#include <span>

namespace imbrex {

// What a recipe asks to make small. throughput: the interval between inferences.
enum class Objective : std::uint8_t { latency, throughput, energy, edp };

struct Score {
  Verdict verdict = Verdict::feasible;
  double objective = 0;  // lower is better, in the unit of the recipe's objective
  std::int64_t latency_ps = 0;
};

// What an operator alone contributes to an objective, lower is better; latency and throughput: ps;
// energy: pJ, with the chip's static power while it works; edp: pJ * s. Infinity where it is not
// feasible.
IMBREX_API double layer_objective(Objective objective, const Architecture& architecture,
                                  const LayerCost& layer) noexcept;

class IMBREX_API Evaluator {
 public:
  virtual const CostModel& cost() const noexcept = 0;
  virtual const Architecture& architecture() const noexcept = 0;
  // The analyzer that judges designs: the next overlap stage of the recipe.
  virtual const OverlapAnalyzer& analyzer() const noexcept = 0;
  // What that analyzer is asked.
  AnalysisRequest request() const noexcept { return analyzer().request(); }
  // The recipe's; for stages that take costs from the cost model directly. Default: latency.
  virtual Objective objective() const noexcept;
  // What one operator alone contributes to the recipe's objective: the one place where a search
  // that judges layers turns costs into numbers to compare.
  double layer_objective(const LayerCost& layer) const noexcept {
    return imbrex::layer_objective(objective(), architecture(), layer);
  }
  // out.size() == designs.size(); results do not depend on threads or batch split. Designs that the
  // kernel does not admit (mappings outside their map space or its constraints or refused by the
  // cost model, more units than there are, ...) are infeasible.
  virtual void score(std::span<const Design* const> designs, std::span<Score> out) = 0;
  // Stand-alone cost of candidates of one operator, and pair analysis of one edge; same guarantees.
  virtual void score_layer(OperatorId op, const Placement& placement,
                           std::span<const Mapping> candidates, std::span<LayerCost> out) = 0;
  virtual void score_pairs(const PairBatch& batch, std::span<PairResult> out) = 0;
  // Designs, candidates and pairs scored so far.
  virtual std::int64_t evaluations() const noexcept = 0;
  // Facts for the stage's entry in result.json, in call order; declared by the component.
  virtual void statistic(std::string_view name, double value) = 0;
  virtual void statistic(std::string_view name, std::int64_t value) = 0;
  virtual void note(std::string_view name, std::string_view text) = 0;

 protected:
  virtual ~Evaluator();
};

}  // namespace imbrex
