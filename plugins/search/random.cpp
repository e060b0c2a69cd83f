// File: random.cpp
//
// imbrex.search.random: the best of many uniform samples, layer by layer ("Best Original" of
// specification fast-overlapim section 6) or of whole designs.
#include <imbrex/plugin.hpp>
#include <imbrex/search_support.hpp>

#include <algorithm>

namespace {

using imbrex::Design;

enum class Scope : std::uint8_t { layers, design };
constexpr std::string_view kScopes[] = {"layers", "design"};

// Designs scored at a time.
constexpr std::size_t kBatch = 64;

struct Config {
  Scope scope = Scope::layers;
  std::int64_t samples = 1000;
  imbrex::CandidateSource candidates_from = imbrex::CandidateSource::refined;
  std::int64_t budget = 0;
};

constexpr imbrex::ParamSpec kParams[] = {
    imbrex::choice<&Config::scope>("scope",
                                   "layers: each layer takes the sample that is fastest alone; "
                                   "design: whole designs of random mappings compete",
                                   kScopes),
    imbrex::param<&Config::samples>("samples", "Samples per layer, or designs")
        .unit("sample")
        .range(1, 10'000'000),
    imbrex::choice<&Config::candidates_from>("candidates_from", imbrex::kCandidateSourceHelp,
                                             imbrex::kCandidateSources),
    imbrex::param<&Config::budget>("budget", "Most evaluations to spend; 0: no limit")
        .unit("evaluation")
        .at_least(0)};

class RandomSearch final : public imbrex::SearchStrategy {
 public:
  RandomSearch(const Config& config, const imbrex::Context& context)
      : config_(config), host_(*context.host) {}

  void search(Design& design, imbrex::Evaluator& evaluator) override {
    imbrex::SearchRun run(design, evaluator, &host_, config_.budget);
    const imbrex::LayerGraph graph = imbrex::layer_graph(design, evaluator.cost());
    if (config_.scope == Scope::layers) {
      fastest_layers(run, graph);
    } else {
      whole_designs(run, graph);
    }
    run.finish(design);
  }

 private:
  // One layer after the other, so that only one layer's samples are in memory.
  void fastest_layers(imbrex::SearchRun& run, const imbrex::LayerGraph& graph) const {
    Design fastest = run.start();
    std::int64_t sum_ps = 0;
    std::int64_t candidates = 0;
    for (const imbrex::OperatorId op : graph.layers) {
      const imbrex::LayerCandidates layer = imbrex::sample_candidates(
          run, op, {static_cast<std::size_t>(config_.samples), config_.candidates_from},
          host_.random(index(op)));
      if (layer.has_space) {
        fastest.mapping(op) = layer.mappings[layer.fastest()];
      }
      sum_ps += layer.latency_ps[layer.fastest()];
      candidates += static_cast<std::int64_t>(layer.size());
    }
    const Design* const pointer = &fastest;
    imbrex::Score score;
    run.score({&pointer, 1}, {&score, 1});
    run.evaluator().statistic("candidates", candidates);
    run.evaluator().statistic("best_original_sum_ps", sum_ps);
  }

  // Every layer draws from its own stream, so that more samples only add designs.
  void whole_designs(imbrex::SearchRun& run, const imbrex::LayerGraph& graph) const {
    std::vector<std::optional<imbrex::MapSpace>> spaces;
    std::vector<imbrex::Random> streams;
    for (const imbrex::OperatorId op : graph.layers) {
      spaces.push_back(imbrex::map_space_of(run.start(), op, run.evaluator().cost()));
      streams.push_back(host_.random(index(op)));
    }
    const auto samples = static_cast<std::size_t>(config_.samples);
    std::vector<Design> designs(std::min(kBatch, samples), run.start());
    std::vector<const Design*> pointers;
    for (const Design& design : designs) {
      pointers.push_back(&design);
    }
    std::vector<imbrex::Score> scores(designs.size());
    std::size_t done = 0;
    while (const std::size_t count = run.room(std::min(designs.size(), samples - done))) {
      for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t layer = 0; layer < spaces.size(); ++layer) {
          if (spaces[layer]) {
            designs[i].mapping(graph.layers[layer]) = spaces[layer]->sample(streams[layer]);
          }
        }
      }
      run.score(std::span(pointers).first(count), std::span(scores).first(count));
      done += count;
      run.progress(static_cast<double>(done) / static_cast<double>(samples), "designs");
    }
    run.evaluator().statistic("designs", static_cast<std::int64_t>(done));
  }

  Config config_;
  imbrex::Host& host_;
};

constexpr imbrex::Component kComponents[] = {
    imbrex::component<RandomSearch, Config>("imbrex.search.random",
                                            "The best of many uniformly sampled mappings", kParams)
        .provides(imbrex::Trait::mappings)
        .cites("Specification fast-overlapim section 6, Best Original")};

}  // namespace

IMBREX_PLUGIN("imbrex.search.random", "0.1.0", "Random mapping search", "Apache-2.0", kComponents)
