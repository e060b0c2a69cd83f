// An evaluator that scores on the threads of a Host, as the kernel does.
#pragma once

#include "no_stall_analyzer.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace imbrex::testing {

// Scores on the threads of a Host, as the kernel does, and remembers what it was told.
class TestEvaluator final : public Evaluator {
 public:
  TestEvaluator(const HashedCost& cost, const NoStallAnalyzer& analyzer, Host& host)
      : cost_(cost), analyzer_(analyzer), host_(host) {}

  const CostModel& cost() const noexcept override { return cost_; }
  const Architecture& architecture() const noexcept override { return architecture_; }
  const OverlapAnalyzer& analyzer() const noexcept override { return analyzer_; }
  Objective objective() const noexcept override { return wanted; }
  void score(std::span<const Design* const> designs, std::span<Score> out) override {
    evaluations_ += static_cast<std::int64_t>(designs.size());
    host_.parallel_for(designs.size(), 4, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        OverlapResult result;
        analyzer_.analyze(analyzer_.request(), {&designs[i], 1}, {&result, 1}, nullptr);
        out[i] = {result.verdict, objective_of(*designs[i], result.makespan_ps),
                  result.makespan_ps};
      }
    });
  }
  void score_layer(OperatorId op, const Placement& placement, std::span<const Mapping> candidates,
                   std::span<LayerCost> out) override {
    evaluations_ += static_cast<std::int64_t>(candidates.size());
    cost_.evaluate(op, placement, candidates, out);
  }
  void score_pairs(const PairBatch& batch, std::span<PairResult> out) override {
    evaluations_ += static_cast<std::int64_t>(batch.candidates.size());
    host_.parallel_for(out.size(), 4, [&](std::size_t begin, std::size_t end) {
      PairBatch part = batch;
      part.candidates = batch.candidates.subspan(begin, end - begin);
      analyzer_.analyze_pairs(part, out.subspan(begin, end - begin));
    });
  }
  std::int64_t evaluations() const noexcept override { return evaluations_; }
  void statistic(std::string_view name, double value) override { reals[std::string(name)] = value; }
  void statistic(std::string_view name, std::int64_t value) override {
    integers[std::string(name)] = value;
  }
  void note(std::string_view name, std::string_view text) override {
    notes[std::string(name)] = text;
  }

  // Energies of layers add up; nothing draws power meanwhile.
  double objective_of(const Design& design, std::int64_t makespan_ps) const {
    double energy_pj = 0;
    for (const OperatorId op : layer_graph(design, cost_).layers) {
      energy_pj += cost_
                       .cost_of(op, design.mapping(op) ? *design.mapping(op)
                                                       : cost_.canonical_mapping(op, {}, {}))
                       .energy_pj;
    }
    switch (wanted) {
      case Objective::energy:
        return energy_pj;
      case Objective::edp:
        return energy_pj * static_cast<double>(makespan_ps) * 1e-12;
      default:
        return static_cast<double>(makespan_ps);
    }
  }

  Objective wanted = Objective::latency;
  std::map<std::string, double> reals;
  std::map<std::string, std::int64_t> integers;
  std::map<std::string, std::string> notes;

 private:
  Architecture architecture_{};
  const HashedCost& cost_;
  const NoStallAnalyzer& analyzer_;
  Host& host_;
  std::int64_t evaluations_ = 0;
};

}  // namespace imbrex::testing
