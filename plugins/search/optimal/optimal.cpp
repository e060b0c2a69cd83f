// imbrex.search.optimal: for every layer a mapping and the proof that none in its map space is
// better, and how far from it the mapping is that came in.
#include "certificates.hpp"
#include "layer_optimum.hpp"

#include <imbrex/plugin.hpp>
#include <imbrex/toolkit/search/search_facts.hpp>
#include <imbrex/toolkit/search/search_run.hpp>

#include <optional>
#include <vector>

namespace imbrex::optimal {
namespace {

struct Config {
  double gap = 0;
  std::int64_t max_states = 0;
  std::int64_t memory_mb = 224;
  std::int64_t enumerate = 100'000;
  bool keep_design = false;
};

constexpr ParamSpec kParams[] = {
    param<&Config::gap>("gap",
                        "Relative distance between a layer's mapping and its bound at which the "
                        "search is content; 0: a proved optimum")
        .range(0, 1),
    param<&Config::max_states>(
        "max_states",
        "Tiles and shares to look at per layer, after which the best mapping "
        "and a bound are the answer; 0: no limit. Equal on all machines, "
        "unlike seconds")
        .unit("state")
        .at_least(0),
    param<&Config::memory_mb>("memory_mb", "Most memory for the tables of a layer")
        .unit("MB")
        .range(1, 65536),
    param<&Config::enumerate>("enumerate",
                              "Largest map space that is looked at mapping by mapping where the "
                              "cost model does not say how it counts, or counts in a way that is "
                              "not bounded")
        .unit("mapping")
        .at_least(0),
    param<&Config::keep_design>(
        "keep_design",
        "Leaves the design that comes in as it is, and only states how far each layer is from the "
        "best: behind another search, the gap of that search")};

class OptimalSearch final : public SearchStrategy {
 public:
  OptimalSearch(const Config& config, const Context& context)
      : config_(config), host_(*context.host) {}

  void search(Design& design, Evaluator& evaluator) override {
    search::SearchRun run(design, evaluator, &host_, 0);
    std::vector<LayerTask> tasks = tasks_of(run, layer_graph(design, evaluator.cost()).layers);
    const LayerLimits limits{config_.gap, config_.max_states, config_.memory_mb * 1'000'000,
                             config_.enumerate};
    host_.parallel_for(tasks.size(), 1, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        prove(tasks[i], limits, evaluator, host_);
      }
    });
    for (LayerTask& task : tasks) {
      settle(task, limits, run);
    }
    const std::optional<double> start_gap = state_certificates(tasks, run);
    if (config_.keep_design) {
      keep(design, start_gap || tasks.empty(), run);
    } else {
      leave_best(tasks, run, design);
    }
  }

 private:
  void keep(Design& design, bool is_judged, search::SearchRun& run) const {
    if (!is_judged) {
      host_.log(LogLevel::warning,
                "what came in cannot be judged: some mapping lies outside its map space or is not "
                "feasible, or the bound is 0");
    }
    // A design outside its map space wins nothing, and is none of a judge's business.
    if (run.best_objective()) {
      run.finish(design);
    }
  }

  // Nobody judges whole designs any more once the user has interrupted: then the best mappings of
  // the layers, each alone, are what is left.
  static void leave_best(const std::vector<LayerTask>& tasks, search::SearchRun& run,
                         Design& design) {
    Design best = run.start();
    for (const LayerTask& task : tasks) {
      for (const OperatorId op : task.operators) {
        if (task.answer.mapping) {
          best.mapping(op) = *task.answer.mapping;
        }
      }
    }
    const Design* const pointer = &best;
    Score score;
    try {
      run.score({&pointer, 1}, {&score, 1});
    } catch (const CancelledError&) {
      design = best;
      return;
    }
    run.finish(design);
  }

  Config config_;
  Host& host_;
};

constexpr auto kFacts = search::with_search_facts(kCertificateFacts);

constexpr Component kComponents[] = {
    component<OptimalSearch, Config>(
        "imbrex.search.optimal",
        "The best mapping of every layer, with the proof that there is no better one", kParams)
        .provides(Trait::mappings)
        .states(kFacts)
        .cites("Branch and bound over tiles; sdk/docs/optimal.md has the argument")};

}  // namespace

IMBREX_PLUGIN("imbrex.search.optimal", "0.1.0", "Proved optimal mappings", "Apache-2.0",
              kComponents)

}  // namespace imbrex::optimal
