#include "chain_model.hpp"

#include <imbrex/toolkit/search/candidates.hpp>

#include <algorithm>
#include <limits>

namespace imbrex::optimal_chain {
namespace {

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t kNone = static_cast<std::size_t>(-1);

// Starts of the candidates of one layer and the candidate of the layer before that gives them.
struct Column {
  std::vector<std::int64_t> start_ps;
  std::vector<std::size_t> from;
};

// The offsets from one candidate of the producer to the given ones of the consumer; false when the
// analyzer knows none.
bool offsets(search::SearchRun& run, const PairBatch& edge, std::span<std::int64_t> out) {
  std::vector<PairResult> results(out.size());
  run.score_pairs(edge, results);
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (results[i].verdict == Verdict::unsupported) {
      return false;
    }
    out[i] = results[i].verdict == Verdict::feasible ? results[i].offset_ps : kNever;
  }
  return true;
}

PairBatch edge_between(search::SearchRun& run, const search::Candidates& candidates,
                       std::size_t producer, std::size_t consumer) {
  PairBatch edge;
  edge.design = &run.start();
  edge.producer = candidates.graph.layers[producer];
  edge.consumer = candidates.graph.layers[consumer];
  return edge;
}

// One step of the recursion; empty when offsets are not known.
std::optional<Column> advance(search::SearchRun& run, PairBatch edge,
                              const search::LayerCandidates& producer,
                              const search::LayerCandidates& consumer, const Column& before) {
  Column column{std::vector<std::int64_t>(consumer.size(), kNever),
                std::vector<std::size_t>(consumer.size(), kNone)};
  std::vector<std::int64_t> offset(consumer.size());
  edge.candidates = consumer.mappings;
  for (std::size_t m = 0; m < producer.size(); ++m) {
    if (before.start_ps[m] == kNever) {
      continue;
    }
    if (run.room(consumer.size()) < consumer.size()) {
      throw InfeasibleError(
          "imbrex.search.optimal-chain: the budget ends before the last layer is reached; "
          "it needs about (layers - 1) * candidates^2 evaluations");
    }
    edge.fixed = &producer.mappings[m];
    if (!offsets(run, edge, offset)) {
      return std::nullopt;
    }
    for (std::size_t next = 0; next < consumer.size(); ++next) {
      if (offset[next] != kNever && before.start_ps[m] + offset[next] < column.start_ps[next]) {
        column.start_ps[next] = before.start_ps[m] + offset[next];
        column.from[next] = m;
      }
    }
  }
  return column;
}

ChainOptimum trace_back(const search::Candidates& candidates, std::span<const std::size_t> path,
                        const std::vector<Column>& columns) {
  const search::LayerCandidates& last = candidates.layers[path.back()];
  std::size_t at = kNone;
  ChainOptimum optimum;
  optimum.model_ps = kNever;
  for (std::size_t m = 0; m < last.size(); ++m) {
    const std::int64_t start_ps = columns.back().start_ps[m];
    if (start_ps != kNever && start_ps + last.latency_ps[m] < optimum.model_ps) {
      optimum.model_ps = start_ps + last.latency_ps[m];
      at = m;
    }
  }
  if (at == kNone) {
    throw InfeasibleError(
        "imbrex.search.optimal-chain: no combination of candidates is feasible along the chain");
  }
  optimum.choice.resize(path.size());
  optimum.end_ps.resize(path.size());
  for (std::size_t i = path.size(); i-- > 0;) {
    optimum.choice[i] = at;
    optimum.end_ps[i] = columns[i].start_ps[at] + candidates.layers[path[i]].latency_ps[at];
    at = columns[i].from[at];
  }
  return optimum;
}

}  // namespace

std::vector<std::size_t> spine(const search::Candidates& candidates) {
  const std::size_t count = candidates.layers.size();
  std::vector<std::int64_t> length_ps(count, 0);
  std::vector<std::size_t> from(count, kNone);
  std::size_t end = 0;
  for (std::size_t layer = 0; layer < count; ++layer) {
    for (const std::size_t producer : candidates.graph.producers[layer]) {
      if (from[layer] == kNone || length_ps[producer] > length_ps[from[layer]]) {
        from[layer] = producer;
      }
    }
    const search::LayerCandidates& own = candidates.layers[layer];
    length_ps[layer] =
        own.latency_ps[own.fastest()] + (from[layer] == kNone ? 0 : length_ps[from[layer]]);
    end = length_ps[layer] > length_ps[end] ? layer : end;
  }
  std::vector<std::size_t> path;
  for (std::size_t layer = count == 0 ? kNone : end; layer != kNone; layer = from[layer]) {
    path.push_back(layer);
  }
  std::reverse(path.begin(), path.end());
  return path;
}

std::optional<ChainOptimum> optimal_chain(search::SearchRun& run,
                                          const search::Candidates& candidates,
                                          std::span<const std::size_t> path) {
  const std::size_t first = candidates.layers[path.front()].size();
  std::vector<Column> columns;
  columns.push_back({std::vector<std::int64_t>(first, 0), std::vector<std::size_t>(first, kNone)});
  for (std::size_t i = 1; i < path.size(); ++i) {
    auto column =
        advance(run, edge_between(run, candidates, path[i - 1], path[i]),
                candidates.layers[path[i - 1]], candidates.layers[path[i]], columns.back());
    if (!column) {
      return std::nullopt;
    }
    columns.push_back(std::move(*column));
    run.progress(i, path.size(), "layers");
  }
  return trace_back(candidates, path, columns);
}

std::optional<std::int64_t> chain_model_ps(search::SearchRun& run,
                                           const search::Candidates& candidates,
                                           std::span<const std::size_t> path,
                                           const search::Choice& choice) {
  std::int64_t start_ps = 0;
  for (std::size_t i = 1; i < path.size(); ++i) {
    PairBatch edge = edge_between(run, candidates, path[i - 1], path[i]);
    edge.fixed = &candidates.layers[path[i - 1]].mappings[choice[path[i - 1]]];
    edge.candidates = std::span(candidates.layers[path[i]].mappings).subspan(choice[path[i]], 1);
    std::int64_t offset_ps = 0;
    if (run.room(1) == 0 || !offsets(run, edge, {&offset_ps, 1}) || offset_ps == kNever) {
      return std::nullopt;
    }
    start_ps += offset_ps;
  }
  return start_ps + candidates.layers[path.back()].latency_ps[choice[path.back()]];
}

}  // namespace imbrex::optimal_chain
