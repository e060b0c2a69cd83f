// imbrex.search.random: the best of many uniform samples, layer by layer ("Best Original" of
// specification fast-overlapim section 6) or of whole designs.
#include <imbrex/plugin.hpp>
#include <imbrex/toolkit/mapspace/map_space.hpp>
#include <imbrex/toolkit/search/candidates.hpp>
#include <imbrex/toolkit/search/search_facts.hpp>
#include <imbrex/toolkit/search/search_params.hpp>
#include <imbrex/toolkit/search/search_run.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace imbrex::random_search {
namespace {

enum class Scope : std::uint8_t { layers, design };
constexpr std::string_view kScopes[] = {"layers", "design"};

// Designs scored at a time.
constexpr std::size_t kBatch = 64;

struct Config {
  Scope scope = Scope::layers;
  std::int64_t samples = 1000;
  search::CandidateSource candidates_from = search::CandidateSource::refined;
  std::int64_t front_states_per_draw = search::kFrontStatesPerDraw;
  std::int64_t budget = 0;
};

constexpr ParamSpec kParams[] = {
    choice<&Config::scope>("scope",
                           "layers: each layer takes the sample that is best alone; "
                           "design: whole designs of random mappings that fit compete",
                           kScopes),
    param<&Config::samples>("samples", "Samples per layer, or designs")
        .unit("sample")
        .range(1, 10'000'000),
    search::candidates_from_param<Config>(), search::front_states_per_draw_param<Config>(),
    search::budget_param<Config>()};

// Uniform draws from the mappings of a layer that fit, in an order that depends on the layer's
// stream alone, so that more samples only add designs.
class FittingDraws {
 public:
  FittingDraws(search::SearchRun& run, OperatorId op, const mapspace::MapSpace& space,
               Random random)
      : run_(&run), op_(op), space_(&space), random_(random) {}

  OperatorId op() const noexcept { return op_; }
  // Draws until one fits, which `mapping()` then is. Where hardly any does, it is the mapping of
  // the start from then on. False when the budget ends. Errors: InfeasibleError when the start is
  // no feasible design either.
  bool next() {
    for (std::size_t drawn = 0; fitting_.empty() && !gave_up_; drawn += kDraws) {
      if (run_->room(kDraws) < kDraws) {
        return false;
      }
      draw();
      if (fitting_.empty() && drawn + kDraws >= kMostDraws) {
        give_up();
      }
    }
    if (!gave_up_) {
      mapping_ = fitting_.back();
      fitting_.pop_back();
    }
    return true;
  }
  const Mapping& mapping() const noexcept { return mapping_; }

 private:
  static constexpr std::size_t kDraws = 64;  // at a time
  static constexpr std::size_t kMostDraws = std::size_t{1} << 18;

  void draw() {
    std::vector<Mapping> mappings(kDraws);
    for (Mapping& mapping : mappings) {
      mapping = space_->sample(random_);
    }
    std::vector<LayerCost> costs(mappings.size());
    run_->score_layer(op_, mappings, costs);
    for (std::size_t i = mappings.size(); i-- > 0;) {  // taken from the back
      if (costs[i].verdict == Verdict::feasible) {
        fitting_.push_back(mappings[i]);
      } else if (!any_fits_) {
        shortfall_.add(run_->evaluator().cost(), op_, run_->start().placement(op_), mappings[i]);
      }
    }
    any_fits_ = any_fits_ || !fitting_.empty();
  }

  void give_up() {
    gave_up_ = true;
    const auto start = run_->start_mapping(op_);
    if (!start || !run_->best_objective()) {
      throw InfeasibleError("none of " + std::to_string(kMostDraws) +
                            " random loop nests of operator '" +
                            run_->start().workload().at(op_).name + "' fits; " + shortfall_.text());
    }
    mapping_ = *start;
  }

  search::SearchRun* run_;
  OperatorId op_;
  const mapspace::MapSpace* space_;
  Random random_;
  bool any_fits_ = false;
  bool gave_up_ = false;
  search::LeastShortfall shortfall_;
  std::vector<Mapping> fitting_;
  Mapping mapping_;
};

class RandomSearch final : public SearchStrategy {
 public:
  RandomSearch(const Config& config, const Context& context)
      : config_(config), host_(*context.host) {}

