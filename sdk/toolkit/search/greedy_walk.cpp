#include <imbrex/toolkit/search/greedy_walk.hpp>

#include <algorithm>
#include <limits>

namespace imbrex::search {
namespace {

constexpr double kInfeasible = std::numeric_limits<double>::infinity();

}  // namespace

std::vector<std::size_t> visiting_order(Order order, std::size_t layers, std::size_t start) {
  const std::size_t first = order == Order::forward ? 0 : order == Order::backward ? layers : start;
  std::vector<std::size_t> visited;
  for (std::size_t layer = first; layer < layers; ++layer) {
    visited.push_back(layer);
  }
  for (std::size_t layer = first; layer-- > 0;) {
    visited.push_back(layer);
  }
  return visited;
}

Choice best_alone(const Candidates& candidates) {
  Choice choice;
  for (const LayerCandidates& layer : candidates.layers) {
    choice.push_back(layer.best());
  }
  return choice;
}

Design design_of(const Design& start, const Candidates& candidates, const Choice& choice) {
  Design design = start;
  for (std::size_t layer = 0; layer < choice.size(); ++layer) {
    if (candidates.layers[layer].has_space) {
      design.mapping(candidates.graph.layers[layer]) =
          candidates.layers[layer].mappings[choice[layer]];
    }
  }
  return design;
}

GreedyWalk::GreedyWalk(SearchRun& run, const Candidates& candidates, Scoring scoring,
                       bool look_ahead, const DealingCosts* dealing)
    : run_(run),
      candidates_(candidates),
      scoring_(scoring),
      look_ahead_(look_ahead),
      dealing_(dealing),
      design_(run.start()),
      choice_(best_alone(candidates)) {
  for (std::size_t i = 0; i < candidates_.layers.size(); ++i) {
    const LayerCandidates& layer = candidates_.layers[i];
    if (layer.has_space && !layer.has_start) {
      design_.mapping(candidates_.graph.layers[i]) = chosen(i);
    }
  }
  fixed_.assign(choice_.size(), false);
  start_ps_.assign(choice_.size(), 0);
}

const Mapping& GreedyWalk::chosen(std::size_t layer) const {
  return candidates_.layers[layer].mappings[choice_[layer]];
}

std::vector<std::size_t> GreedyWalk::neighbours(const std::vector<std::size_t>& layers,
                                                bool fixed) const {
  std::vector<std::size_t> result;
  std::copy_if(layers.begin(), layers.end(), std::back_inserter(result),
               [&](std::size_t layer) { return fixed_[layer] == fixed; });
  return result;
}

void GreedyWalk::fix(std::size_t layer, std::size_t candidate, std::int64_t end_ps) {
  choice_[layer] = candidate;
  fixed_[layer] = true;
  start_ps_[layer] =
      std::max<std::int64_t>(0, end_ps - candidates_.layers[layer].latency_ps[candidate]);
  if (candidates_.layers[layer].has_space) {
    design_.mapping(candidates_.graph.layers[layer]) = chosen(layer);
  }
}

// Raises each score to what the edge gives; false when the analyzer knows no pairs.
bool GreedyWalk::score_edge(const PairBatch& edge, std::span<double> scores) {
  std::vector<PairResult> results(edge.candidates.size());
  run_.score_pairs(edge, results);
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (results[i].verdict == Verdict::unsupported) {
      return false;
    }
    const std::int64_t end_ps =
        scoring_ == Scoring::transform ? results[i].transformed_end_ps : results[i].end_ps;
    scores[i] = results[i].verdict == Verdict::feasible
                    ? std::max(scores[i], static_cast<double>(end_ps))
                    : kInfeasible;
  }
  return true;
}

bool GreedyWalk::score_pairs(std::size_t layer, std::span<double> scores) {
  const std::vector<std::size_t> producers = neighbours(candidates_.graph.producers[layer], true);
  const std::vector<std::size_t> consumers = neighbours(candidates_.graph.consumers[layer], true);
  PairBatch edge;
  edge.design = &design_;
  edge.dealing = scoring_ == Scoring::transform ? dealing_ : nullptr;
  edge.candidates = std::span(candidates_.layers[layer].mappings).first(scores.size());
  std::fill(scores.begin(), scores.end(), 0);
  edge.consumer = candidates_.graph.layers[layer];
  for (const std::size_t producer : producers) {
    edge.producer = candidates_.graph.layers[producer];
    edge.fixed = &chosen(producer);
    // Ends on different clocks do not compare.
    edge.producer_start_ps = consumers.empty() ? start_ps_[producer] : 0;
    if (!score_edge(edge, scores)) {
      return false;
    }
  }
  edge.producer = candidates_.graph.layers[layer];
  edge.candidates_are_producers = true;
  edge.producer_start_ps = 0;
  for (const std::size_t consumer : consumers) {
    edge.consumer = candidates_.graph.layers[consumer];
    edge.fixed = &chosen(consumer);
    if (!score_edge(edge, scores)) {
      return false;
    }
  }
  return true;
}

