// The evaluator of tests that run a partitioner or a search without the kernel, the only class of
// the tests that implements the interface. It remembers what it is told and what it was asked.
#pragma once

#include <imbrex/interfaces/evaluator.hpp>
#include <imbrex/plugin/host.hpp>
#include <imbrex/values/work_graph.hpp>

#include <cstdint>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>

namespace imbrex::test {

class FakeEvaluator : public Evaluator {
 public:
  // For what takes costs from the cost model alone: whoever asks for a score fails. Keeps
  // references, as the others do.
  FakeEvaluator(const CostModel& cost, const Architecture& architecture,
                Objective objective = Objective::latency)
      : wanted(objective), cost_(&cost), architecture_(&architecture) {}
  // Scores on the threads of `host`, as the kernel does; null: on this one.
  FakeEvaluator(const CostModel& cost, const Architecture& architecture,
                const OverlapAnalyzer& analyzer, Host* host = nullptr)
      : cost_(&cost), architecture_(&architecture), analyzer_(&analyzer), host_(host) {}

  Objective wanted = Objective::latency;
  // What was scored so far.
  std::int64_t designs = 0;
  std::int64_t candidates = 0;
  std::int64_t pairs = 0;
  // What was told.
  std::map<std::string, double> reals;
  std::map<std::string, std::int64_t> integers;
  std::map<std::string, std::string> notes;

  const CostModel& cost() const noexcept override { return *cost_; }
  const Architecture& architecture() const noexcept override { return *architecture_; }
  const OverlapAnalyzer& analyzer() const noexcept override {
    if (analyzer_ == nullptr) {
      std::abort();
    }
    return *analyzer_;
  }
  Objective objective() const noexcept override { return wanted; }
  void score(std::span<const Design* const> batch, std::span<Score> out) override {
    require_analyzer();
    designs += static_cast<std::int64_t>(batch.size());
    in_parallel(batch.size(), [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        OverlapResult result;
        analyzer_->analyze(analyzer_->request(), {&batch[i], 1}, {&result, 1}, nullptr);
        out[i] = {result.verdict, objective_of(*batch[i], result.makespan_ps), result.makespan_ps};
      }
    });
  }
  void score_layer(OperatorId op, const Placement& placement, std::span<const Mapping> mappings,
                   std::span<LayerCost> out) override {
    require_analyzer();
    candidates += static_cast<std::int64_t>(mappings.size());
    cost_->evaluate(op, placement, mappings, out);
  }
  void score_pairs(const PairBatch& batch, std::span<PairResult> out) override {
    require_analyzer();
    pairs += static_cast<std::int64_t>(batch.candidates.size());
    in_parallel(out.size(), [&](std::size_t begin, std::size_t end) {
      PairBatch part = batch;
      part.candidates = batch.candidates.subspan(begin, end - begin);
      analyzer_->analyze_pairs(part, out.subspan(begin, end - begin));
    });
  }
  std::int64_t evaluations() const noexcept override { return designs + candidates + pairs; }
  void statistic(std::string_view name, double value) override { reals[std::string(name)] = value; }
  void statistic(std::string_view name, std::int64_t value) override {
    integers[std::string(name)] = value;
  }
  void note(std::string_view name, std::string_view text) override {
    notes[std::string(name)] = std::string(text);
  }

  // Energies of layers add up; nothing draws power meanwhile.
  double objective_of(const Design& design, std::int64_t makespan_ps) const {
    const auto latency_ps = static_cast<double>(makespan_ps);
    switch (wanted) {
      case Objective::energy:
        return energy_pj(design);
      case Objective::edp:
        return energy_pj(design) * latency_ps * 1e-12;
      default:
        return latency_ps;
    }
  }

 private:
  void require_analyzer() const {
    if (analyzer_ == nullptr) {
      throw std::logic_error("asked for a score, which must come from the cost model here");
    }
  }
  template <class Body>
  void in_parallel(std::size_t count, Body body) const {
    if (host_ != nullptr) {
      host_->parallel_for(count, 4, body);
    } else {
      body(0, count);
    }
  }
  double energy_pj(const Design& design) const {
    double sum = 0;
    for (const OperatorId op : layer_graph(design, *cost_).layers) {
      const Placement& placement = design.placement(op);
      const Mapping mapping =
          design.mapping(op) ? *design.mapping(op) : cost_->canonical_mapping(op, placement, {});
      LayerCost layer;
      cost_->evaluate(op, placement, {&mapping, 1}, {&layer, 1});
      sum += layer.energy_pj;
    }
    return sum;
  }

  const CostModel* cost_;
  const Architecture* architecture_;
  const OverlapAnalyzer* analyzer_ = nullptr;
  Host* host_ = nullptr;
};

}  // namespace imbrex::test
