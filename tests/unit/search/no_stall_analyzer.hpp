// An analyzer in which the no-stall model is the whole truth, with offsets that are hashes of the
// two mappings. Pairs and whole designs must tell the same story, so both are its own.
#pragma once

#include "fakes/overlap_analyzer.hpp"
#include "hashed_cost.hpp"

#include <imbrex/values/work_graph.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace imbrex::test {

class NoStallAnalyzer final : public FakeAnalyzer {
 public:
  explicit NoStallAnalyzer(const HashedCost& cost)
      : FakeAnalyzer([this](const AnalysisRequest&, const Design& design, TimelineSink*) {
          return no_stalls(design);
        }),
        cost_(cost) {}
  bool knows_pairs = true;

  std::int64_t offset_ps(OperatorId p, const Mapping& mp, OperatorId c, const Mapping& mc) const {
    const std::uint64_t value = mix(cost_.hash(p, mp), cost_.hash(c, mc));
    // Whoever needs the last output ends after its producer.
    const std::int64_t alone_p = cost_.cost_of(p, mp).latency_ps;
    const std::int64_t alone_c = cost_.cost_of(c, mc).latency_ps;
    return std::max(static_cast<std::int64_t>(value % 1000), alone_p - alone_c + 1);
  }
  void analyze_pairs(const PairBatch& batch, std::span<PairResult> out) const override {
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (!knows_pairs) {
        out[i].verdict = Verdict::unsupported;
        continue;
      }
      const bool producers = batch.candidates_are_producers;
      const Mapping& p = producers ? batch.candidates[i] : *batch.fixed;
      const Mapping& c = producers ? *batch.fixed : batch.candidates[i];
      const std::int64_t offset = offset_ps(batch.producer, p, batch.consumer, c);
      const std::int64_t alone = cost_.cost_of(batch.consumer, c).latency_ps;
      const std::int64_t end = batch.producer_start_ps + offset + alone;
      out[i] = {Verdict::feasible, end, end - alone / 3, offset};
    }
  }

 private:
  OverlapResult no_stalls(const Design& design) const {
    const LayerGraph graph = layer_graph(design, cost_);
    std::vector<std::int64_t> start(graph.layers.size(), 0);
    std::vector<Mapping> mapping;
    std::int64_t end = 0;
    for (std::size_t i = 0; i < start.size(); ++i) {
      const OperatorId op = graph.layers[i];
      mapping.push_back(design.mapping(op) ? *design.mapping(op)
                                           : cost_.canonical_mapping(op, {}, {}));
      const LayerCost alone = cost_.cost_of(op, mapping[i]);
      if (alone.verdict != Verdict::feasible) {
        return {alone.verdict, 0};
      }
      for (const std::size_t p : graph.producers[i]) {
        start[i] =
            std::max(start[i], start[p] + offset_ps(graph.layers[p], mapping[p], op, mapping[i]));
      }
      end = std::max(end, start[i] + alone.latency_ps);
    }
    return {Verdict::feasible, end};
  }

  const HashedCost& cost_;
};

}  // namespace imbrex::test
