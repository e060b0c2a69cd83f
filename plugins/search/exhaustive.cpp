// imbrex.search.exhaustive: every mapping there is, layer by layer or in every combination. Exact,
// and only for spaces that are small enough.
#include <imbrex/plugin.hpp>
#include <imbrex/toolkit/mapspace/map_space.hpp>
#include <imbrex/toolkit/search/candidates.hpp>
#include <imbrex/toolkit/search/search_facts.hpp>
#include <imbrex/toolkit/search/search_run.hpp>

#include <algorithm>
#include <limits>
#include <string>

namespace imbrex::exhaustive {
namespace {

enum class Scope : std::uint8_t { layers, design };
constexpr std::string_view kScopes[] = {"layers", "design"};

// Mappings and designs scored at a time.
constexpr std::size_t kMappingBatch = 1024;
constexpr std::size_t kDesignBatch = 64;

struct Config {
  Scope scope = Scope::layers;
  std::int64_t limit = 1'000'000;
  std::int64_t budget = 0;
};

constexpr ParamSpec kParams[] = {
    choice<&Config::scope>(
        "scope",
        "layers: each layer takes the mapping that is best alone; design: every combination of "
        "the layers' mappings is scored",
        kScopes),
    param<&Config::limit>("limit", "Refuse to start when there are more")
        .unit("mapping")
        .at_least(1),
    param<&Config::budget>("budget",
                           "Most evaluations to spend, after which the search is no "
                           "longer exhaustive; 0: no limit")
        .unit("evaluation")
        .at_least(0)};

// A layer and its space; no space: one way only.
struct LayerSpace {
  OperatorId op = OperatorId::none;
  std::optional<mapspace::MapSpace> space;
  mapspace::MapSpace::Index size() const noexcept { return space ? space->size() : 1; }
};

class Exhaustive final : public SearchStrategy {
 public:
  Exhaustive(const Config& config, const Context& context)
      : config_(config), host_(*context.host) {}

  void search(Design& design, Evaluator& evaluator) override {
    const LayerGraph graph = layer_graph(design, evaluator.cost());
    std::vector<LayerSpace> layers;
    for (const OperatorId op : graph.layers) {
      layers.push_back({op, mapspace::map_space_of(design, op, evaluator.cost())});
    }
    refuse_if_too_large(design, layers);
    search::SearchRun run(design, evaluator, &host_, config_.budget);
    if (config_.scope == Scope::layers) {
      best_layers(run, layers);
    } else {
      all_combinations(run, layers);
    }
    run.finish(design);
  }

 private:
  void refuse_if_too_large(const Design& design, const std::vector<LayerSpace>& layers) const {
    const auto limit = static_cast<mapspace::MapSpace::Index>(config_.limit);
    mapspace::MapSpace::Index combinations = 1;
    for (const LayerSpace& layer : layers) {
      if (layer.size() > limit) {
        refuse("operator '" + design.workload().at(layer.op).name + "' has " +
               mapspace::decimal(layer.size()) + " mappings");
      }
      // Both factors are at most `limit`, a 63-bit number, so that the product fits 128 bits.
      combinations *= layer.size();
      if (config_.scope == Scope::design && combinations > limit) {
        refuse("the mappings of the first operators, up to '" +
               design.workload().at(layer.op).name + "', already combine to " +
               mapspace::decimal(combinations) + " designs");
      }
      combinations = config_.scope == Scope::design ? combinations : 1;
    }
  }

  [[noreturn]] void refuse(const std::string& fact) const {
    throw InputError("imbrex.search.exhaustive: " + fact +
                     ", more than limit = " + std::to_string(config_.limit) +
                     "; raise the limit, constrain the map space or use "
                     "imbrex.search.random");
  }

  void best_layers(search::SearchRun& run, const std::vector<LayerSpace>& layers) const {
    Design best = run.start();
    std::int64_t sum_ps = 0;
    for (const LayerSpace& layer : layers) {
      sum_ps += take_best(run, layer, best);
    }
    const Design* const pointer = &best;
    Score score;
    run.score({&pointer, 1}, {&score, 1});
    run.evaluator().statistic("best_original_sum_ps", sum_ps);
  }

  struct LayerBest {
    std::optional<double> objective;
    std::int64_t latency_ps = 0;
    search::LeastShortfall shortfall;
  };

