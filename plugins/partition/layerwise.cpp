// imbrex.partition.layerwise: every operator with weights is a segment of its own, cut further only
// where it exceeds the chip (the other baseline of COMPASS, specification section 10). Looks at
// sizes alone, at no objective.
#include <imbrex/plugin.hpp>
#include <imbrex/toolkit/segments/segment_problem.hpp>
#include <imbrex/toolkit/segments/segment_search.hpp>

namespace imbrex::layerwise_cut {
namespace {

struct Config {
  bool fit_core = false;
};

constexpr ParamSpec kParams[] = {
    param<&Config::fit_core>("fit_core",
                             "Whether a part of a layer that cannot be cut further must "
                             "fit one core. Default false: the "
                             "COMPASS paper's own unit counts need larger ones"),
};

class Layerwise final : public Partitioner {
 public:
  Layerwise(const Config& config, const Context&) : config_(config) {}

  void partition(Design& design, Evaluator& evaluator) override {
    segments::Problem problem(design, evaluator, {config_.fit_core, 0});
    problem.apply(ends_of(problem), design);
  }

 private:
  static segments::Ends ends_of(const segments::Problem& problem) {
    const std::vector<WeightUnit>& units = problem.sequence().units;
    segments::Ends ends;
    for (std::int32_t begin = 0; begin < problem.spans().units(); begin = ends.back()) {
      std::int32_t end = begin + 1;
      while (end < problem.spans().largest_end(begin) &&
             units[static_cast<std::size_t>(end)].op == units[static_cast<std::size_t>(begin)].op) {
        ++end;
      }
      ends.push_back(end);
    }
    return ends;
  }

  Config config_;
};

constexpr Component kComponents[] = {
    component<Layerwise, Config>("imbrex.partition.layerwise",
                                 "One segment per operator with weights, whatever the "
                                 "objective",
                                 kParams)
        .requires_of_design(Trait::crossbars | Trait::copies | Trait::weight_replacement)
        .provides(Trait::placements)
        .states(segments::kSegmentFacts)
        .cites("Baseline of Park et al., COMPASS, DATE 2025, arXiv:2501.06780")};

}  // namespace

IMBREX_PLUGIN("imbrex.partition.layerwise", "0.1.0", "Layer-wise segments", "Apache-2.0",
              kComponents)

}  // namespace imbrex::layerwise_cut
