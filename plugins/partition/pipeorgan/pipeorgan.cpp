// File: pipeorgan.cpp
//
// imbrex.partition.pipeorgan: which layers are pipelined together on an array of processing
// elements, how many elements each gets, and where (PipeOrgan). The specification is reconstructed
// from the paper's abstract; its section 0 says what is known and what is not.
// Specification pipeorgan, sections 4 and 5.
#include <imbrex/array_link_params.hpp>
#include <imbrex/job_shape_params.hpp>
#include <imbrex/pipeline_depth.hpp>
#include <imbrex/plugin.hpp>

#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <vector>

namespace {

using namespace imbrex;  // NOLINT(google-build-using-namespace): the plugin speaks only this
                         // language

enum class Depth : std::uint8_t { greedy, exact, one };
constexpr std::string_view kDepthNames[] = {"greedy", "exact", "one"};
struct Config : JobShapeParams, ArrayLinkParams {
  Depth depth = Depth::greedy;
  double words_per_weight = 1;
  double resident_share = 0.5;
  std::int64_t most_layers = 0;
  double utilisation_drop = 0.05;
  std::int64_t share_unit = 8;
  std::int64_t retained_words = 0;
};

constexpr ParamSpec kParams[] = {
    granularity_param<Config>(),
    rows_param<Config>(),
    block_param<Config>(),
    samples_param<Config>(),
    choice<&Config::depth>("depth",
                           "Where the network is cut: greedy (the heuristic), exact (fewest words "
                           "to and from external memory) or one (no pipelining)",
                           kDepthNames),
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
    param<&Config::retained_words>(
        "retained_words",
        "Tensors of at most so many words wait in the global buffer between segments, not in "
        "external memory; 0: none do")
        .unit("word")
        .at_least(0),
    layout_param<Config>(),
    pattern_param<Config>(),
    topology_param<Config>(),
    express_length_param<Config>(),
    link_rate_param<Config>(),
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
  PipeOrgan(const Config& config, const Context&)
      : config_(config), shape_(imbrex::job_shape(config)) {}

  void partition(Design& design, Evaluator& evaluator) override {
    const Architecture& array = evaluator.architecture();
    const Topology topology = topology_of(config_, array);
    const PipelineProblem problem = pipeline_problem(design.workload(), mapped(design, evaluator));
    const std::vector<std::int32_t> ends = cut(problem, limits(design, array));
    const ArrayRates rates = rates_of(config_, array);
    std::size_t begin = 0;
    for (std::size_t s = 0; s < ends.size(); ++s) {
      const auto end = static_cast<std::size_t>(ends[s]);
      place(design, evaluator, problem, begin, end, static_cast<std::int32_t>(s), topology, rates);
      begin = end;
    }
    report(evaluator, problem, ends);
    design.timeline().reset();
  }

 private:
  static std::vector<OperatorId> mapped(const Design& design, Evaluator& evaluator) {
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

  std::vector<std::int32_t> cut(const PipelineProblem& problem, const DepthLimits& limits) const {
    return config_.depth == Depth::exact
               ? optimal_segments(problem.layers, problem.skips, limits, config_.retained_words)
               : greedy_segments(problem.layers, problem.skips, limits);
  }

  void place(Design& design, Evaluator& evaluator, const PipelineProblem& problem,
             std::size_t begin, std::size_t end, std::int32_t segment, const Topology& topology,
             const ArrayRates& rates) const {
    const std::vector<std::int64_t> macs = macs_of(problem, begin, end);
    const std::vector<SegmentEdge> edges = edges_of(problem, begin, end);
    const SegmentStages stages{macs, edges, config_.pattern};
    const auto found = best_layout(topology, stages, rates, layout_kind(config_, end - begin));
    if (!found) {
      throw InfeasibleError(
          "segment " + std::to_string(segment) + " of " + std::to_string(end - begin) +
          " layers has no layout '" +
          std::string(kLayoutChoiceNames[static_cast<std::size_t>(config_.layout)]) + "' on " +
          std::to_string(topology.rows()) + " x " + std::to_string(topology.columns()) +
          " processing elements; layout = \"auto\" always finds one");
    }
    const std::vector<std::int64_t> shares = found->layout.shares();
    std::int64_t first = 0;
    for (std::size_t i = begin; i < end; ++i) {
      const OperatorId id = problem.operators[i];
      Placement& placement = design.placement(id);
      placement = {};
      placement.segment = segment;
      placement.units = shares[i - begin];
      placement.first_unit = first;
      first += placement.units;
      design.mapping(id) = evaluator.cost().canonical_mapping(id, placement, shape_);
    }
    if (end - begin > 1) {
      describe(design.workload(), evaluator, problem, begin, end, segment, topology, *found);
    }
  }

  static std::vector<std::int64_t> macs_of(const PipelineProblem& problem, std::size_t begin,
                                           std::size_t end) {
    std::vector<std::int64_t> macs;
    for (std::size_t i = begin; i < end; ++i) {
      macs.push_back(problem.layers[i].macs);
    }
    return macs;
  }

  static std::vector<SegmentEdge> edges_of(const PipelineProblem& problem, std::size_t begin,
                                           std::size_t end) {
    std::vector<SegmentEdge> edges;
    for (std::size_t i = begin; i + 1 < end; ++i) {
      const auto stage = static_cast<std::int32_t>(i - begin);
      edges.push_back({stage, stage + 1, problem.layers[i].handed_words});
    }
    for (const SkipTensor& skip : problem.skips) {
      if (static_cast<std::size_t>(skip.producer) >= begin &&
          static_cast<std::size_t>(skip.consumer) < end) {
        const auto base = static_cast<std::int32_t>(begin);
        edges.push_back({skip.producer - base, skip.consumer - base, skip.words});
      }
    }
    return edges;
  }

  // The floor plan, which operator is which stage, and the busiest links: words of the whole
  // segment, "(row,column)->(row,column)".
  static void describe(const Workload& workload, Evaluator& evaluator,
                       const PipelineProblem& problem, std::size_t begin, std::size_t end,
                       std::int32_t segment, const Topology& topology, const SegmentLayout& found) {
    std::string prefix = "segment_";
    prefix.append(std::to_string(segment)).append("_");
    std::string names;
    for (std::size_t i = begin; i < end; ++i) {
      names.append(names.empty() ? "" : " ").append(workload.at(problem.operators[i]).name);
    }
    evaluator.note(prefix + "stages", names);
    evaluator.note(prefix + "layout", kLayoutNames[static_cast<std::size_t>(found.layout.kind)]);
    evaluator.note(prefix + "floorplan", found.layout.text());
    std::string hot;
    for (const std::int32_t id : hottest_links(found.loads, 4)) {
      const Link& link = topology.links_and_ports()[static_cast<std::size_t>(id)];
      hot.append(hot.empty() ? "" : ", ").append(place_text(topology, link.from));
      hot.append("->").append(place_text(topology, link.to));
    }
    evaluator.note(prefix + "hot_links", hot);
    evaluator.statistic(prefix + "busiest_link_words", found.loads.max_load);
    evaluator.statistic(prefix + "compute_cycles", found.compute_cycles);
    evaluator.statistic(prefix + "link_cycles", found.link_cycles);
  }

  static std::string place_text(const Topology& topology, std::int32_t node) {
    std::string text;
    if (node >= topology.nodes()) {
      text.append("port ").append(std::to_string(node - topology.nodes()));
      return text;
    }
    text.append("(").append(std::to_string(node / topology.columns())).append(",");
    return text.append(std::to_string(node % topology.columns())).append(")");
  }

  void report(Evaluator& evaluator, const PipelineProblem& problem,
              const std::vector<std::int32_t>& ends) const {
    std::map<std::int64_t, int> depths;
    std::int64_t words = 0;
    std::int64_t single = 0;
    std::size_t begin = 0;
    for (const std::int32_t last : ends) {
      const auto end = static_cast<std::size_t>(last);
      ++depths[static_cast<std::int64_t>(end - begin)];
      words += segment_words(problem.layers, problem.skips, begin, end, config_.retained_words);
      for (; begin < end; ++begin) {
        single +=
            segment_words(problem.layers, problem.skips, begin, begin + 1, config_.retained_words);
      }
    }
    evaluator.statistic("segments", static_cast<std::int64_t>(ends.size()));
    evaluator.note("depths", histogram_text(depths));
    evaluator.statistic("external_words", words);
    evaluator.statistic("external_words_layer_by_layer", single);
    evaluator.statistic("retained_words", config_.retained_words);
  }

  const Config config_;
  const JobShape shape_;
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
