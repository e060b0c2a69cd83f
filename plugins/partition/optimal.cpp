// imbrex.partition.optimal: the best way to cut a network into segments, provably, under the cost
// model's estimates (specification compass section 11): weights that crossbars hold together, or
// layers that share an array of processing elements.
#include <imbrex/plugin.hpp>
#include <imbrex/toolkit/segments/segment_problem.hpp>
#include <imbrex/toolkit/segments/segment_search.hpp>

#include <algorithm>

namespace imbrex::optimal_cut {
namespace {

struct Config {
  bool hide_weight_loads = false;
  bool fit_core = false;
};

constexpr ParamSpec kParams[] = {
    param<&Config::hide_weight_loads>(
        "hide_weight_loads",
        "Whether the next segment's weights may arrive while the last sample drains from this one. "
        "For latency and throughput. Default false: the COMPASS paper adds up its segments"),
    param<&Config::fit_core>("fit_core",
                             "Whether a part of a layer that cannot be cut further must "
                             "fit one core. Default false: the "
                             "paper's own unit counts need larger ones"),
};

class Optimal final : public Partitioner {
 public:
  Optimal(const Config& config, const Context& context) : config_(config), host_(context.host) {}

  void partition(Design& design, Evaluator& evaluator) override {
    const Objective objective = evaluator.objective();
    if (config_.hide_weight_loads &&
        (objective == Objective::energy || objective == Objective::edp)) {
      throw InputError(
          "hide_weight_loads = true saves time and no energy: use it with objective latency or "
          "throughput");
    }
    segments::Problem problem(design, evaluator, {config_.fit_core, 0});
    problem.evaluate_all(host_);
    if (config_.hide_weight_loads) {
      hide(problem, design, evaluator);
    } else if (problem.is_product()) {
      problem.apply(segments::least_product(problem.spans(), problem.time(), problem.energy()),
                    design);
    } else {
      problem.apply(segments::shortest_path(problem.spans(), problem.single()), design);
    }
  }

 private:
  static void hide(segments::Problem& problem, Design& design, Evaluator& evaluator) {
    const auto costs = problem.costs();
    const auto credit = [&](std::size_t before, std::size_t next) {
      return static_cast<double>(std::min(costs[before].drain_ps, costs[next].weight_load_ps));
    };
    const segments::Ends ends =
        segments::shortest_path_with_credit(problem.spans(), problem.time(), credit);
    const double hidden =
        segments::total(problem.spans(), ends, problem.time()) -
        segments::total_with_credit(problem.spans(), ends, problem.time(), credit);
    problem.apply(ends, design);
    evaluator.statistic("hidden_weight_load_ps", static_cast<std::int64_t>(hidden));
  }

  Config config_;
  const Host* host_;
};

constexpr auto kFacts = segments::with_segment_facts(
    {{"hidden_weight_load_ps", "ps",
      "Time of loading weights that passes while the segment before drains"}});

constexpr Component kComponents[] = {
    component<Optimal, Config>("imbrex.partition.optimal",
                               "The best segments in the recipe's objective, under the "
                               "estimates: shortest path, or convex "
                               "hull for the product",
                               kParams)
        .requires_of_design(Trait::weight_replacement)
        .provides(Trait::placements)
        .states(kFacts)
        .cites("After CMSwitch, arXiv:2502.17006; segments as in COMPASS, arXiv:2501.06780")};

}  // namespace

IMBREX_PLUGIN("imbrex.partition.optimal", "0.1.0", "Optimal segments", "Apache-2.0", kComponents)

}  // namespace imbrex::optimal_cut
