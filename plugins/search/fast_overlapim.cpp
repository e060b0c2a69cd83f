// File: fast_overlapim.cpp
//
// imbrex.search.fast-overlapim: layer by layer through the network, every layer judged by how well
// it overlaps with the neighbours chosen before it (specification fast-overlapim section 5).
#include "greedy_walk.hpp"

#include <imbrex/plugin.hpp>

namespace {

using imbrex::search::Order;
using imbrex::search::Scoring;

constexpr std::string_view kOrders[] = {"forward", "backward", "middle-out"};
constexpr std::string_view kScorings[] = {"original", "overlap", "transform"};
constexpr std::string_view kStarts[] = {"largest-output", "largest-overall", "largest-macs"};

struct Config {
  Order order = Order::forward;
  imbrex::StartLayer start = imbrex::StartLayer::largest_output;
  Scoring score = Scoring::overlap;
  std::int64_t candidates = 1000;
  imbrex::CandidateSource candidates_from = imbrex::CandidateSource::refined;
  bool look_ahead = true;
  std::int64_t budget = 0;
};

constexpr imbrex::ParamSpec kParams[] = {
    imbrex::choice<&Config::order>("order",
                                   "forward: from the first layer on; backward: from the last one "
                                   "back; middle-out: from the start "
                                   "layer to the end, then from it back to the first",
                                   kOrders),
    imbrex::choice<&Config::start>(
        "start", "Where middle-out starts; of several such layers the one closest to the middle",
        kStarts),
    imbrex::choice<&Config::score>(
        "score",
        "What a candidate is judged by: original: its latency alone; overlap: when it ends beside "
        "its neighbours; transform: the same after its data spaces were dealt anew",
        kScorings),
    imbrex::param<&Config::candidates>("candidates", "Sampled mappings per layer")
        .unit("mapping")
        .range(1, 10'000'000),
    imbrex::choice<&Config::candidates_from>("candidates_from", imbrex::kCandidateSourceHelp,
                                             imbrex::kCandidateSources),
    imbrex::param<&Config::look_ahead>(
        "look_ahead",
        "Whether neighbours that have no mapping yet count, as if they worked evenly row by row, "
        "and designs that are canonical throughout or stream throughout compete; false: the "
        "published score, the end of the layer alone"),
    imbrex::param<&Config::budget>("budget", "Most evaluations to spend; 0: no limit")
        .unit("evaluation")
        .at_least(0)};

class FastOverlapim final : public imbrex::SearchStrategy {
 public:
  FastOverlapim(const Config& config, const imbrex::Context& context)
      : config_(config), host_(*context.host) {}

  void search(imbrex::Design& design, imbrex::Evaluator& evaluator) override {
    imbrex::SearchRun run(design, evaluator, &host_, config_.budget);
    const imbrex::LayerGraph graph = imbrex::layer_graph(design, evaluator.cost());
    const auto layers = imbrex::sample_all(
        run, graph, {static_cast<std::size_t>(config_.candidates), config_.candidates_from}, host_);
    const imbrex::search::Candidates candidates{graph, layers};
    const std::size_t start = imbrex::start_layer(graph, design.workload(), config_.start);
    imbrex::search::GreedyWalk walk(run, candidates, config_.score, config_.look_ahead);
    walk.run(imbrex::search::visiting_order(config_.order, layers.size(), start));

    score(run, design_of(run.start(), candidates, walk.choice()));
    if (config_.look_ahead && config_.score != Scoring::original && run.room(2) == 2) {
      score_uniform_designs(run, candidates);
    }
    report(evaluator, design, graph, layers, start);
    evaluator.note("scored", !walk.scored_pairs()   ? "layers"
                             : *walk.scored_pairs() ? "pairs"
                                                    : "designs");
    run.finish(design);
  }

 private:
  static void score(imbrex::SearchRun& run, const imbrex::Design& design) {
    const imbrex::Design* const pointer = &design;
    imbrex::Score score;
    run.score({&pointer, 1}, {&score, 1});
  }

  // What the walk has to beat: all layers canonical, and each the one that streams best.
  static void score_uniform_designs(imbrex::SearchRun& run,
                                    const imbrex::search::Candidates& candidates) {
    imbrex::search::Choice canonical;
    imbrex::search::Choice streaming;
    for (std::size_t i = 0; i < candidates.layers.size(); ++i) {
      const imbrex::LayerCandidates& layer = candidates.layers[i];
      const imbrex::Operator& op = run.start().workload().at(candidates.graph.layers[i]);
      canonical.push_back(layer.canonical.value_or(layer.fastest()));
      std::size_t best = 0;
      std::int64_t best_ps = INT64_MAX;
      for (std::size_t c = 0; c < layer.size(); ++c) {
        const std::int64_t end_ps =
            imbrex::streaming_latency_ps(op, layer.mappings[c], layer.latency_ps[c]);
        best = end_ps < best_ps ? c : best;
        best_ps = std::min(best_ps, end_ps);
      }
      streaming.push_back(best);
    }
    score(run, design_of(run.start(), candidates, canonical));
    score(run, design_of(run.start(), candidates, streaming));
  }

  void report(imbrex::Evaluator& evaluator, const imbrex::Design& design,
              const imbrex::LayerGraph& graph, const std::vector<imbrex::LayerCandidates>& layers,
              std::size_t start) const {
    std::int64_t candidates = 0;
    std::int64_t sum_ps = 0;
    for (const imbrex::LayerCandidates& layer : layers) {
      candidates += static_cast<std::int64_t>(layer.size());
      sum_ps += layer.latency_ps[layer.fastest()];
    }
    evaluator.statistic("layers", static_cast<std::int64_t>(layers.size()));
    evaluator.statistic("candidates", candidates);
    evaluator.statistic("best_original_sum_ps", sum_ps);
    if (config_.order == Order::middle_out) {
      evaluator.note("start_layer", design.workload().at(graph.layers[start]).name);
    }
  }

  Config config_;
  imbrex::Host& host_;
};

constexpr imbrex::Component kComponents[] = {
    imbrex::component<FastOverlapim, Config>(
        "imbrex.search.fast-overlapim",
        "Layer after layer, each by how well it overlaps with the neighbours chosen before it",
        kParams)
        .provides(imbrex::Trait::mappings)
        .cites("Fast-OverlaPIM, IEEE TCAD 2024; specification fast-overlapim section 5")};

}  // namespace

IMBREX_PLUGIN("imbrex.search.fast-overlapim", "0.1.0", "Whole-network mapping search", "Apache-2.0",
              kComponents)