void GreedyWalk::score_designs(std::size_t layer, std::span<double> scores) {
  run_.score_variants(design_, candidates_.graph.layers[layer],
                      std::span(candidates_.layers[layer].mappings).first(scores.size()), scores);
}

// When the layer after it would end, or the whole pair if the layer before it started at 0.
std::vector<double> GreedyWalk::with_unfixed(std::size_t layer,
                                             std::span<const double> ends) const {
  const LayerCandidates& candidates = candidates_.layers[layer];
  const auto longest = [&](const std::vector<std::size_t>& layers) {
    std::int64_t longest_ps = 0;
    for (const std::size_t other : layers) {
      const LayerCandidates& those = candidates_.layers[other];
      longest_ps = std::max(longest_ps, those.latency_ps[those.fastest()]);
    }
    return longest_ps;
  };
  const std::int64_t before_ps = longest(neighbours(candidates_.graph.producers[layer], false));
  const std::int64_t after_ps = longest(neighbours(candidates_.graph.consumers[layer], false));
  const Operator& op = design_.workload().at(candidates_.graph.layers[layer]);
  std::vector<double> scores(ends.begin(), ends.end());
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const std::int64_t alone_ps = candidates.latency_ps[i];
    const StreamingLags lags =
        streaming_lags(op, candidates.mappings[i], alone_ps, before_ps, after_ps);
    if (after_ps > 0) {
      const double start_ps = ends[i] - static_cast<double>(alone_ps);
      scores[i] = std::max(ends[i], start_ps + static_cast<double>(lags.consumer_ps + after_ps));
    }
    scores[i] += before_ps > 0 ? static_cast<double>(lags.start_ps) : 0;
  }
  return scores;
}

// Energy is paid whenever a layer ends, unless the chip draws power meanwhile.
bool GreedyWalk::overlap_matters() const noexcept {
  const Evaluator& evaluator = run_.evaluator();
  return evaluator.objective() != Objective::energy ||
         evaluator.architecture().replacement.static_power_pj_per_ps > 0;
}

// From ends to what the recipe asks for.
void GreedyWalk::to_objective(std::size_t layer, std::span<double> scores) const {
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (scores[i] < kInfeasible) {
      const auto end_ps = static_cast<std::int64_t>(scores[i]);
      scores[i] = run_.evaluator().layer_objective(candidates_.layers[layer].ending(i, end_ps));
    }
  }
}

void GreedyWalk::choose(std::size_t layer) {
  const LayerCandidates& candidates = candidates_.layers[layer];
  const std::size_t edges = neighbours(candidates_.graph.producers[layer], true).size() +
                            neighbours(candidates_.graph.consumers[layer], true).size();
  const std::size_t alone = candidates.best();
  const std::size_t count =
      edges == 0 ? candidates.size() : run_.room(candidates.size() * edges) / edges;
  if (scoring_ == Scoring::original || !overlap_matters() || count == 0 ||
      (edges == 0 && !look_ahead_)) {
    fix(layer, alone, candidates.latency_ps[alone]);
    return;
  }
  std::vector<double> ends(candidates.latency_ps.begin(),
                           candidates.latency_ps.begin() + static_cast<std::ptrdiff_t>(count));
  if (edges > 0 && scored_pairs_.value_or(true)) {
    scored_pairs_ = score_pairs(layer, ends);
  }
  const bool designs = edges > 0 && !*scored_pairs_;
  if (designs) {
    score_designs(layer, ends);
  }
  std::vector<double> scores = look_ahead_ && !designs ? with_unfixed(layer, ends) : ends;
  if (!designs) {
    to_objective(layer, scores);
  }
  const auto best = std::min_element(scores.begin(), scores.end());
  if (*best == kInfeasible) {
    fix(layer, alone, candidates.latency_ps[alone]);
    return;
  }
  const auto choice = static_cast<std::size_t>(best - scores.begin());
  fix(layer, choice, designs ? 0 : static_cast<std::int64_t>(ends[choice]));
}

void GreedyWalk::run(std::span<const std::size_t> order) {
  std::size_t done = 0;
  for (const std::size_t layer : order) {
    if (!fixed_[layer]) {
      choose(layer);
    }
    run_.progress(++done, order.size(), "layers");
  }
}

}  // namespace imbrex::search
