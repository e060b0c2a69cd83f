// imbrex.partition.one-per-segment: every mapped operator is resident alone and owns the whole
// chip; operators follow one another. How arrays of processing elements run networks when nothing
// is pipelined, and the baseline of everything that is (specification pipeorgan section 8).

#include <imbrex/plugin.hpp>

#include <string>

namespace imbrex::one_per_segment {
namespace {

using Config = NoConfig;

class OnePerSegment final : public Partitioner {
 public:
  OnePerSegment(const Config&, const Context&) {}

  void partition(Design& design, Evaluator& evaluator) override {
    const std::int64_t chip = evaluator.architecture().resources.front().count;
    std::int32_t segments = 0;
    design.forget_dealt_orders();
    for (std::size_t i = 0; i < design.workload().operators().size(); ++i) {
      const OperatorId id = operator_id(i);
      const Demand demand = evaluator.cost().demand(id);
      if (!demand.mappable) {
        continue;
      }
      if (demand.units > chip) {
        throw InfeasibleError("operator '" + design.workload().at(id).name + "' needs " +
                              std::to_string(demand.units) + " " +
                              std::string(evaluator.architecture().resources.front().name) +
                              "s, the chip has " + std::to_string(chip) + ": " +
                              std::to_string(demand.units - chip) + " too few");
      }
      design.placement(id).segment = segments++;
      design.placement(id).first_unit = 0;
    }
    design.timeline().reset();
    evaluator.statistic("segments", std::int64_t{segments});
  }
};

constexpr FactSpec kFacts[] = {{"segments", "segment", "Segments, one per operator"}};

constexpr Component kComponents[] = {
    component<OnePerSegment, Config>("imbrex.partition.one-per-segment",
                                     "Every operator alone on the whole chip, in turn", {})
        .requires_of_design(Trait::weight_replacement)
        .provides(Trait::placements)
        .states(kFacts)};

}  // namespace

IMBREX_PLUGIN("imbrex.partition.one-per-segment", "0.1.0", "One operator per segment", "Apache-2.0",
              kComponents)

}  // namespace imbrex::one_per_segment
