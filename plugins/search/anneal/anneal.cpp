// imbrex.search.anneal: simulated annealing over loop nests (Kirkpatrick et al., Science 220,
// 1983). A step proposes a few neighbours of one layer's mapping, takes the best of them and
// accepts it by the Metropolis rule; the proposals of a step are scored together, in parallel.
#include "anneal_layers.hpp"
#include "no_stall_network.hpp"

#include <imbrex/plugin.hpp>
#include <imbrex/toolkit/mapspace/map_space.hpp>
#include <imbrex/toolkit/search/search_facts.hpp>
#include <imbrex/toolkit/search/search_params.hpp>

#include <algorithm>
#include <limits>

namespace imbrex::anneal {
namespace {

enum class Judge : std::uint8_t { design, pairs, layers };
constexpr std::string_view kJudges[] = {"design", "pairs", "layers"};

// Samples from which a layer starts whose present mapping may not compete.
constexpr std::size_t kStartSamples = 32;
// Every so many steps a layer jumps anywhere in its space, so that no region is out of reach.
constexpr std::uint64_t kStepsPerJump = 16;

struct Config {
  Judge judge = Judge::design;
  std::int64_t iterations = 1000;
  std::int64_t walks = 1;
  std::int64_t proposals = 4;
  double temperature = 0.05;
  double final_temperature = 1e-4;
  std::int64_t budget = 0;
};

constexpr ParamSpec kParams[] = {
    choice<&Config::judge>(
        "judge",
        "design: the objective of the whole design; pairs: the same for a network in which no "
        "layer stalls, which costs only the edges of the changed layer (throughput is judged by "
        "designs); layers: each layer by its own objective, one after another, for networks whose "
        "layers take turns",
        kJudges),
    param<&Config::iterations>("iterations", "Steps; of every layer when layers judge")
        .unit("step")
        .range(1, 1e9),
    param<&Config::walks>(
        "walks",
        "Walks side by side when layers judge, each from another good start; they share the steps, "
        "and what they propose is evaluated together")
        .range(1, 4096),
    param<&Config::proposals>("proposals", "Neighbours scored per step")
        .unit("mapping")
        .range(1, 4096),
    param<&Config::temperature>(
        "temperature", "Worsening accepted with probability 1/e at the start, of the objective")
        .unit("fraction")
        .range(1e-12, 1e3),
    param<&Config::final_temperature>("final_temperature", "The same at the end")
        .unit("fraction")
        .range(1e-12, 1e3),
    search::budget_param<Config>()};

// The mappings a step may move between, and what they are worth.
class State {
 public:
  State(search::SearchRun& run, const LayerGraph& graph, Random& random, const Host& host)
      : run_(run), graph_(graph), random_(random), design_(run.start()) {
    for (std::size_t layer = 0; layer < graph.layers.size(); ++layer) {
      const OperatorId op = graph.layers[layer];
      spaces_.push_back(run.space_of(op));
      const search::LayerCandidates candidates =
          search::sample_candidates(run, op, {kStartSamples}, host.random(1 + layer));
      const std::size_t first = candidates.has_start ? 0 : candidates.best();
      mappings_.push_back(candidates.mappings[first]);
      costs_.push_back(candidates.ending(first, candidates.latency_ps[first]));
      if (spaces_.back() != nullptr) {
        movable_.push_back(layer);
        design_.mapping(op) = mappings_.back();
      }
    }
  }

  // Judges by pairs when asked to, where the analyzer and the budget allow it. Returns the energy
  // of the state.
  double begin(Judge judge) {
    std::size_t edges = 0;
    for (const auto& producers : graph_.producers) {
      edges += producers.size();
    }
    // The interval between inferences is not where a network without stalls ends.
    const bool by_end = run_.evaluator().objective() != Objective::throughput;
    if (judge == Judge::pairs && by_end && run_.room(edges) == edges) {
      network_.emplace(run_, graph_, mappings_, costs_);
      if (!network_->supported()) {
        network_.reset();
      }
    }
    return network_ ? network_->objective() : score_design();
  }
  // End of the network that `design` is, when pairs judge.
  std::optional<std::int64_t> no_stall_ps() const {
    return network_ ? network_->end_ps() : std::nullopt;
  }
  bool by_pairs() const noexcept { return network_.has_value(); }
  bool can_move() const noexcept { return !movable_.empty(); }

  // Proposes changes of one layer; the energy of the best of them, or infinity.
  double propose(std::size_t count) {
    layer_ = movable_[random_.below(movable_.size())];
    collect(count);
    if (proposals_.empty()) {
      return std::numeric_limits<double>::infinity();
    }
    std::vector<double> energies(proposals_.size());
    if (network_) {
      network_->try_candidates(layer_, proposals_, proposal_costs_, energies);
    } else {
      run_.score_variants(design_, graph_.layers[layer_], proposals_, energies);
    }
    best_ = static_cast<std::size_t>(std::min_element(energies.begin(), energies.end()) -
                                     energies.begin());
    return energies[best_];
  }

  void accept() {
    mappings_[layer_] = proposals_[best_];
    design_.mapping(graph_.layers[layer_]) = proposals_[best_];
    if (network_) {
      network_->accept(best_);
    }
  }

