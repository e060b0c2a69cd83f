// imbrex.partition.pipeorgan: which layers are pipelined together on an array of processing
// elements, how many elements each gets, and where (PipeOrgan). The specification is reconstructed
// from the paper's abstract; its section 0 says what is known and what is not.
// Specification pipeorgan, sections 4 and 5.
#include "network_cut.hpp"

#include <imbrex/plugin.hpp>
#include <imbrex/toolkit/analysis/overlap_math.hpp>
#include <imbrex/toolkit/segments/layer_sequence.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace imbrex::pipeorgan {
namespace {

using pipeorgan::PlannedSegment;
using pipeorgan::PlannerOptions;
using pipeorgan::SegmentPlanner;

// In the order of LayoutKind and of FlowPattern, behind what leaves the choice open.
constexpr std::string_view kLayoutChoices[] = {
    "auto", "blocked-1d", "blocked-2d", "striped", "cells", "error-diffused", "folded-stripes"};
enum class LayoutChoice : std::uint8_t { automatic, last = 6 };
constexpr std::string_view kPatternChoices[] = {"auto",          "one-to-one",    "halo",
                                                "row-multicast", "all-multicast", "global-buffer"};
enum class PatternChoice : std::uint8_t { automatic, last = 5 };

enum class Orders : std::uint8_t { automatic, positions };
constexpr std::string_view kOrdersNames[] = {"auto", "positions"};

struct Config : pipeorgan::CutOptions {
  LayoutChoice layout = LayoutChoice::automatic;
  PatternChoice pattern = PatternChoice::automatic;
  double hand_over_share = 0.5;
  Orders orders = Orders::automatic;
};

constexpr ParamSpec kParams[] = {
    choice<&Config::depth, Config>(
        "depth",
        "Where the network is cut: greedy (the heuristic), exact (fewest words to and from "
        "external memory), fastest (least estimate in the recipe's objective; plans every span), "
        "one (no pipelining) or given (the segments of an earlier stage)",
        pipeorgan::kDepthNames),
    param<&Config::undo_slower, Config>(
        "undo_slower",
        "Whether a segment that is estimated to be worse in the recipe's objective than its layers "
        "one by one is cut again, where that is best"),
    param<&Config::words_per_weight, Config>(
        "words_per_weight",
        "Greedy: a segment grows while the words it keeps on chip are at least this many times "
        "the weights resident (theta)")
        .range(0, 1e300),
    param<&Config::resident_share, Config>(
        "resident_share", "Part of the global buffer that a segment's weights may fill (eta)")
        .range(0, 1e300),
    param<&Config::most_layers, Config>(
        "most_layers", "Deepest segment; 0: the square root of the number of processing elements")
        .unit("layer")
        .range(0, 4096),
    param<&Config::utilisation_drop, Config>(
        "utilisation_drop", "Utilisation that a segment may lose to uneven shares (u_drop)")
        .range(0, 1),
    param<&Config::share_unit, Config>("share_unit",
                                       "Processing elements that shares are dealt in when "
                                       "utilisation is judged")
        .unit("PE")
        .range(1, 1 << 20),
    choice<&Config::layout>("layout",
                            "Where stages sit: auto (the recipe's objective, then the shortest "
                            "time, then the least energy) or one kind",
                            kLayoutChoices),
    choice<&Config::pattern>(
        "pattern",
        "Which elements need a produced word: auto (what the mappings spread over elements "
        "implies; through the global buffer when registers are too small) or always one pattern",
        kPatternChoices),
    choice<&Config::orders>(
        "orders",
        "Loop orders of neighbours: auto (whatever lets both hand over, also channel by channel) "
        "or positions (rows outermost everywhere)",
        kOrdersNames),
    param<&Config::hand_over_share>(
        "hand_over_share",
        "Part of an element's registers for two hand-overs in flight; what does not fit goes "
        "through the global buffer")
        .range(0, 1),
};

std::string histogram_text(const std::map<std::int64_t, int>& histogram) {
  std::string text;
  for (const auto& [depth, segments] : histogram) {
    text.append(text.empty() ? "" : " ").append(std::to_string(depth));
    text.append(":").append(std::to_string(segments));
  }
  return text;
}

class PipeOrgan final : public Partitioner {
 public:
  PipeOrgan(const Config& config, const Context& context) : config_(config), host_(context.host) {}

