// imbrex.partition.compass: segments found by COMPASS's genetic algorithm (specification compass
// section 9), with the distance to the optimum, which costs no more than one generation.
#include "segment_genetic.hpp"

#include <imbrex/plugin.hpp>
#include <imbrex/toolkit/segments/segment_problem.hpp>

#include <string>

namespace imbrex::compass {
namespace {

struct Config {
  std::int64_t population = 100;
  std::int64_t selected = 20;
  std::int64_t generations = 30;
  std::int64_t patience = 8;
  bool fit_core = false;
};

constexpr ParamSpec kParams[] = {
    param<&Config::population>("population",
                               "Ways to cut in every generation. Default: COMPASS, section IV-A3")
        .range(1, 1 << 24),
    param<&Config::selected>("selected",
                             "The best of them, which survive and from which mutants are "
                             "drawn. Default: COMPASS, section "
                             "IV-A3")
        .range(1, 1 << 24),
    param<&Config::generations>("generations", "Most generations. Default: COMPASS, section IV-A3")
        .range(0, 1 << 24),
    param<&Config::patience>(
        "patience",
        "Generations without a better best before it stops; 0: never. Default 8: the paper stops "
        "early but does not say when")
        .range(0, 1 << 24),
    param<&Config::fit_core>("fit_core",
                             "Whether a part of a layer that cannot be cut further must "
                             "fit one core. Default false: the "
                             "paper's own unit counts need larger ones"),
};

class Compass final : public Partitioner {
 public:
  Compass(const Config& config, const Context& context) : config_(config), host_(context.host) {
    if (config.selected > config.population) {
      throw InputError("selected = " + std::to_string(config.selected) + " of a population of " +
                       std::to_string(config.population) + ": cannot select more than there are");
    }
  }

  void partition(Design& design, Evaluator& evaluator) override {
    segments::Problem problem(design, evaluator, {config_.fit_core, 0});
    problem.evaluate_all(host_);
    GeneticGoal goal{problem.single(), {}};
    if (problem.is_product()) {
      goal.y = problem.energy();
    }
    const GeneticResult found =
        genetic(problem.spans(), goal,
                {config_.population, config_.selected, config_.generations, config_.patience},
                host_ != nullptr ? host_->random(0) : Random(0, 0), [this] {
                  if (host_ != nullptr && host_->cancelled()) {
                    throw CancelledError();
                  }
                });
    problem.apply(found.best, design);
    record(problem, found, evaluator);
  }

 private:
  static void record(const segments::Problem& problem, const GeneticResult& found,
                     Evaluator& evaluator) {
    double optimum = 0;
    if (problem.is_product()) {
      const auto ends = segments::least_product(problem.spans(), problem.time(), problem.energy());
      optimum = segments::total(problem.spans(), ends, problem.time()) *
                segments::total(problem.spans(), ends, problem.energy());
    } else {
      const auto ends = segments::shortest_path(problem.spans(), problem.single());
      optimum = segments::total(problem.spans(), ends, problem.single());
    }
    evaluator.statistic("generations", static_cast<std::int64_t>(found.trace.size()) - 1);
    evaluator.statistic("gap_to_optimum", optimum > 0 ? found.cost / optimum - 1 : 0.0);
    for (std::size_t i = 0; i < found.trace.size(); ++i) {
      evaluator.statistic("best_after_" + std::to_string(i), found.trace[i]);
    }
  }

  Config config_;
  Host* host_;
};

constexpr auto kFacts = segments::with_segment_facts(
    {{"generations", "generation", "Generations until it stopped"},
     {"gap_to_optimum", "", "Part by which the cut is worse than the best one under the estimates"},
     {"best_after_*", "",
      "The best of a generation, 0 being the first population; ps, pJ, or their product"}});

constexpr Component kComponents[] = {
    component<Compass, Config>("imbrex.partition.compass",
                               "Segments found by COMPASS's genetic algorithm, small in the "
                               "recipe's objective",
                               kParams)
        .requires_of_design(Trait::crossbars | Trait::copies | Trait::weight_replacement)
        .provides(Trait::placements)
        .states(kFacts)
        .cites("Park et al., COMPASS: A Compiler Framework for Resource-Constrained Crossbar-Array "
               "Based In-Memory Deep Learning Accelerators, DATE 2025, arXiv:2501.06780")};

}  // namespace

IMBREX_PLUGIN("imbrex.partition.compass", "0.1.0", "COMPASS segments", "Apache-2.0", kComponents)

}  // namespace imbrex::compass
