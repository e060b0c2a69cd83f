// Runs the weight-duplication plugin on a ClsaSystem, standing in for the kernel's evaluator, which
// that plugin needs only for the architecture and the cost model.
#pragma once

#include "clsa_fixture.hpp"

#include <map>

namespace imbrex::test {

class FixtureEvaluator final : public Evaluator {
 public:
  FixtureEvaluator(const ClsaSystem& system, const OverlapAnalyzer& analyzer)
      : system_(system), analyzer_(analyzer) {}

  const CostModel& cost() const noexcept override { return system_.cost(); }
  const Architecture& architecture() const noexcept override { return system_.architecture(); }
  const OverlapAnalyzer& analyzer() const noexcept override { return analyzer_; }
  void score(std::span<const Design* const> designs, std::span<Score> out) override {
    std::vector<OverlapResult> results(designs.size());
    analyzer_.analyze(analyzer_.request(), designs, results, nullptr);
    for (std::size_t i = 0; i < designs.size(); ++i) {
      const double latency = static_cast<double>(results[i].makespan_ps);
      out[i] = {results[i].verdict, latency, results[i].makespan_ps};
    }
    evaluations_ += static_cast<std::int64_t>(designs.size());
  }
  void score_layer(OperatorId op, const Placement& placement, std::span<const Mapping> candidates,
                   std::span<LayerCost> out) override {
    system_.cost().evaluate(op, placement, candidates, out);
  }
  void score_pairs(const PairBatch& batch, std::span<PairResult> out) override {
    analyzer_.analyze_pairs(batch, out);
  }
  std::int64_t evaluations() const noexcept override { return evaluations_; }
  void statistic(std::string_view, double) override {}
  void statistic(std::string_view name, std::int64_t value) override {
    statistics[std::string(name)] = value;
  }
  void note(std::string_view, std::string_view) override {}

  std::map<std::string, std::int64_t> statistics;

 private:
  const ClsaSystem& system_;
  const OverlapAnalyzer& analyzer_;
  std::int64_t evaluations_ = 0;
};

inline Design duplicated(const ClsaSystem& system, const std::string& solver = "bottleneck-skip",
                         const std::string& dealing = "round-robin") {
  const auto analyzer = system.clsa({});
  FixtureEvaluator evaluator(system, *analyzer);
  const auto partitioner = plugin::make_instance<Partitioner>(
      configure("imbrex.partition.weight-duplication", {{"solver", solver}, {"dealing", dealing}}),
      system.context());
  Design design = system.design();
  partitioner->partition(design, evaluator);
  return design;
}

}  // namespace imbrex::test
