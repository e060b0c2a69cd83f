// imbrex.search.fast-overlapim: layer by layer through the network, every layer judged by how well
// it overlaps with the neighbours chosen before it (specification fast-overlapim section 5).
#include <imbrex/plugin.hpp>
#include <imbrex/toolkit/search/candidates.hpp>
#include <imbrex/toolkit/search/dealing_params.hpp>
#include <imbrex/toolkit/search/design_dealing.hpp>
#include <imbrex/toolkit/search/greedy_walk.hpp>
#include <imbrex/toolkit/search/search_facts.hpp>
#include <imbrex/toolkit/search/search_params.hpp>
#include <imbrex/toolkit/search/search_run.hpp>

#include <algorithm>

namespace imbrex::overlapim_search {
namespace {

constexpr std::string_view kOrders[] = {"forward", "backward", "middle-out"};
constexpr std::string_view kScorings[] = {"original", "overlap", "transform"};
constexpr std::string_view kStarts[] = {"largest-output", "largest-overall", "largest-macs"};

// Of a front, per candidate: each is compared with few of other layers.
constexpr std::size_t kFrontDraws = 4;

struct Config : search::DealingParams {
  search::Order order = search::Order::forward;
  search::StartLayer start = search::StartLayer::largest_output;
  search::Scoring score = search::Scoring::overlap;
  std::int64_t candidates = 1000;
  search::CandidateSource candidates_from = search::CandidateSource::refined;
  std::int64_t front_states_per_draw = search::kFrontStatesPerDraw;
  bool look_ahead = true;
  std::int64_t budget = 0;
};

constexpr ParamSpec kParams[] = {
    choice<&Config::order>("order",
                           "forward: from the first layer on; backward: from the last one "
                           "back; middle-out: from the start "
                           "layer to the end, then from it back to the first",
                           kOrders),
    choice<&Config::start>(
        "start", "Where middle-out starts; of several such layers the one closest to the middle",
        kStarts),
    choice<&Config::score>(
        "score",
        "What a candidate is judged by: original: alone; overlap: when it ends beside its "
        "neighbours; transform: the same after its jobs were dealt anew, as "
        "imbrex.search.deal-anew does; whole designs then compete in both ways, and what is left "
        "holds its dealt jobs. Objectives other than latency weigh energy in as they say",
        kScorings),
    search::dealing_unit_param<Config>("deal_unit"),
    search::move_weights_param<Config>(),
    search::move_bits_per_ps_param<Config>(),
    search::merge_add_ps_param<Config>(),
    param<&Config::candidates>("candidates", "Sampled mappings per layer")
        .unit("mapping")
        .range(1, 10'000'000),
    search::candidates_from_param<Config>(),
    search::front_states_per_draw_param<Config>(),
    param<&Config::look_ahead>(
        "look_ahead",
        "Whether neighbours that have no mapping yet count, as if they worked evenly row by row, "
        "and designs that are canonical throughout or stream throughout compete; false: the "
        "published score, the end of the layer alone"),
    search::budget_param<Config>()};

class FastOverlapim final : public SearchStrategy {
 public:
  FastOverlapim(const Config& config, const Context& context)
      : config_(config),
        dealing_(search::dealing_costs(config)),
        context_(context),
        host_(*context.host) {}

  void search(Design& design, Evaluator& evaluator) override {
    search::SearchRun run(design, evaluator, &host_, config_.budget);
    const LayerGraph graph = layer_graph(design, evaluator.cost());
    const auto layers =
        search::sample_all(run, graph,
                           {static_cast<std::size_t>(config_.candidates), config_.candidates_from,
                            kFrontDraws, config_.front_states_per_draw},
                           host_);
    const search::Candidates candidates{graph, layers};
    const std::size_t start = search::start_layer(graph, design.workload(), config_.start);
    search::GreedyWalk walk(run, candidates, config_.score, config_.look_ahead, &dealing_);
    walk.run(search::visiting_order(config_.order, layers.size(), start));

    if (config_.score == search::Scoring::transform && run.best_objective()) {
      score(run, run.start());
    }
    score(run, search::design_of(run.start(), candidates, walk.choice()));
    if (evaluator.objective() != Objective::latency && run.room(1) == 1) {
      score(run, search::design_of(run.start(), candidates, search::best_alone(candidates)));
    }
    if (config_.look_ahead && config_.score != search::Scoring::original && run.room(2) == 2) {
      score_uniform_designs(run, candidates);
    }
    report(evaluator, design, graph, layers, start);
    evaluator.note("scored", !walk.scored_pairs()   ? "layers"
                             : *walk.scored_pairs() ? "pairs"
                                                    : "designs");
    run.finish(design);
  }

