// imbrex.partition.greedy: fills the chip in operator order, cuts, goes on (the baseline of
// COMPASS, specification section 10). Looks at sizes alone, at no objective.
#include <imbrex/plugin.hpp>
#include <imbrex/toolkit/segments/segment_problem.hpp>
#include <imbrex/toolkit/segments/segment_search.hpp>

namespace imbrex::greedy_cut {
namespace {

struct Config {
  bool replication = false;
  bool fit_core = false;
};

constexpr ParamSpec kParams[] = {
    param<&Config::replication>(
        "replication",
        "Whether space that is left in a segment takes further copies. Default false: the COMPASS "
        "paper's throughputs of its greedy baseline hardly depend on the chip's size; true is the "
        "fair comparison"),
    param<&Config::fit_core>("fit_core",
                             "Whether a part of a layer that cannot be cut further must "
                             "fit one core. Default false: the "
                             "paper's own unit counts need larger ones"),
};

class Greedy final : public Partitioner {
 public:
  Greedy(const Config& config, const Context&) : config_(config) {}

  void partition(Design& design, Evaluator& evaluator) override {
    segments::Problem problem(design, evaluator, {config_.fit_core, config_.replication ? 0 : 1});
    problem.apply(segments::greedy(problem.spans()), design);
  }

 private:
  Config config_;
};

constexpr Component kComponents[] = {
    component<Greedy, Config>("imbrex.partition.greedy",
                              "Segments as large as the chip allows, in operator "
                              "order, whatever the objective",
                              kParams)
        .requires_of_design(Trait::crossbars | Trait::copies | Trait::weight_replacement)
        .provides(Trait::placements)
        .states(segments::kSegmentFacts)
        .cites("Baseline of Park et al., COMPASS, DATE 2025, arXiv:2501.06780")};

}  // namespace

IMBREX_PLUGIN("imbrex.partition.greedy", "0.1.0", "Greedy segments", "Apache-2.0", kComponents)

}  // namespace imbrex::greedy_cut
