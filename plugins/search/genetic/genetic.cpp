// imbrex.search.genetic: a simple genetic algorithm over candidate indices, one gene per layer.
// pagmo does the evolving (genome_evolution.hpp).
// Layers that are judged alone evolve their loop nests instead (genetic_layers.hpp).
#include "genetic_layers.hpp"
#include "genome_evolution.hpp"

#include <imbrex/plugin.hpp>
#include <imbrex/toolkit/search/recalled_candidates.hpp>
#include <imbrex/toolkit/search/search_facts.hpp>
#include <imbrex/toolkit/search/search_params.hpp>

#include <algorithm>
#include <limits>
#include <map>

namespace imbrex::genetic {
namespace {

enum class Judge : std::uint8_t { design, layers };
constexpr std::string_view kJudges[] = {"design", "layers"};

struct Config {
  Judge judge = Judge::design;
  std::int64_t candidates = 100;
  search::CandidateSource candidates_from = search::CandidateSource::refined;
  std::int64_t front_states_per_draw = search::kFrontStatesPerDraw;
  std::int64_t population = 32;
  std::int64_t generations = 50;
  double crossover = 0.9;
  double mutation = 0.05;
  std::int64_t budget = 0;
};

constexpr ParamSpec kParams[] = {
    choice<&Config::judge>(
        "judge",
        "design: whole designs evolve, which mix the sampled mappings of their layers; layers: the "
        "loop nests of one layer after another evolve by their own cost, for networks whose layers "
        "take turns",
        kJudges),
    param<&Config::candidates>(
        "candidates",
        "Sampled mappings per layer; when layers judge, the best of them are the first population")
        .unit("mapping")
        .range(1, 1'000'000),
    search::candidates_from_param<Config>(),
    search::front_states_per_draw_param<Config>(),
    param<&Config::population>("population", "Designs alive at a time; mappings when layers judge")
        .range(4, 100'000),
    param<&Config::generations>("generations", "Generations").unit("generation").range(1, 1e9),
    param<&Config::crossover>("crossover", "Probability that two of them mix").range(0, 1),
    param<&Config::mutation>("mutation",
                             "Probability that a layer changes; when layers judge, that "
                             "a mapping comes from anywhere")
        .range(0, 1),
    search::budget_param<Config>()};

// The worst there is; pagmo wants finite numbers.
constexpr double kInfeasibleFitness = std::numeric_limits<double>::max() / 4;

struct Layer {
  search::RecalledCandidates candidates;
  bool has_space = false;
};

// Layers that have a choice, and the objective of a genome: candidate indices of those layers.
class Genomes {
 public:
  Genomes(search::SearchRun& run, const LayerGraph& graph, const std::vector<Layer>& layers)
      : run_(run), graph_(graph), layers_(layers) {
    for (std::size_t layer = 0; layer < layers.size(); ++layer) {
      if (layers[layer].candidates.size() > 1) {
        genes_.push_back(layer);
      }
    }
  }

  std::size_t genes() const noexcept { return genes_.size(); }
  Genome largest() const {
    Genome indices;
    for (const std::size_t layer : genes_) {
      indices.push_back(static_cast<double>(layers_[layer].candidates.size() - 1));
    }
    return indices;
  }
  // Of each layer the candidate that is best alone.
  Genome best_alone() const {
    Genome indices;
    for (const std::size_t layer : genes_) {
      indices.push_back(static_cast<double>(layers_[layer].candidates.best()));
    }
    return indices;
  }

  // Genomes are scored once, however often they come up.
  double objective(const Genome& genome) {
    const auto known = known_.find(genome);
    if (known != known_.end()) {
      return known->second;
    }
    if (run_.room(1) == 0) {
      return kInfeasibleFitness;
    }
    const Design design = design_of(genome);
    const Design* const pointer = &design;
    Score score;
    run_.score({&pointer, 1}, {&score, 1});
    const double objective =
        score.verdict == Verdict::feasible ? score.objective : kInfeasibleFitness;
    known_.emplace(genome, objective);
    return objective;
  }

 private:
  Design design_of(const Genome& genome) const {
    Design design = run_.start();
    for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
      if (layers_[layer].has_space) {
        design.mapping(graph_.layers[layer]) = layers_[layer].candidates.mapping(0);
      }
    }
    for (std::size_t gene = 0; gene < genes_.size(); ++gene) {
      design.mapping(graph_.layers[genes_[gene]]) =
          layers_[genes_[gene]].candidates.mapping(static_cast<std::size_t>(genome[gene]));
    }
    return design;
  }

  search::SearchRun& run_;
  const LayerGraph& graph_;
  const std::vector<Layer>& layers_;
  std::vector<std::size_t> genes_;
  std::map<Genome, double> known_;
};

class Genetic final : public SearchStrategy {
 public:
  Genetic(const Config& config, const Context& context) : config_(config), host_(*context.host) {}