 private:
  static Score score_one(search::SearchRun& run, const Design& design) {
    const Design* const pointer = &design;
    Score score;
    run.score({&pointer, 1}, {&score, 1});
    return score;
  }
  void score(search::SearchRun& run, const Design& design) const {
    const Score in_order = score_one(run, design);
    if (config_.score == search::Scoring::transform && in_order.verdict == Verdict::feasible) {
      score_dealt(run, design, in_order.objective);
    }
  }
  // One more segment dealt anew at a time; where that makes the design worse it stays in order.
  void score_dealt(search::SearchRun& run, const Design& design, double objective) const {
    Design dealt = design;
    for (const search::DealtSegment& segment :
         search::deal_design(design, context_.machine(), run.evaluator().request(), dealing_)) {
      Design trial = search::with_dealt(dealt, segment);
      const Score score = score_one(run, trial);
      if (score.verdict == Verdict::feasible && score.objective < objective) {
        dealt = std::move(trial);
        objective = score.objective;
      }
    }
  }

  // What the walk has to beat: all layers canonical, and each the one that streams best.
  void score_uniform_designs(search::SearchRun& run, const search::Candidates& candidates) const {
    search::Choice canonical;
    search::Choice streaming;
    for (std::size_t i = 0; i < candidates.layers.size(); ++i) {
      const search::LayerCandidates& layer = candidates.layers[i];
      const Operator& op = run.start().workload().at(candidates.graph.layers[i]);
      canonical.push_back(layer.canonical.value_or(layer.best()));
      std::vector<double> streamed;
      for (std::size_t c = 0; c < layer.size(); ++c) {
        const std::int64_t end_ps =
            search::streaming_latency_ps(op, layer.mappings[c], layer.latency_ps[c]);
        streamed.push_back(run.evaluator().layer_objective(layer.ending(c, end_ps)));
      }
      const auto least = std::min_element(streamed.begin(), streamed.end());
      streaming.push_back(static_cast<std::size_t>(least - streamed.begin()));
    }
    score(run, search::design_of(run.start(), candidates, canonical));
    score(run, search::design_of(run.start(), candidates, streaming));
  }

  void report(Evaluator& evaluator, const Design& design, const LayerGraph& graph,
              const std::vector<search::LayerCandidates>& layers, std::size_t start) const {
    std::int64_t candidates = 0;
    std::int64_t sum_ps = 0;
    for (const search::LayerCandidates& layer : layers) {
      candidates += static_cast<std::int64_t>(layer.size());
      sum_ps += layer.latency_ps[layer.best()];
    }
    evaluator.statistic("layers", static_cast<std::int64_t>(layers.size()));
    evaluator.statistic("candidates", candidates);
    evaluator.statistic("best_original_sum_ps", sum_ps);
    if (config_.order == search::Order::middle_out) {
      evaluator.note("start_layer", design.workload().at(graph.layers[start]).name);
    }
  }

  const Config config_;
  const DealingCosts dealing_;
  const Context context_;
  Host& host_;
};

constexpr auto kFacts = search::with_candidate_facts(
    {{"layers", "layer", "Operators that have mappings"},
     {"candidates", "mapping", "Mappings that fit, over all layers"},
     {"best_original_sum_ps", "ps",
      "What the layers take one after another when each has the mapping that is best alone"},
     {"start_layer", "", "Where middle-out starts"},
     {"scored", "",
      "What judged candidates: pairs of neighbours, whole designs where the analyzer knows no "
      "pairs, or layers alone"}});

constexpr Component kComponents[] = {
    component<FastOverlapim, Config>(
        "imbrex.search.fast-overlapim",
        "Layer after layer, each by how well it overlaps with the neighbours chosen before it",
        kParams)
        .provides(Trait::mappings)
        .states(kFacts)
        .cites("Fast-OverlaPIM, IEEE TCAD 2024, arXiv:2407.00604")};

}  // namespace

IMBREX_PLUGIN("imbrex.search.fast-overlapim", "0.1.0", "Whole-network mapping search", "Apache-2.0",
              kComponents)

}  // namespace imbrex::overlapim_search
