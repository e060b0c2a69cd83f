#include "no_stall_network.hpp"

#include <algorithm>
#include <limits>

namespace imbrex::anneal {
namespace {

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

}  // namespace

NoStallNetwork::NoStallNetwork(search::SearchRun& run, const LayerGraph& graph,
                               std::vector<Mapping> mappings, std::vector<LayerCost> costs)
    : run_(run), graph_(graph), mappings_(std::move(mappings)), costs_(std::move(costs)) {
  std::vector<std::int64_t> offset;
  for (std::size_t consumer = 0; consumer < graph_.layers.size(); ++consumer) {
    for (const std::size_t producer : graph_.producers[consumer]) {
      edges_.push_back({producer, consumer, 0});
      score_edge(edges_.back(), consumer, {&mappings_[consumer], 1}, offset);
      edges_.back().offset_ps = offset.front();
    }
  }
}

void NoStallNetwork::score_edge(const Edge& edge, std::size_t varied,
                                std::span<const Mapping> candidates,
                                std::vector<std::int64_t>& offsets) {
  PairBatch batch;
  batch.design = &run_.start();
  batch.producer = graph_.layers[edge.producer];
  batch.consumer = graph_.layers[edge.consumer];
  batch.candidates_are_producers = varied == edge.producer;
  batch.fixed = &mappings_[varied == edge.producer ? edge.consumer : edge.producer];
  batch.candidates = candidates;
  std::vector<PairResult> results(candidates.size());
  run_.score_pairs(batch, results);
  offsets.clear();
  for (const PairResult& result : results) {
    supported_ = supported_ && result.verdict != Verdict::unsupported;
    offsets.push_back(result.verdict == Verdict::feasible ? result.offset_ps : kNever);
  }
}

std::optional<std::int64_t> NoStallNetwork::end_ps() const {
  std::vector<std::int64_t> start_ps(graph_.layers.size(), 0);
  std::int64_t last_ps = 0;
  auto edge = edges_.begin();
  for (std::size_t layer = 0; layer < start_ps.size(); ++layer) {
    for (; edge != edges_.end() && edge->consumer == layer; ++edge) {
      if (edge->offset_ps == kNever) {
        return std::nullopt;
      }
      start_ps[layer] = std::max(start_ps[layer], start_ps[edge->producer] + edge->offset_ps);
    }
    last_ps = std::max(last_ps, start_ps[layer] + costs_[layer].latency_ps);
  }
  return last_ps;
}

double NoStallNetwork::objective() const {
  const std::optional<std::int64_t> last_ps = end_ps();
  if (!last_ps) {
    return std::numeric_limits<double>::infinity();
  }
  LayerCost whole{Verdict::feasible, *last_ps, 0};
  for (const LayerCost& cost : costs_) {
    whole.energy_pj += cost.energy_pj;
  }
  return run_.evaluator().layer_objective(whole);
}

void NoStallNetwork::try_candidates(std::size_t layer, std::span<const Mapping> candidates,
                                    std::span<const LayerCost> costs,
                                    std::span<double> objectives) {
  tried_layer_ = layer;
  tried_.assign(candidates.begin(), candidates.end());
  tried_costs_.assign(costs.begin(), costs.end());
  touched_.clear();
  tried_offsets_.clear();
  std::vector<std::int64_t> present;
  for (std::size_t i = 0; i < edges_.size(); ++i) {
    if (edges_[i].producer == layer || edges_[i].consumer == layer) {
      touched_.push_back(i);
      present.push_back(edges_[i].offset_ps);
      score_edge(edges_[i], layer, candidates, tried_offsets_.emplace_back());
    }
  }
  const LayerCost present_cost = costs_[layer];
  for (std::size_t c = 0; c < candidates.size(); ++c) {
    for (std::size_t t = 0; t < touched_.size(); ++t) {
      edges_[touched_[t]].offset_ps = tried_offsets_[t][c];
    }
    costs_[layer] = costs[c];
    objectives[c] = objective();
  }
  for (std::size_t t = 0; t < touched_.size(); ++t) {
    edges_[touched_[t]].offset_ps = present[t];
  }
  costs_[layer] = present_cost;
}

void NoStallNetwork::accept(std::size_t chosen) {
  mappings_[tried_layer_] = tried_[chosen];
  costs_[tried_layer_] = tried_costs_[chosen];
  for (std::size_t t = 0; t < touched_.size(); ++t) {
    edges_[touched_[t]].offset_ps = tried_offsets_[t][chosen];
  }
}

}  // namespace imbrex::anneal