  void partition(Design& design, Evaluator& evaluator) override {
    const segments::LayerSequence sequence = segments::layer_sequence(
        design.workload(), evaluator.cost(),
        pipeorgan::longest_reach(design, evaluator.architecture(), config_));
    const std::vector<PlannedSegment> segments = best_cut(design, evaluator, sequence);
    design.forget_dealt_orders();
    apply(design, sequence, segments);
    report(design, evaluator, sequence, segments);
  }

 private:
  // The product of energy and time is no sum over segments; so the cuts of least time, least energy
  // and least sum of products compete, ties: the first.
  std::vector<PlannedSegment> best_cut(const Design& design, const Evaluator& evaluator,
                                       const segments::LayerSequence& sequence) const {
    if (evaluator.objective() != Objective::edp) {
      return cut(design, evaluator, sequence, evaluator.objective());
    }
    std::vector<PlannedSegment> best;
    for (const Objective part : {Objective::latency, Objective::energy, Objective::edp}) {
      std::vector<PlannedSegment> segments = cut(design, evaluator, sequence, part);
      if (best.empty() || worth(segments, evaluator) < worth(best, evaluator)) {
        best = std::move(segments);
      }
    }
    return best;
  }
  std::vector<PlannedSegment> cut(const Design& design, const Evaluator& evaluator,
                                  const segments::LayerSequence& sequence,
                                  Objective objective) const {
    SegmentPlanner planner(design, evaluator, sequence, planner_options(objective));
    return pipeorgan::cut_network(design, evaluator, sequence, config_, planner, host_);
  }
  static double worth(const std::vector<PlannedSegment>& segments, const Evaluator& evaluator) {
    LayerCost whole;
    for (const PlannedSegment& segment : segments) {
      whole.latency_ps += segment.choice.estimate_ps;
      whole.energy_pj += segment.choice.energy_pj;
    }
    return evaluator.layer_objective(whole);
  }

  PlannerOptions planner_options(Objective objective) const {
    PlannerOptions options;
    options.objective = objective;
    if (config_.layout != LayoutChoice::automatic) {
      options.layout = static_cast<LayoutKind>(static_cast<int>(config_.layout) - 1);
    }
    if (config_.pattern != PatternChoice::automatic) {
      options.pattern = static_cast<FlowPattern>(static_cast<int>(config_.pattern) - 1);
    }
    options.positions_only = config_.orders == Orders::positions;
    options.hand_over_share = config_.hand_over_share;
    return options;
  }

  static void apply(Design& design, const segments::LayerSequence& sequence,
                    const std::vector<PlannedSegment>& segments) {
    FloorPlans plans;
    for (std::size_t s = 0; s < segments.size(); ++s) {
      const PlannedSegment& segment = segments[s];
      std::int64_t first = 0;
      for (std::size_t i = segment.begin; i < segment.end; ++i) {
        const pipeorgan::Placed& placed = segment.choice.stages[i - segment.begin];
        Placement& placement = design.placement(sequence.operators[i]);
        placement = {};
        placement.segment = static_cast<std::int32_t>(s);
        placement.units = placed.units;
        placement.first_unit = first;
        first += placed.units;
        design.mapping(sequence.operators[i]) = placed.mapping;
      }
      if (segment.end - segment.begin > 1) {
        plans.push_back(segment.choice.plan);
        plans.back().segment = static_cast<std::int32_t>(s);
      }
    }
    design.set_floor_plans(std::move(plans));
    design.timeline().reset();
  }

  void report(const Design& design, Evaluator& evaluator, const segments::LayerSequence& sequence,
              const std::vector<PlannedSegment>& segments) const {
    const std::int64_t retained = pipeorgan::retained_words(evaluator.architecture());
    std::map<std::int64_t, int> depths;
    std::int64_t estimate_ps = 0;
    for (const PlannedSegment& segment : segments) {
      ++depths[static_cast<std::int64_t>(segment.end - segment.begin)];
      estimate_ps += segment.choice.estimate_ps;
    }
    evaluator.statistic("segments", static_cast<std::int64_t>(segments.size()));
    evaluator.note("depths", histogram_text(depths));
    Design apart = design;
    apart.set_floor_plans({});
    for (std::size_t i = 0; i < sequence.operators.size(); ++i) {
      apart.placement(sequence.operators[i]).segment = static_cast<std::int32_t>(i);
    }
    evaluator.statistic("external_words", words_of(design, evaluator, segments.size()));
    evaluator.statistic("external_words_layer_by_layer",
                        words_of(apart, evaluator, sequence.operators.size()));
    evaluator.statistic("retained_words", retained);
    evaluator.statistic("estimate_ps", estimate_ps);
    for (std::size_t s = 0; s < segments.size(); ++s) {
      if (segments[s].end - segments[s].begin > 1) {
        describe(design, evaluator, s, segments[s]);
      }
    }
  }

