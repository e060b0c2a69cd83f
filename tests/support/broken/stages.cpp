// Stages that leave designs which no stage may leave, or misuse the evaluator; `fault` says how.
// And a search as a stranger would write it: draw, score, keep the best.
#include <imbrex/plugin.hpp>
#include <imbrex/toolkit/mapspace/map_space.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace {

using imbrex::Design;
using imbrex::Evaluator;
using imbrex::OperatorId;

constexpr std::string_view kFaults[] = {"none",
                                        "other-workload",
                                        "wide-spatial",
                                        "more-copies-than-units",
                                        "off-the-chip",
                                        "no-copies",
                                        "negative-segment",
                                        "late-producer",
                                        "unknown-dealing",
                                        "shared-units",
                                        "stale-dealt-order",
                                        "plan-of-nothing",
                                        "uncovered-mapping",
                                        "short-scores",
                                        "foreign-score",
                                        "unknown-operator",
                                        "empty-pair",
                                        "undeclared-fact"};
enum class Fault : std::uint8_t {
  none,
  other_workload,
  wide_spatial,
  more_copies_than_units,
  off_the_chip,
  no_copies,
  negative_segment,
  late_producer,
  unknown_dealing,
  shared_units,
  stale_dealt_order,
  plan_of_nothing,
  uncovered_mapping,
  short_scores,
  foreign_score,
  unknown_operator,
  empty_pair,
  undeclared_fact,
};

struct Config {
  Fault fault = Fault::none;
};
constexpr imbrex::ParamSpec kParams[] = {
    imbrex::choice<&Config::fault>("fault", "What is wrong", kFaults)};

Design of_another_network() {
  imbrex::WorkloadBuilder builder("smaller");
  imbrex::ConvolutionParams params;
  params.output_channels = 2;
  builder.convolution("tiny", builder.input("x", {4, {1, 2, 2, 2, 1, 1}}), params);
  return Design(std::make_shared<const imbrex::Workload>(builder.finish()));
}

std::vector<OperatorId> mapped(const Design& design, const Evaluator& evaluator) {
  std::vector<OperatorId> ids;
  for (std::size_t i = 0; i < design.workload().operators().size(); ++i) {
    if (evaluator.cost().demand(imbrex::operator_id(i)).mappable) {
      ids.push_back(imbrex::operator_id(i));
    }
  }
  return ids;
}

// One job per output channel, all at the same time, far beyond what any chip has.
imbrex::Mapping wide(const imbrex::Operator& op) {
  imbrex::Mapping mapping;
  mapping.job_extent = op.bounds.bound;
  mapping.job_extent[imbrex::index(imbrex::Dim::K)] = 1;
  mapping.loops[0] = {imbrex::Dim::K, imbrex::LoopKind::spatial, 0, op.bounds[imbrex::Dim::K]};
  mapping.count = mapping.outer = 1;
  return mapping;
}

class Stage final : public imbrex::Partitioner {
 public:
  Stage(const Config& config, const imbrex::Context&) : fault_(config.fault) {}

  void partition(Design& design, Evaluator& evaluator) override {
    if (fault_ >= Fault::short_scores) {
      return misuse(design, evaluator);
    }
    const std::vector<OperatorId> layers = mapped(design, evaluator);
    imbrex::Placement& first = design.placement(layers.front());
    switch (fault_) {
      case Fault::other_workload:
        design = of_another_network();
        return;
      case Fault::wide_spatial:
        design.mapping(layers.front()) = wide(design.workload().at(layers.front()));
        return;
      case Fault::more_copies_than_units:
        first.copies = 32;
        first.units = 1;
        return;
      case Fault::off_the_chip:
        first.first_unit = 1'000'000;
        return;
      case Fault::no_copies:
        first.copies = 0;
        return;
      case Fault::negative_segment:
        first.segment = -1;
        return;
      case Fault::late_producer:
        first.segment = 1;
        return;
      case Fault::unknown_dealing:
        first.dealing = static_cast<imbrex::Dealing>(9);
        return;
      default:
        return decide_more(design, layers);
    }
  }

