// File: fast_overlapim.cpp
//
// imbrex.search.fast-overlapim: layer by layer through the network, every layer judged by how well
// it overlaps with the neighbours chosen before it (specification fast-overlapim section 5).
#include "dealing_params.hpp"
#include "design_dealing.hpp"
#include "greedy_walk.hpp"

#include <imbrex/plugin.hpp>
#include <imbrex/search_facts.hpp>

#include <algorithm>

namespace {

using imbrex::search::Order;
using imbrex::search::Scoring;

constexpr std::string_view kOrders[] = {"forward", "backward", "middle-out"};
constexpr std::string_view kScorings[] = {"original", "overlap", "transform"};
constexpr std::string_view kStarts[] = {"largest-output", "largest-overall", "largest-macs"};

struct Config : imbrex::search::DealingParams {
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
        "What a candidate is judged by: original: alone; overlap: when it ends beside its "
        "neighbours; transform: the same after its jobs were dealt anew, as "
        "imbrex.search.deal-anew does; whole designs then compete in both ways, and what is left "
        "holds its dealt jobs. Objectives other than latency weigh energy in as they say",
        kScorings),
    imbrex::search::dealing_unit_param<Config>("deal_unit"),
    imbrex::search::move_weights_param<Config>(),
    imbrex::search::move_bits_per_ps_param<Config>(),
    imbrex::search::merge_add_ps_param<Config>(),
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
      : config_(config),
        dealing_(imbrex::search::dealing_costs(config)),
        context_(context),
        host_(*context.host) {}

  void search(imbrex::Design& design, imbrex::Evaluator& evaluator) override {
    imbrex::SearchRun run(design, evaluator, &host_, config_.budget);
    const imbrex::LayerGraph graph = imbrex::layer_graph(design, evaluator.cost());
    const auto layers = imbrex::sample_all(
        run, graph, {static_cast<std::size_t>(config_.candidates), config_.candidates_from}, host_);
    const imbrex::search::Candidates candidates{graph, layers};
    const std::size_t start = imbrex::start_layer(graph, design.workload(), config_.start);
    imbrex::search::GreedyWalk walk(run, candidates, config_.score, config_.look_ahead, &dealing_);
    walk.run(imbrex::search::visiting_order(config_.order, layers.size(), start));

    if (config_.score == Scoring::transform && run.best_objective()) {
      score(run, run.start());
    }
    score(run, design_of(run.start(), candidates, walk.choice()));
    if (evaluator.objective() != imbrex::Objective::latency && run.room(1) == 1) {
      score(run, design_of(run.start(), candidates, best_alone(candidates)));
    }
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
  static imbrex::Score score_one(imbrex::SearchRun& run, const imbrex::Design& design) {
    const imbrex::Design* const pointer = &design;
    imbrex::Score score;
    run.score({&pointer, 1}, {&score, 1});
    return score;
  }
  void score(imbrex::SearchRun& run, const imbrex::Design& design) const {
    const imbrex::Score in_order = score_one(run, design);
    if (config_.score == Scoring::transform && in_order.verdict == imbrex::Verdict::feasible) {
      score_dealt(run, design, in_order.objective);
    }
  }
  // One more segment dealt anew at a time; where that makes the design worse it stays in order.
  void score_dealt(imbrex::SearchRun& run, const imbrex::Design& design, double objective) const {
    imbrex::Design dealt = design;
    for (const imbrex::search::DealtSegment& segment : imbrex::search::deal_design(
             design, context_.machine(), run.evaluator().request(), dealing_)) {
      imbrex::Design trial = imbrex::search::with_dealt(dealt, segment);
      const imbrex::Score score = score_one(run, trial);
      if (score.verdict == imbrex::Verdict::feasible && score.objective < objective) {
        dealt = std::move(trial);
        objective = score.objective;
      }
    }
  }

  static imbrex::search::Choice best_alone(const imbrex::search::Candidates& candidates) {
    imbrex::search::Choice choice;
    for (const imbrex::LayerCandidates& layer : candidates.layers) {
      choice.push_back(layer.best());
    }
    return choice;
  }

  // What the walk has to beat: all layers canonical, and each the one that streams best.
  void score_uniform_designs(imbrex::SearchRun& run,
                             const imbrex::search::Candidates& candidates) const {
    imbrex::search::Choice canonical;
    imbrex::search::Choice streaming;
    for (std::size_t i = 0; i < candidates.layers.size(); ++i) {
      const imbrex::LayerCandidates& layer = candidates.layers[i];
      const imbrex::Operator& op = run.start().workload().at(candidates.graph.layers[i]);
      canonical.push_back(layer.canonical.value_or(layer.best()));
      std::vector<double> streamed;
      for (std::size_t c = 0; c < layer.size(); ++c) {
        const std::int64_t end_ps =
            imbrex::streaming_latency_ps(op, layer.mappings[c], layer.latency_ps[c]);
        streamed.push_back(run.evaluator().layer_objective(layer.ending(c, end_ps)));
      }
      const auto least = std::min_element(streamed.begin(), streamed.end());
      streaming.push_back(static_cast<std::size_t>(least - streamed.begin()));
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
      sum_ps += layer.latency_ps[layer.best()];
    }
    evaluator.statistic("layers", static_cast<std::int64_t>(layers.size()));
    evaluator.statistic("candidates", candidates);
    evaluator.statistic("best_original_sum_ps", sum_ps);
    if (config_.order == Order::middle_out) {
      evaluator.note("start_layer", design.workload().at(graph.layers[start]).name);
    }
  }

  const Config config_;
  const imbrex::DealingCosts dealing_;
  const imbrex::Context context_;
  imbrex::Host& host_;
};

constexpr auto kFacts = imbrex::with_search_facts(
    {{"layers", "layer", "Operators that have mappings"},
     {"candidates", "mapping", "Mappings that fit, over all layers"},
     {"best_original_sum_ps", "ps",
      "What the layers take one after another when each has the mapping that is best alone"},
     {"start_layer", "", "Where middle-out starts"},
     {"scored", "",
      "What judged candidates: pairs of neighbours, whole designs where the analyzer knows no "
      "pairs, or layers alone"}});

constexpr imbrex::Component kComponents[] = {
    imbrex::component<FastOverlapim, Config>(
        "imbrex.search.fast-overlapim",
        "Layer after layer, each by how well it overlaps with the neighbours chosen before it",
        kParams)
        .provides(imbrex::Trait::mappings)
        .states(kFacts)
        .cites("Fast-OverlaPIM, IEEE TCAD 2024, arXiv:2407.00604")};

}  // namespace

IMBREX_PLUGIN("imbrex.search.fast-overlapim", "0.1.0", "Whole-network mapping search", "Apache-2.0",
              kComponents)