  const Design& design() const noexcept { return design_; }
  double score_design() {
    const Design* const pointer = &design_;
    Score score;
    run_.score({&pointer, 1}, {&score, 1});
    return score.verdict == Verdict::feasible ? score.objective
                                              : std::numeric_limits<double>::infinity();
  }

 private:
  void collect(std::size_t count) {
    const Mapping& present = mappings_[layer_];
    std::vector<Mapping> drawn;
    for (std::size_t i = 0; i < count; ++i) {
      const Mapping next = random_.below(kStepsPerJump) == 0
                               ? spaces_[layer_]->sample(random_)
                               : spaces_[layer_]->neighbour(present, random_);
      if (next != present) {
        drawn.push_back(next);
      }
    }
    std::vector<LayerCost> costs(drawn.size());
    run_.score_layer(graph_.layers[layer_], drawn, costs);
    proposals_.clear();
    proposal_costs_.clear();
    for (std::size_t i = 0; i < drawn.size(); ++i) {
      if (costs[i].verdict == Verdict::feasible) {
        proposals_.push_back(drawn[i]);
        proposal_costs_.push_back(costs[i]);
      }
    }
  }

  search::SearchRun& run_;
  const LayerGraph& graph_;
  Random& random_;
  Design design_;
  std::vector<const mapspace::MapSpace*> spaces_;  // null: one way only
  std::vector<Mapping> mappings_;
  std::vector<LayerCost> costs_;
  std::vector<std::size_t> movable_;
  std::optional<NoStallNetwork> network_;
  // Of the present step.
  std::size_t layer_ = 0;
  std::size_t best_ = 0;
  std::vector<Mapping> proposals_;
  std::vector<LayerCost> proposal_costs_;
};

class Anneal final : public SearchStrategy {
 public:
  Anneal(const Config& config, const Context& context) : config_(config), host_(*context.host) {}

  void search(Design& design, Evaluator& evaluator) override {
    search::SearchRun run(design, evaluator, &host_, config_.budget);
    const LayerGraph graph = layer_graph(design, evaluator.cost());
    if (config_.judge == Judge::layers) {
      anneal_layers(run, graph, host_,
                    {kStartSamples, static_cast<std::size_t>(config_.walks),
                     static_cast<std::size_t>(config_.proposals), kStepsPerJump, cooling()});
      evaluator.note("scored", "layers");
      run.finish(design);
      return;
    }
    Random random = host_.random(0);
    State state(run, graph, random, host_);
    const double energy = state.begin(config_.judge);
    if (state.can_move()) {
      walk(run, state, energy, random);
    }
    evaluator.note("scored", state.by_pairs() ? "pairs" : "designs");
    run.finish(design);
  }

 private:
  // A step scores its proposals alone, then as designs or on the edges of their layer; its size is
  // what the budget is asked for.
  void walk(search::SearchRun& run, State& state, double energy, Random& random) const {
    const auto proposals = static_cast<std::size_t>(config_.proposals);
    double best = energy;
    Design best_design = state.design();
    std::optional<std::int64_t> best_end_ps = state.no_stall_ps();
    std::int64_t accepted = 0;
    std::int64_t step = 0;
    for (; step < config_.iterations && run.room(2 * proposals) == 2 * proposals; ++step) {
      const double next = state.propose(proposals);
      if (cooling().accepts(energy, next, step, random)) {
        state.accept();
        energy = next;
        ++accepted;
        if (energy < best && state.by_pairs()) {
          best_design = state.design();
          best_end_ps = state.no_stall_ps();
        }
        best = std::min(best, energy);
      }
      run.progress(static_cast<std::uint64_t>(step + 1),
                   static_cast<std::uint64_t>(config_.iterations), "steps");
    }
    if (state.by_pairs()) {
      const Design* const pointer = &best_design;
      Score score;
      run.score({&pointer, 1}, {&score, 1});
      if (best_end_ps) {
        run.evaluator().statistic("no_stall_ps", *best_end_ps);
      }
    }
    run.evaluator().statistic("steps", step);
    run.evaluator().statistic("accepted", accepted);
  }

  Cooling cooling() const noexcept {
    return {config_.temperature, config_.final_temperature, config_.iterations};
  }

  Config config_;
  Host& host_;
};

constexpr auto kFacts = search::with_search_facts(
    {{"scored", "", "What judged proposals: designs, pairs or layers"},
     {"steps", "step", "Steps taken"},
     {"accepted", "step", "Steps whose proposal was accepted"},
     {"no_stall_ps", "ps", "End of the best network in which no layer stalls"}});

constexpr Component kComponents[] = {
    component<Anneal, Config>("imbrex.search.anneal",
                              "Simulated annealing over the neighbours of each loop nest", kParams)
        .provides(Trait::mappings)
        .states(kFacts)
        .cites("Kirkpatrick, Gelatt and Vecchi, Optimization by Simulated Annealing, Science 220, "
               "1983")};

}  // namespace

IMBREX_PLUGIN("imbrex.search.anneal", "0.1.0", "Simulated annealing of mappings", "Apache-2.0",
              kComponents)

}  // namespace imbrex::anneal