 private:
  void decide_more(Design& design, const std::vector<OperatorId>& layers) const {
    switch (fault_) {
      case Fault::shared_units:
        design.placement(layers[0]).first_unit = 0;
        design.placement(layers[1]).first_unit = 0;
        return;
      case Fault::stale_dealt_order:
        design.set_dealt_order(layers.front(), std::make_shared<const imbrex::DealtOrder>());
        return;
      case Fault::plan_of_nothing: {
        imbrex::FloorPlan plan;
        plan.segment = 7;
        design.set_floor_plans({plan});
        return;
      }
      case Fault::uncovered_mapping: {
        imbrex::Mapping mapping;  // one job of one position
        design.mapping(layers.front()) = mapping;
        return;
      }
      default:
        return;
    }
  }

  void misuse(Design& design, Evaluator& evaluator) const {
    const Design* const one = &design;
    imbrex::Score score;
    switch (fault_) {
      case Fault::short_scores:
        evaluator.score({&one, 1}, {});
        return;
      case Fault::foreign_score: {
        const Design other = of_another_network();
        const Design* const foreign = &other;
        evaluator.score({&foreign, 1}, {&score, 1});
        return;
      }
      case Fault::unknown_operator: {
        const imbrex::Mapping mapping;
        imbrex::LayerCost cost;
        evaluator.score_layer(imbrex::operator_id(99), {}, {&mapping, 1}, {&cost, 1});
        return;
      }
      case Fault::empty_pair: {
        const imbrex::Mapping mapping;
        imbrex::PairBatch batch;
        batch.candidates = {&mapping, 1};
        imbrex::PairResult result;
        evaluator.score_pairs(batch, {&result, 1});
        return;
      }
      case Fault::undeclared_fact:
        evaluator.statistic("secret", std::int64_t{7});
        return;
      default:
        return;
    }
  }

  Fault fault_;
};

struct DrawConfig {
  std::int64_t designs = 32;
};
constexpr imbrex::ParamSpec kDrawParams[] = {
    imbrex::param<&DrawConfig::designs>("designs", "How many to draw").range(1, 100'000)};
constexpr imbrex::FactSpec kDrawFacts[] = {{"feasible", "design", "Designs that could be scored."}};

class Draw final : public imbrex::SearchStrategy {
 public:
  Draw(const DrawConfig& config, const imbrex::Context& context)
      : config_(config), host_(*context.host) {}

  void search(Design& design, Evaluator& evaluator) override {
    imbrex::Random random = host_.random(0);
    std::optional<double> best;
    std::int64_t feasible = 0;
    const Design start = design;
    for (std::int64_t i = 0; i < config_.designs; ++i) {
      const Design drawn = draw(start, evaluator, random);
      const Design* const one = &drawn;
      imbrex::Score score;
      evaluator.score({&one, 1}, {&score, 1});
      if (score.verdict == imbrex::Verdict::feasible) {
        ++feasible;
        if (!best || score.objective < *best) {
          best = score.objective;
          design = drawn;
        }
      }
    }
    evaluator.statistic("feasible", feasible);
  }

 private:
  static Design draw(const Design& start, const Evaluator& evaluator, imbrex::Random& random) {
    Design drawn = start;
    for (const OperatorId op : mapped(start, evaluator)) {
      imbrex::MapSpaceSpec spec = evaluator.cost().map_space(op, start.placement(op));
      if (!spec.slots.empty()) {
        drawn.mapping(op) = imbrex::mapspace::MapSpace(std::move(spec)).sample(random);
      }
    }
    return drawn;
  }

  DrawConfig config_;
  imbrex::Host& host_;
};

constexpr imbrex::Component kComponents[] = {
    imbrex::component<Stage, Config>("test.partition.broken", "Leaves what no stage may leave",
                                     kParams),
    imbrex::component<Draw, DrawConfig>("test.search.draw", "Draws designs and keeps the best",
                                        kDrawParams)
        .provides(imbrex::Trait::mappings)
        .states(kDrawFacts)};

}  // namespace

IMBREX_PLUGIN("test.broken-stages", "1.0.0", "Stages that break promises", "Apache-2.0",
              kComponents)
