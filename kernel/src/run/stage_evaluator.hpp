// The kernel's Evaluator: what a partitioner or search stage judges its candidates with.
#pragma once

#include "plugin/progress.hpp"
#include "run/admission.hpp"
#include "run/checks.hpp"
#include "run/component_place.hpp"
#include "run/guarded_analyzer.hpp"
#include "run/layer_bests.hpp"
#include "run/objective.hpp"
#include "run/size_limit.hpp"

#include <imbrex/interfaces/evaluator.hpp>
#include <imbrex/values/result.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace imbrex::run {

// Who is named in messages, and what is checked.
struct EvaluatorOptions {
  ComponentPlace stage{"the stage", nullptr};        // that asks
  ComponentPlace analyzer{"the analyzer", nullptr};  // that judges
  Checks checks;
  plugin::ScoreBoard* scores = nullptr;  // for who looks on
};

// Scores in parallel over chunks whose borders depend on the number of designs alone; results go to
// their index, so neither threads nor the batch split show. Designs that are not admitted are
// infeasible without being analysed, and one that would not fit into memory ends the run; a sample
// of the others, drawn from the seed and the number of the evaluation, is analysed in detail and
// audited. Errors of all methods: BlamedError of the stage that misuses them. [one thread]
class StageEvaluator final : public Evaluator {
 public:
  StageEvaluator(const BoundMachine& machine, const OverlapAnalyzer& analyzer, Objective objective,
                 Host& host, EvaluatorOptions options = {});

  const CostModel& cost() const noexcept override { return machine_.cost(); }
  const Architecture& architecture() const noexcept override { return machine_.architecture(); }
  const OverlapAnalyzer& analyzer() const noexcept override { return analyzer_; }
  Objective objective() const noexcept override { return objective_; }
  // Errors: CancelledError between chunks; BlamedError of the analyzer that fails the audit.
  void score(std::span<const Design* const> designs, std::span<Score> out) override;
  void score_layer(OperatorId op, const Placement& placement, std::span<const Mapping> candidates,
                   std::span<LayerCost> out) override;
  void score_pairs(const PairBatch& batch, std::span<PairResult> out) override;
  std::int64_t evaluations() const noexcept override { return evaluations_; }
  void statistic(std::string_view name, double value) override;
  void statistic(std::string_view name, std::int64_t value) override;
  void note(std::string_view name, std::string_view text) override;

  // The best feasible design ever scored (ties: the first).
  const std::optional<Design>& best() const noexcept { return best_; }
  // What is kept when the stage is interrupted: the best of `best` and of `start` with what
  // `score_layer` and `score_pairs` have told about single operators (layer_bests.hpp); no value
  // when nothing admitted was seen. Analyses up to three designs.
  std::optional<Design> best_so_far(const Design& start) const;
  // The same, and `best` where the design that was put together cannot be analysed. Whoever asks
  // although somebody asked to stop puts that aside (HostServices::CancelAside).
  std::optional<Design> best_at_interrupt(const Design& start) const;
  // Statistics in call order, then the number of evaluations when there were any.
  std::vector<Fact> facts() const;

 private:
  void in_chunks(std::size_t count, std::size_t grain,
                 FunctionRef<void(std::size_t begin, std::size_t end)> body,
                 FunctionRef<void()> remember);
  void require_scorable(std::span<const Design* const> designs, std::span<Score> out) const;
  void require_mappings(OperatorId op, std::span<const Mapping> mappings) const;
  // `number`: of the first design among all evaluations.
  void score_chunk(std::span<const Design* const> designs, std::span<Score> out,
                   std::int64_t number) const;
  Score score_of(const Design& design, const OverlapResult& result) const;
  bool is_sampled(std::int64_t number) const;
  void audit_sample(const Design& design, const OverlapResult& result) const;
  void remember_best(std::span<const Design* const> designs, std::span<const Score> scores);
  [[noreturn]] void misused(const std::string& text) const;

  const BoundMachine& machine_;
  GuardedAnalyzer analyzer_;
  Objective objective_;
  Host& host_;
  EvaluatorOptions options_;
  Admission admission_;
  SizeLimit size_limit_;
  std::int64_t evaluations_ = 0;
  std::vector<Fact> facts_;
  std::optional<Design> best_;
  double best_objective_ = 0;
  LayerBests layers_;
};

}  // namespace imbrex::run
