// imbrex.partition.given: the recipe says how many copies operators have, in which segment they are
// resident and which resources they own. The texts are those of result.json, so that what a
// partitioner decided runs again by hand, and may be changed there. Layers are not split, and
// arrays get no floor plan.
#include "placement_reader.hpp"

#include <imbrex/plugin.hpp>

#include <string>
#include <vector>

namespace imbrex::given_placement {
namespace {

struct Config {
  std::vector<std::string> placements;
};

constexpr ParamSpec kParams[] = {
    param<&Config::placements>(
        "placements",
        "\"OPERATOR PROPERTY VALUE\": copies, segment, units (0: what the copies need), first_unit "
        "(-1: in operator order) or dealing (round-robin, strip-w, strip-h). What is not named "
        "stays as it is; at first it is one copy, all in segment 0"),
};

class Given final : public Partitioner {
 public:
  Given(const Config& config, const Context&) : config_(config) {
    require_forms(config_.placements);
  }

  // Errors: InputError for texts that name nothing; InfeasibleError for what no chip can do.
  void partition(Design& design, Evaluator& evaluator) override {
    design.forget_dealt_orders();
    const std::int64_t placed = place(config_.placements, evaluator.cost(), design);
    require_possible(design, evaluator.cost(), evaluator.architecture());
    design.timeline().reset();
    evaluator.statistic("placed_operators", placed);
  }

 private:
  Config config_;
};

constexpr FactSpec kFacts[] = {
    {"placed_operators", "operator", "Operators whose placement the recipe gives"}};

constexpr Component kComponents[] = {
    component<Given, Config>("imbrex.partition.given",
                             "The copies, segments and resources that the recipe gives, as "
                             "result.json writes them",
                             kParams)
        .provides(Trait::placements)
        .states(kFacts)};

}  // namespace

IMBREX_PLUGIN("imbrex.partition.given", "0.1.0", "Given placements", "Apache-2.0", kComponents)

}  // namespace imbrex::given_placement
