// File: pipeorgan.cpp
//
// imbrex.partition.pipeorgan: which layers are pipelined together on an array of processing
// elements, how many elements each gets, and where (PipeOrgan). The specification is reconstructed
// from the paper's abstract; its section 0 says what is known and what is not.
// Specification pipeorgan, sections 4 and 5.
#include "segment_planner.hpp"

#include <imbrex/pipeline_depth.hpp>
#include <imbrex/plugin.hpp>
#include <imbrex/segment_pass.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace {

using namespace imbrex;  // NOLINT(google-build-using-namespace): the plugin speaks only this
                         // language
using pipeorgan::PlannerOptions;
using pipeorgan::SegmentChoice;
using pipeorgan::SegmentPlanner;

enum class Depth : std::uint8_t { greedy, exact, one, given };
constexpr std::string_view kDepthNames[] = {"greedy", "exact", "one", "given"};
// In the order of LayoutKind and of FlowPattern, behind what leaves the choice open.
constexpr std::string_view kLayoutChoices[] = {
    "auto", "blocked-1d", "blocked-2d", "striped", "cells", "error-diffused", "folded-stripes"};
enum class LayoutChoice : std::uint8_t { automatic, last = 6 };
constexpr std::string_view kPatternChoices[] = {"auto",          "one-to-one",    "halo",
                                                "row-multicast", "all-multicast", "global-buffer"};
enum class PatternChoice : std::uint8_t { automatic, last = 5 };

enum class Orders : std::uint8_t { automatic, positions };
constexpr std::string_view kOrdersNames[] = {"auto", "positions"};

struct Config {
  Depth depth = Depth::greedy;
  bool undo_slower = true;
  double words_per_weight = 1;
  double resident_share = 0.5;
  std::int64_t most_layers = 0;
  double utilisation_drop = 0.05;
  std::int64_t share_unit = 8;
  LayoutChoice layout = LayoutChoice::automatic;
  PatternChoice pattern = PatternChoice::automatic;
  double hand_over_share = 0.5;
  Orders orders = Orders::automatic;
};

