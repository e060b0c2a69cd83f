// imbrex.search.optimal-chain: the best combination of candidates when layers run without stalls,
// found by dynamic programming, and how far the greedy orders are from it on the same candidates
// (specification fast-overlapim section 5.3).
//
// A network that is not a chain is made one: the path whose fastest candidates take longest
// together is solved exactly; then the other layers, in workload order, each take the candidate
// that ends first beside their neighbours that are fixed.
//
// The chain is optimal in latency. With any other objective the layers that are best alone compete
// as well, which is the optimum where overlap changes nothing (energy), and the recipe's objective
// decides between all designs.
#include "chain_model.hpp"

#include <imbrex/plugin.hpp>
#include <imbrex/toolkit/search/candidates.hpp>
#include <imbrex/toolkit/search/search_facts.hpp>
#include <imbrex/toolkit/search/search_params.hpp>
#include <imbrex/toolkit/search/search_run.hpp>

#include <string>

namespace imbrex::optimal_chain {
namespace {

// The greedy searches that the optimum is compared with. `start` matters for middle-out alone.
struct Rival {
  search::Order order;
  search::StartLayer start;
  std::string_view name;
};
constexpr Rival kRivals[] = {
    {search::Order::forward, search::StartLayer::largest_output, "forward"},
    {search::Order::backward, search::StartLayer::largest_output, "backward"},
    {search::Order::middle_out, search::StartLayer::largest_output, "middle_out"},
    {search::Order::middle_out, search::StartLayer::largest_overall, "middle_out_largest_overall"},
    {search::Order::middle_out, search::StartLayer::largest_macs, "middle_out_largest_macs"}};

// Of a front, per candidate: each is compared with all of the next layer.
constexpr std::size_t kFrontDraws = 64;

struct Config {
  std::int64_t candidates = 64;
  search::CandidateSource candidates_from = search::CandidateSource::refined;
  std::int64_t front_states_per_draw = search::kFrontStatesPerDraw;
  bool compare = true;
  std::int64_t budget = 0;
};

constexpr ParamSpec kParams[] = {
    param<&Config::candidates>("candidates",
                               "Sampled mappings per layer; the search takes their square per edge")
        .unit("mapping")
        .range(1, 100'000),
    search::candidates_from_param<Config>(), search::front_states_per_draw_param<Config>(),
    param<&Config::compare>(
        "compare",
        "Also search forward, backward and middle-out (from the largest layer "
        "by each of three measures) on the same candidates, report how far they are from "
        "the optimum, and keep the best of all"),
    search::budget_param<Config>()};

class OptimalChain final : public SearchStrategy {
 public:
  OptimalChain(const Config& config, const Context& context)
      : config_(config), host_(*context.host) {}

  void search(Design& design, Evaluator& evaluator) override {
    search::SearchRun run(design, evaluator, &host_, config_.budget);
    const LayerGraph graph = layer_graph(design, evaluator.cost());
    const auto layers =
        search::sample_all(run, graph,
                           {static_cast<std::size_t>(config_.candidates), config_.candidates_from,
                            kFrontDraws, config_.front_states_per_draw},
                           host_);
    const search::Candidates candidates{graph, layers};
    const std::vector<std::size_t> path = spine(candidates);
    evaluator.statistic("layers", static_cast<std::int64_t>(layers.size()));
    evaluator.statistic("chain_layers", static_cast<std::int64_t>(path.size()));
    const auto optimum = optimal_chain(run, candidates, path);
    if (optimum) {
      evaluator.note("scored", "pairs");
      evaluator.statistic("chain_model_ps", optimum->model_ps);
      const search::Choice choice = around(run, candidates, path, *optimum);
      report_latency(run, "chain", score(run, candidates, choice));
    } else {
      // No offsets, no dynamic programming: the greedy orders judge whole designs.
      evaluator.note("scored", "designs");
    }
    if (evaluator.objective() != Objective::latency) {
      report_latency(run, "alone", score(run, candidates, search::best_alone(candidates)));
    }
    if (config_.compare || !optimum) {
      compare(run, candidates, path, optimum);
    }
    run.finish(design);
  }

 private:
  static search::Choice around(search::SearchRun& run, const search::Candidates& candidates,
                               const std::vector<std::size_t>& path, const ChainOptimum& optimum) {
    search::GreedyWalk walk(run, candidates, search::Scoring::overlap, true);
    for (std::size_t i = 0; i < path.size(); ++i) {
      walk.fix(path[i], optimum.choice[i], optimum.end_ps[i]);
    }
    walk.run(search::visiting_order(search::Order::forward, candidates.layers.size(), 0));
    return walk.choice();
  }

  static Score score(search::SearchRun& run, const search::Candidates& candidates,
                     const search::Choice& choice) {
    const Design design = search::design_of(run.start(), candidates, choice);
    const Design* const pointer = &design;
    Score result;
    run.score({&pointer, 1}, {&result, 1});
    return result;
  }

  // What the analyzer says of the whole network, next to what the model says of the chain.
  static void report_latency(search::SearchRun& run, std::string_view name, const Score& score) {
    if (score.verdict == Verdict::feasible) {
      run.evaluator().statistic(std::string(name) + "_latency_ps", score.latency_ps);
    }
  }

  static void compare(search::SearchRun& run, const search::Candidates& candidates,
                      const std::vector<std::size_t>& path,
                      const std::optional<ChainOptimum>& optimum) {
    for (const Rival& rival : kRivals) {
      const std::size_t start =
          search::start_layer(candidates.graph, run.start().workload(), rival.start);
      search::GreedyWalk walk(run, candidates, search::Scoring::overlap, true);
      walk.run(search::visiting_order(rival.order, candidates.layers.size(), start));
      report_latency(run, rival.name, score(run, candidates, walk.choice()));
      const auto model_ps =
          optimum ? chain_model_ps(run, candidates, path, walk.choice()) : std::nullopt;
      if (model_ps) {
        run.evaluator().statistic(std::string(rival.name) + "_model_ps", *model_ps);
        run.evaluator().statistic(
            std::string(rival.name) + "_over_optimum",
            optimum->model_ps == 0
                ? 1.0
                : static_cast<double>(*model_ps) / static_cast<double>(optimum->model_ps));
      }
    }
  }

  Config config_;
  Host& host_;
};

constexpr auto kFacts = search::with_candidate_facts(
    {{"layers", "layer", "Operators that have mappings"},
     {"chain_layers", "layer", "Layers of the chain that is solved exactly"},
     {"scored", "", "What was compared: pairs, or designs where the analyzer knows no pairs"},
     {"chain_model_ps", "ps", "End of the best chain when no layer stalls"},
     {"*_latency_ps", "ps",
      "Latency of the network with the chain, with the layers that are best alone, or of a greedy "
      "order"},
     {"*_model_ps", "ps", "End of the chain that a greedy order chose when no layer stalls"},
     {"*_over_optimum", "", "The same over that of the best chain"}});

constexpr Component kComponents[] = {
    component<OptimalChain, Config>(
        "imbrex.search.optimal-chain",
        "The best combination of candidates along a chain of layers without stalls, exactly",
        kParams)
        .provides(Trait::mappings)
        .states(kFacts)
        .cites("Viterbi, IEEE Trans. Inf. Theory 13(2), 1967; the model without stalls is ours")};

}  // namespace

IMBREX_PLUGIN("imbrex.search.optimal-chain", "0.1.0", "Optimal mapping of chains", "Apache-2.0",
              kComponents)

}  // namespace imbrex::optimal_chain