  void search(Design& design, Evaluator& evaluator) override {
    search::SearchRun run(design, evaluator, &host_, config_.budget);
    const LayerGraph graph = layer_graph(design, evaluator.cost());
    if (config_.scope == Scope::layers) {
      best_layers(run, graph);
    } else {
      whole_designs(run, graph);
    }
    run.finish(design);
  }

 private:
  class Best final : public search::CandidateSink {
   public:
    Mapping mapping;
    std::int64_t latency_ps = 0;

    void found(const search::FoundCandidate& candidate) override {
      if (!objective_ || candidate.objective < *objective_) {
        objective_ = candidate.objective;
        mapping = candidate.mapping;
        latency_ps = candidate.cost.latency_ps;
      }
    }

   private:
    std::optional<double> objective_;
  };

  void best_layers(search::SearchRun& run, const LayerGraph& graph) const {
    Design best = run.start();
    std::int64_t sum_ps = 0;
    std::int64_t candidates = 0;
    search::CandidateOptions options;
    options.count = static_cast<std::size_t>(config_.samples);
    options.from = config_.candidates_from;
    options.front_states_per_draw = config_.front_states_per_draw;
    for (const OperatorId op : graph.layers) {
      Best layer;
      const search::CandidateSummary found =
          search::sample_candidates(run, op, options, host_.random(index(op)), layer);
      if (found.has_space) {
        best.mapping(op) = layer.mapping;
      }
      sum_ps += layer.latency_ps;
      candidates += static_cast<std::int64_t>(found.size);
    }
    const Design* const pointer = &best;
    Score score;
    run.score({&pointer, 1}, {&score, 1});
    run.evaluator().statistic("candidates", candidates);
    run.evaluator().statistic("best_original_sum_ps", sum_ps);
  }

  void whole_designs(search::SearchRun& run, const LayerGraph& graph) const {
    std::vector<FittingDraws> draws;
    for (const OperatorId op : graph.layers) {
      if (const mapspace::MapSpace* const space = run.space_of(op)) {
        draws.emplace_back(run, op, *space, host_.random(index(op)));
      }
    }
    // Where nothing can be drawn, one design is all there is.
    const auto samples = draws.empty() ? 1 : static_cast<std::size_t>(config_.samples);
    std::vector<Design> designs(std::min(kBatch, samples), run.start());
    std::vector<const Design*> pointers;
    for (const Design& design : designs) {
      pointers.push_back(&design);
    }
    std::vector<Score> scores(designs.size());
    std::size_t done = 0;
    while (const std::size_t wanted = run.room(std::min(designs.size(), samples - done))) {
      std::size_t count = 0;
      while (count < wanted && fill(designs[count], draws)) {
        ++count;
      }
      count = run.room(count);  // drawing takes its part of the budget
      if (count == 0) {
        break;
      }
      run.score(std::span(pointers).first(count), std::span(scores).first(count));
      done += count;
      run.progress(done, samples, "designs");
    }
    run.evaluator().statistic("designs", static_cast<std::int64_t>(done));
  }

  static bool fill(Design& design, std::vector<FittingDraws>& draws) {
    return std::all_of(draws.begin(), draws.end(), [&](FittingDraws& layer) {
      const bool drawn = layer.next();
      if (drawn) {
        design.mapping(layer.op()) = layer.mapping();
      }
      return drawn;
    });
  }

  Config config_;
  Host& host_;
};

constexpr auto kFacts = search::with_candidate_facts(
    {{"candidates", "mapping", "Mappings that fit, over all layers"},
     {"best_original_sum_ps", "ps",
      "What the layers take one after another when each has the mapping that is best alone"},
     {"designs", "design", "Whole designs scored"}});

constexpr Component kComponents[] = {
    component<RandomSearch, Config>("imbrex.search.random",
                                    "The best of many uniformly sampled mappings", kParams)
        .provides(Trait::mappings)
        .states(kFacts)
        .cites("Best Original of Wang et al., Fast-OverlaPIM, arXiv:2407.00604")};

}  // namespace

IMBREX_PLUGIN("imbrex.search.random", "0.1.0", "Random mapping search", "Apache-2.0", kComponents)

}  // namespace imbrex::random_search
