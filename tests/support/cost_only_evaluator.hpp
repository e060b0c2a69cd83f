// An Evaluator for partitioners that take costs from the cost model alone: it remembers what they
// say, and aborts when asked to score.
#pragma once

#include <imbrex/interfaces/evaluator.hpp>

#include <cstdlib>
#include <map>
#include <string>

namespace imbrex::test {

class CostOnlyEvaluator : public Evaluator {
 public:
  // Keeps references.
  CostOnlyEvaluator(const CostModel& cost, const Architecture& architecture,
                    Objective objective = Objective::latency)
      : cost_(cost), architecture_(architecture), objective_(objective) {}

  const CostModel& cost() const noexcept override { return cost_; }
  const Architecture& architecture() const noexcept override { return architecture_; }
  const OverlapAnalyzer& analyzer() const noexcept override { std::abort(); }
  Objective objective() const noexcept override { return objective_; }
  void score(std::span<const Design* const>, std::span<Score>) override { std::abort(); }
  void score_layer(OperatorId, const Placement&, std::span<const Mapping>,
                   std::span<LayerCost>) override {
    std::abort();
  }
  void score_pairs(const PairBatch&, std::span<PairResult>) override { std::abort(); }
  std::int64_t evaluations() const noexcept override { return 0; }
  void statistic(std::string_view name, double value) override { reals[std::string(name)] = value; }
  void statistic(std::string_view name, std::int64_t value) override {
    integers[std::string(name)] = value;
  }
  void note(std::string_view name, std::string_view text) override {
    notes[std::string(name)] = std::string(text);
  }

  std::map<std::string, double> reals;
  std::map<std::string, std::int64_t> integers;
  std::map<std::string, std::string> notes;

 private:
  const CostModel& cost_;
  const Architecture& architecture_;
  Objective objective_;
};

}  // namespace imbrex::test
