// imbrex.search.given: no search at all; the recipe says which loop nest an operator runs. The
// texts are those of result.json, so that what a run found runs again by hand, and may be changed
// there.
#include "nest_texts.hpp"
#include "outside.hpp"

#include <imbrex/plugin.hpp>

#include <string>
#include <vector>

namespace imbrex::given_mapping {
namespace {

using Config = GivenTexts;

constexpr ParamSpec kParams[] = {
    param<&Config::loops>(
        "loops",
        "Loop nests, outermost loop first: \"OPERATOR LEVEL temporal|spatial DIMENSION BOUND\", t "
        "and s for short, the level by name or number. Operators that are not named keep what they "
        "have"),
    param<&Config::outer>(
        "outer",
        "\"OPERATOR COUNT\": so many of its loops, from the outermost on, are its jobs. Where this "
        "says nothing, jobs are the loops at which the cost model cuts: those of the outermost "
        "level, in banks those of the banks as well"),
    param<&Config::job_extents>(
        "job_extents",
        "\"OPERATOR DIMENSION EXTENT\": what one job covers, where that is not the product of the "
        "loops inside it, e.g. all input channels of a crossbar"),
};

class Given final : public SearchStrategy {
 public:
  Given(const Config& config, const Context&) : config_(config) { require_forms(config_); }

  // Errors: InputError for texts that name nothing, or do not cover an operator; InfeasibleError
  // for nests that the map space does not hold.
  void search(Design& design, Evaluator& evaluator) override {
    const auto nests = read_nests(config_, design, evaluator.architecture(), evaluator.cost());
    for (const auto& [op, mapping] : nests) {
      design.mapping(op) = possible(design, op, mapping, evaluator);
      design.set_dealt_order(op, nullptr);
    }
    design.timeline().reset();
    evaluator.statistic("given_operators", static_cast<std::int64_t>(nests.size()));
  }

 private:
  // Capacities are the kernel's to check, which has the words for them.
  static Mapping possible(const Design& design, OperatorId op, const Mapping& mapping,
                          const Evaluator& evaluator) {
    const CostModel& cost = evaluator.cost();
    const Placement& placement = design.placement(op);
    const MapSpaceSpec space = cost.map_space(op, placement);
    const std::string why = space.slots.empty() ? "the hardware computes one way, this is another"
                                                : why_outside(space, mapping);
    if (why.empty()) {
      require_shareable(design, op, mapping);
      return mapping;
    }
    const auto canonical = canonical_like(cost, op, placement, mapping, evaluator.request().shape);
    if (!canonical) {
      throw InfeasibleError("loops of operator '" + design.workload().at(op).name + "': " + why);
    }
    require_shareable(design, op, *canonical);
    return *canonical;
  }

  // Errors: InputError where the copies that the operator has cannot deal these jobs among them.
  static void require_shareable(const Design& design, OperatorId op, const Mapping& mapping) {
    const Operator& what = design.workload().at(op);
    const Placement& placement = design.placement(op);
    if (placement.copies > 1 &&
        !longest_server_ps(what, mapping, placement.copies, placement.dealing, {})) {
      throw InputError("loops of operator '" + what.name + "': its " +
                       std::to_string(placement.copies) +
                       " copies cannot share them; loops that are jobs must be temporal N, P and "
                       "Q loops then, one each");
    }
  }

  Config config_;
};

constexpr FactSpec kFacts[] = {
    {"given_operators", "operator", "Operators whose loop nest the recipe gives"}};

constexpr Component kComponents[] = {
    component<Given, Config>("imbrex.search.given",
                             "The loop nests that the recipe gives, as result.json writes "
                             "them",
                             kParams)
        .provides(Trait::mappings)
        .states(kFacts)};

}  // namespace

IMBREX_PLUGIN("imbrex.search.given", "0.1.0", "Given loop nests", "Apache-2.0", kComponents)

}  // namespace imbrex::given_mapping