  void search(Design& design, Evaluator& evaluator) override {
    search::SearchRun run(design, evaluator, &host_, config_.budget);
    const LayerGraph graph = layer_graph(design, evaluator.cost());
    if (config_.judge == Judge::layers) {
      const std::int64_t done = evolve_layers(run, graph, host_, evolution());
      evaluator.statistic("layers", static_cast<std::int64_t>(graph.layers.size()));
      evaluator.statistic("generations", done);
      run.finish(design);
      return;
    }
    std::vector<Layer> layers(graph.layers.size());
    for (std::size_t i = 0; i < layers.size(); ++i) {
      layers[i].has_space =
          search::sample_candidates(run, graph.layers[i], first_candidates(),
                                    host_.random(index(graph.layers[i])), layers[i].candidates)
              .has_space;
    }
    Genomes genomes(run, graph, layers);
    if (genomes.genes() > 0) {
      evolve(run, genomes, layers.size());
    } else {
      genomes.objective({});  // one mapping per layer, which need not be the start's
    }
    run.finish(design);
  }

 private:
  void evolve(search::SearchRun& run, Genomes& genomes, std::size_t layers) const {
    // The streams numbered like operators belong to the candidates.
    Random random = host_.random(~std::uint64_t{0});
    const auto first_seed = static_cast<std::uint32_t>(random.next());
    const auto seed = static_cast<std::uint32_t>(random.next());
    const Genome largest = genomes.largest();
    const Genome best_alone = genomes.best_alone();
    const std::int64_t done = open_evolution()(
        {largest, best_alone, static_cast<std::size_t>(config_.population), config_.crossover,
         config_.mutation, first_seed, seed},
        [&](const Genome& genome) { return genomes.objective(genome); },
        [&](std::int64_t generations) { return goes_on(run, generations); });
    run.evaluator().statistic("layers", static_cast<std::int64_t>(layers));
    run.evaluator().statistic("generations", done);
  }

  // Keeps the budget, and stops when asked.
  bool goes_on(search::SearchRun& run, std::int64_t done) const {
    if (done > 0) {
      run.progress(static_cast<std::uint64_t>(done),
                   static_cast<std::uint64_t>(config_.generations), "generations");
    }
    if (done >= config_.generations || run.room(1) == 0) {
      return false;
    }
    run.check_cancelled();
    return true;
  }

  search::CandidateOptions first_candidates() const noexcept {
    search::CandidateOptions options;
    options.count = static_cast<std::size_t>(config_.candidates);
    options.from = config_.candidates_from;
    options.front_states_per_draw = config_.front_states_per_draw;
    return options;
  }

  LayerEvolution evolution() const noexcept {
    return {first_candidates(), static_cast<std::size_t>(config_.population), config_.generations,
            config_.crossover, config_.mutation};
  }

  Config config_;
  Host& host_;
};

constexpr auto kFacts = search::with_candidate_facts(
    {{"layers", "layer", "Operators that have mappings"},
     {"generations", "generation", "Generations that lived; of the layer that had the most"}});

constexpr Component kComponents[] = {
    component<Genetic, Config>(
        "imbrex.search.genetic",
        "A genetic algorithm over the candidates of all layers, or over the loop nests of each",
        kParams)
        .provides(Trait::mappings)
        .states(kFacts)
        .cites("Biscani and Izzo, A parallel global multiobjective framework for optimization: "
               "pagmo, JOSS 5(53), 2020")};

}  // namespace

IMBREX_PLUGIN("imbrex.search.genetic", "0.1.0", "Genetic mapping search", "Apache-2.0", kComponents)

}  // namespace imbrex::genetic