  // Words to and from external memory that the cost model charges.
  static std::int64_t words_of(const Design& design, Evaluator& evaluator, std::size_t segments) {
    std::int64_t bits = 0;
    for (std::size_t s = 0; s < segments; ++s) {
      const SegmentOverhead overhead =
          evaluator.cost().segment_overhead(design, static_cast<std::int32_t>(s));
      bits += overhead.weight_bits + overhead.load_bits + overhead.store_bits;
    }
    return bits / std::max<std::int64_t>(1, evaluator.architecture().links.word_bits);
  }

  // What decided; the plan itself is in the segment's results.
  static void describe(const Design& design, Evaluator& evaluator, std::size_t number,
                       const PlannedSegment& segment) {
    std::string prefix = "segment_";
    prefix.append(std::to_string(number)).append("_");
    const FloorPlan& plan = segment.choice.plan;
    std::string names;
    for (const OperatorId id : plan.stages) {
      names.append(names.empty() ? "" : " ").append(design.workload().at(id).name);
    }
    evaluator.note(prefix + "stages", names);
    evaluator.note(prefix + "layout", kLayoutNames[static_cast<std::size_t>(plan.layout.kind)]);
    evaluator.note(prefix + "floorplan", plan.layout.text());
    evaluator.statistic(prefix + "intervals", plan.hand_overs.front().intervals);
    evaluator.statistic(prefix + "estimate_ps", segment.choice.estimate_ps);
    evaluator.statistic(prefix + "compute_ps", segment.choice.compute_ps);
    evaluator.statistic(prefix + "link_ps", segment.choice.link_ps);
    evaluator.statistic(prefix + "external_ps", segment.choice.external_ps);
    evaluator.statistic(prefix + "buffer_ps", segment.choice.buffer_ps);
  }

  const Config config_;
  const Host* const host_;
};

constexpr FactSpec kFacts[] = {
    {"segments", "segment", "Segments of the network"},
    {"depths", "", "How many segments have how many layers, depth:segments"},
    {"external_words", "word", "Words to and from external memory"},
    {"external_words_layer_by_layer", "word", "The same with every layer a segment of its own"},
    {"retained_words", "word", "Largest tensor that stays on the chip between segments"},
    {"estimate_ps", "ps", "Estimated time of all segments"},
    {"*_stages", "", "Layers of a segment that are pipelined"},
    {"*_layout", "", "Kind of the segment's layout"},
    {"*_floorplan", "", "Where its stages sit, row by row"},
    {"*_intervals", "interval", "Intervals in which its stages hand over"},
    {"*_estimate_ps", "ps", "Estimated time of the segment"},
    {"*_compute_ps", "ps", "Busy time of its busiest stage"},
    {"*_link_ps", "ps", "Busy time of its busiest link"},
    {"*_external_ps", "ps", "Busy time of the external memory"},
    {"*_buffer_ps", "ps", "Busy time of the global buffer"},
};

constexpr Component kComponents[] = {
    component<PipeOrgan, Config>(
        "imbrex.partition.pipeorgan",
        "Pipelines neighbouring layers on an array: depth, shares and layout", kParams)
        .requires_of_design(Trait::weight_replacement | Trait::mac_array | Trait::links)
        .provides(Trait::placements | Trait::mappings)
        .states(kFacts)
        .cites("R. Garg et al., PipeOrgan: Efficient Inter-operation Pipelining with Flexible "
               "Spatial Organization and Interconnects, arXiv:2405.01736")};

}  // namespace

IMBREX_PLUGIN("imbrex.partition.pipeorgan", "0.1.0", "PipeOrgan: depth and spatial organisation",
              "Apache-2.0", kComponents)

}  // namespace imbrex::pipeorgan