  // Empties the batch.
  static void score_batch(search::SearchRun& run, const LayerSpace& layer,
                          std::vector<Mapping>& batch, LayerBest& best, Design& design) {
    std::vector<LayerCost> costs(batch.size());
    run.score_layer(layer.op, batch, costs);
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const double objective = run.evaluator().layer_objective(costs[i]);
      if (costs[i].verdict == Verdict::feasible &&
          (!best.objective || objective < *best.objective)) {
        best.objective = objective;
        best.latency_ps = costs[i].latency_ps;
        if (layer.space) {
          design.mapping(layer.op) = batch[i];
        }
      } else if (!best.objective) {
        best.shortfall.add(run.evaluator().cost(), layer.op, run.start().placement(layer.op),
                           batch[i]);
      }
    }
    batch.clear();
  }

  // Gives the design the layer's best mapping (ties: the present one, then the first); returns its
  // latency.
  std::int64_t take_best(search::SearchRun& run, const LayerSpace& layer, Design& design) const {
    LayerBest best;
    std::vector<Mapping> batch;
    if (const auto present = run.start_mapping(layer.op)) {
      batch.push_back(*present);
      score_batch(run, layer, batch, best, design);
    }
    mapspace::MapSpace::Index next = 0;
    const mapspace::MapSpace::Index end = layer.space ? layer.space->size() : 0;
    while (next < end && run.room(1) > 0) {
      for (const std::size_t room = run.room(kMappingBatch); next < end && batch.size() < room;) {
        batch.push_back(layer.space->at(next++));
      }
      score_batch(run, layer, batch, best, design);
    }
    if (!best.objective) {
      throw InfeasibleError(
          "none of the " + mapspace::decimal(layer.size()) + " legal loop nests of operator '" +
          run.start().workload().at(layer.op).name + "' is feasible; " + best.shortfall.text());
    }
    return best.latency_ps;
  }

  // Counts through all combinations, the last layer fastest.
  void all_combinations(search::SearchRun& run, const std::vector<LayerSpace>& layers) const {
    mapspace::MapSpace::Index total = 1;
    for (const LayerSpace& layer : layers) {
      total *= layer.size();
    }
    std::vector<Design> designs(kDesignBatch, run.start());
    std::vector<const Design*> pointers;
    for (const Design& design : designs) {
      pointers.push_back(&design);
    }
    std::vector<Score> scores(designs.size());
    mapspace::MapSpace::Index next = 0;
    while (next < total && run.room(1) > 0) {
      std::size_t count = 0;
      for (const std::size_t room = run.room(kDesignBatch); next < total && count < room; ++count) {
        set_mappings(layers, next++, designs[count]);
      }
      run.score(std::span(pointers).first(count), std::span(scores).first(count));
      run.progress(static_cast<std::uint64_t>(next),
                   static_cast<std::uint64_t>(std::min<mapspace::MapSpace::Index>(
                       total, std::numeric_limits<std::uint64_t>::max())),
                   "designs");
    }
    run.evaluator().statistic("designs", static_cast<std::int64_t>(next));
  }

  static void set_mappings(const std::vector<LayerSpace>& layers,
                           mapspace::MapSpace::Index combination, Design& design) {
    for (std::size_t layer = layers.size(); layer-- > 0;) {
      if (layers[layer].space) {
        design.mapping(layers[layer].op) =
            layers[layer].space->at(combination % layers[layer].size());
      }
      combination /= layers[layer].size();
    }
  }

  Config config_;
  Host& host_;
};

constexpr auto kFacts = search::with_search_facts(
    {{"best_original_sum_ps", "ps",
      "What the layers take one after another when each has the mapping that is best alone"},
     {"designs", "design", "Combinations scored"}});

constexpr Component kComponents[] = {
    component<Exhaustive, Config>("imbrex.search.exhaustive",
                                  "Every mapping there is, where that is affordable", kParams)
        .provides(Trait::mappings)
        .states(kFacts)
        .cites("Exact reference of the other searches")};

}  // namespace

IMBREX_PLUGIN("imbrex.search.exhaustive", "0.1.0", "Exhaustive mapping search", "Apache-2.0",
              kComponents)

}  // namespace imbrex::exhaustive