constexpr ParamSpec kParams[] = {
    choice<&Config::depth>(
        "depth",
        "Where the network is cut: greedy (the heuristic), exact (fewest words to and from "
        "external memory), one (no pipelining) or given (the segments of an earlier stage)",
        kDepthNames),
    param<&Config::undo_slower>(
        "undo_slower",
        "Whether a segment that is estimated to take longer than its layers one by one is cut "
        "again, where that is fastest"),
    param<&Config::words_per_weight>(
        "words_per_weight",
        "Greedy: a segment grows while the words it keeps on chip are at least this many times "
        "the weights resident (theta)")
        .range(0, 1e300),
    param<&Config::resident_share>(
        "resident_share", "Part of the global buffer that a segment's weights may fill (eta)")
        .range(0, 1e300),
    param<&Config::most_layers>(
        "most_layers", "Deepest segment; 0: the square root of the number of processing elements")
        .unit("layer")
        .range(0, 4096),
    param<&Config::utilisation_drop>(
        "utilisation_drop", "Utilisation that a segment may lose to uneven shares (u_drop)")
        .range(0, 1),
    param<&Config::share_unit>("share_unit",
                               "Processing elements that shares are dealt in when "
                               "utilisation is judged")
        .unit("PE")
        .range(1, 1 << 20),
    choice<&Config::layout>("layout",
                            "Where stages sit: auto (the shortest time, then the least energy) or "
                            "one kind",
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
  PipeOrgan(const Config& config, const Context&) : config_(config) {}

  void partition(Design& design, Evaluator& evaluator) override {
    const PipelineProblem problem = pipeline_problem(design.workload(), mapped(design, evaluator));
    SegmentPlanner planner(design, evaluator, problem, planner_options());
    std::vector<Segment> segments = plan(design, evaluator, problem, planner);
    apply(design, problem, segments);
    report(design, evaluator, problem, segments);
  }

 private:
  struct Segment {
    std::size_t begin = 0;
    std::size_t end = 0;
    SegmentChoice choice;
  };

  PlannerOptions planner_options() const {
    PlannerOptions options;
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

  static std::vector<OperatorId> mapped(const Design& design, const Evaluator& evaluator) {
    std::vector<OperatorId> ids;
    for (std::size_t i = 0; i < design.workload().operators().size(); ++i) {
      if (evaluator.cost().demand(operator_id(i)).mappable) {
        ids.push_back(operator_id(i));
      }
    }
    return ids;
  }

  // The level below the external memory is the global buffer; weights of the widest operator count.
  DepthLimits limits(const Design& design, const Architecture& array) const {
    std::int64_t bits = 1;
    for (const Operator& op : design.workload().operators()) {
      bits = std::max<std::int64_t>(bits, op.has_macs() ? op.weight_bits_per_element : 1);
    }
    const bool bounded = array.levels.size() > 1 && array.levels[1].capacity_bits > 0;
    const std::int64_t elements = array.grid.rows * array.grid.columns;
    DepthLimits limits;
    limits.words_per_weight = config_.words_per_weight;
    limits.resident_weight_words =
        bounded ? config_.resident_share * static_cast<double>(array.levels[1].capacity_bits) /
                      static_cast<double>(bits)
                : kUnboundedWords;
    std::int64_t root = 1;
    while ((root + 1) * (root + 1) <= elements) {
      ++root;
    }
    limits.most_layers = static_cast<std::int32_t>(
        config_.depth == Depth::one ? 1 : (config_.most_layers > 0 ? config_.most_layers : root));
    limits.least_utilisation = 1 - config_.utilisation_drop;
    limits.share_units = std::max<std::int64_t>(1, elements / config_.share_unit);
    return limits;
  }

  static std::int64_t retained_words(const Architecture& array) {
    return array.replacement.retained_bits / array.links.word_bits;
  }

  std::vector<std::int32_t> cut(const Design& design, const Evaluator& evaluator,
                                const PipelineProblem& problem) const {
    if (config_.depth == Depth::given) {
      return given_ends(design, evaluator, problem);
    }
    const DepthLimits bounds = limits(design, evaluator.architecture());
    return config_.depth == Depth::exact
               ? optimal_segments(problem.layers, problem.skips, bounds,
                                  retained_words(evaluator.architecture()))
               : greedy_segments(problem.layers, problem.skips, bounds);
  }

  static std::vector<std::int32_t> given_ends(const Design& design, const Evaluator& evaluator,
                                              const PipelineProblem& problem) {
    std::vector<std::int32_t> ends;
    std::int32_t latest = -1;
    for (std::size_t i = 0; i < problem.operators.size(); ++i) {
      const std::int32_t segment = design.placement(problem.operators[i]).segment;
      if (segment < latest) {
        throw InputError("operator '" + design.workload().at(problem.operators[i]).name +
                         "' comes after layers of a later segment; depth = \"given\" needs "
                         "segments that follow one another");
      }
      if (segment > latest && i > 0) {
        ends.push_back(static_cast<std::int32_t>(i));
      }
      latest = segment;
    }
    ends.push_back(static_cast<std::int32_t>(problem.operators.size()));
    if (segment_numbers(design, evaluator.cost()).size() != ends.size()) {
      throw InputError("depth = \"given\" needs segments that are runs of layers");
    }
    return ends;
  }

  std::vector<Segment> plan(const Design& design, const Evaluator& evaluator,
                            const PipelineProblem& problem, SegmentPlanner& planner) const {
    std::vector<Segment> segments;
    std::size_t begin = 0;
    for (const std::int32_t last : cut(design, evaluator, problem)) {
      const auto end = static_cast<std::size_t>(last);
      std::string why;
      auto whole = planner.plan(begin, end, why);
      if (!whole && (config_.depth == Depth::given || end - begin == 1 || forced())) {
        refuse(design, problem, begin, end, planner.topology(), why);
      }
      if (!whole || (config_.undo_slower && end - begin > 1)) {
        add_fastest(design, problem, planner, begin, end, std::move(whole), segments);
      } else {
        segments.push_back({begin, end, std::move(*whole)});
      }
      begin = end;
    }
    return segments;
  }

  bool forced() const { return config_.layout != LayoutChoice::automatic && !config_.undo_slower; }

  [[noreturn]] void refuse(const Design& design, const PipelineProblem& problem, std::size_t begin,
                           std::size_t end, const Topology& topology,
                           const std::string& why) const {
    throw InfeasibleError("layers '" + design.workload().at(problem.operators[begin]).name +
                          "' to '" + design.workload().at(problem.operators[end - 1]).name + "' (" +
                          std::to_string(end - begin) + ") cannot be pipelined with layout '" +
                          std::string(kLayoutChoices[static_cast<std::size_t>(config_.layout)]) +
                          "' on " + std::to_string(topology.rows()) + " x " +
                          std::to_string(topology.columns()) + " processing elements: " + why);
  }

  // The cuts of layers [begin, end) with the least sum of estimates: a shortest path over spans,
  // each planned once.
  void add_fastest(const Design& design, const PipelineProblem& problem, SegmentPlanner& planner,
                   std::size_t begin, std::size_t end, std::optional<SegmentChoice> whole,
                   std::vector<Segment>& segments) const {
    const std::size_t count = end - begin;
    std::vector<std::optional<SegmentChoice>> single(count);
    std::int64_t one_by_one_ps = 0;
    for (std::size_t i = 0; i < count; ++i) {
      std::string why;
      single[i] = planner.plan(begin + i, begin + i + 1, why);
      if (!single[i]) {
        refuse(design, problem, begin + i, begin + i + 1, planner.topology(), why);
      }
      one_by_one_ps += single[i]->estimate_ps;
    }
    if (whole && whole->estimate_ps <= one_by_one_ps) {
      segments.push_back({begin, end, std::move(*whole)});
      return;
    }
    struct Best {
      std::int64_t total_ps = std::numeric_limits<std::int64_t>::max();
      std::size_t from = 0;
      SegmentChoice last;
    };
    std::vector<Best> best(count + 1);
    best[0].total_ps = 0;
    for (std::size_t to = 1; to <= count; ++to) {
      for (std::size_t from = 0; from < to; ++from) {
        std::string why;
        std::optional<SegmentChoice> span;
        if (to - from == 1) {
          span = single[from];
        } else if (to - from < count) {
          span = planner.plan(begin + from, begin + to, why);
        }
        if (span && best[from].total_ps + span->estimate_ps < best[to].total_ps) {
          best[to] = {best[from].total_ps + span->estimate_ps, from, std::move(*span)};
        }
      }
    }
    std::vector<Segment> reversed;
    for (std::size_t to = count; to > 0; to = best[to].from) {
      reversed.push_back({begin + best[to].from, begin + to, std::move(best[to].last)});
    }
    std::move(reversed.rbegin(), reversed.rend(), std::back_inserter(segments));
  }

  static void apply(Design& design, const PipelineProblem& problem,
                    const std::vector<Segment>& segments) {
    FloorPlans plans;
    for (std::size_t s = 0; s < segments.size(); ++s) {
      const Segment& segment = segments[s];
      std::int64_t first = 0;
      for (std::size_t i = segment.begin; i < segment.end; ++i) {
        const pipeorgan::Placed& placed = segment.choice.stages[i - segment.begin];
        Placement& placement = design.placement(problem.operators[i]);
        placement = {};
        placement.segment = static_cast<std::int32_t>(s);
        placement.units = placed.units;
        placement.first_unit = first;
        first += placed.units;
        design.mapping(problem.operators[i]) = placed.mapping;
      }
      if (segment.end - segment.begin > 1) {
        plans.push_back(segment.choice.plan);
        plans.back().segment = static_cast<std::int32_t>(s);
      }
    }
    design.set_floor_plans(std::move(plans));
    design.timeline().reset();
  }

  void report(const Design& design, Evaluator& evaluator, const PipelineProblem& problem,
              const std::vector<Segment>& segments) const {
    const std::int64_t retained = retained_words(evaluator.architecture());
    std::map<std::int64_t, int> depths;
    std::int64_t words = 0;
    std::int64_t single = 0;
    std::int64_t estimate_ps = 0;
    for (const Segment& segment : segments) {
      ++depths[static_cast<std::int64_t>(segment.end - segment.begin)];
      words += segment_words(problem.layers, problem.skips, segment.begin, segment.end, retained);
      for (std::size_t i = segment.begin; i < segment.end; ++i) {
        single += segment_words(problem.layers, problem.skips, i, i + 1, retained);
      }
      estimate_ps += segment.choice.estimate_ps;
    }
    evaluator.statistic("segments", static_cast<std::int64_t>(segments.size()));
    evaluator.note("depths", histogram_text(depths));
    evaluator.statistic("external_words", words);
    evaluator.statistic("external_words_layer_by_layer", single);
    evaluator.statistic("retained_words", retained);
    evaluator.statistic("estimate_ps", estimate_ps);
    for (std::size_t s = 0; s < segments.size(); ++s) {
      if (segments[s].end - segments[s].begin > 1) {
        describe(design, evaluator, s, segments[s]);
      }
    }
  }

  // What decided; the plan itself is in the segment's results.
  static void describe(const Design& design, Evaluator& evaluator, std::size_t number,
                       const Segment& segment) {
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
};

constexpr Component kComponents[] = {
    component<PipeOrgan, Config>(
        "imbrex.partition.pipeorgan",
        "Pipelines neighbouring layers on an array: depth, shares and layout", kParams)
        .requires_of_design(Trait::weight_replacement)
        .provides(Trait::placements | Trait::mappings)
        .cites("R. Garg et al., PipeOrgan: Efficient Inter-operation Pipelining with Flexible "
               "Spatial Organization and Interconnects, arXiv:2405.01736")};

}  // namespace

IMBREX_PLUGIN("imbrex.partition.pipeorgan", "0.1.0", "PipeOrgan: depth and spatial organisation",
              "Apache-2.0", kComponents)
