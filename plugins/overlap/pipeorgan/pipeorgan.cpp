// File: pipeorgan.cpp
//
// imbrex.overlap.pipeorgan: stages of a segment work interval by interval, each limited by its
// elements, by the busiest link on its ways, and the segment by the global buffer and the external
// memory (PipeOrgan). The specification is reconstructed from the paper's abstract; its section 0
// says what is known and what is not. Specification pipeorgan, sections 6.6 and 7.1.
#include "recurrence.hpp"
#include "traffic.hpp"

#include <imbrex/job_shape_params.hpp>
#include <imbrex/plugin.hpp>
#include <imbrex/segment_pass.hpp>

#include <algorithm>
#include <cmath>

namespace {

using namespace imbrex;  // NOLINT(google-build-using-namespace): the plugin speaks only this
                         // language
using pipeorgan::LinkCycles;
using pipeorgan::Recurrence;
using pipeorgan::SegmentTraffic;

struct Config : JobShapeParams, ArrayLinkParams {
  double buffer_words_per_cycle = 32;
  double dram_words_per_cycle = 64;
};

constexpr ParamSpec kParams[] = {
    granularity_param<Config>(),
    rows_param<Config>(),
    block_param<Config>(),
    samples_param<Config>(),
    layout_param<Config>(),
    pattern_param<Config>(),
    topology_param<Config>(),
    express_length_param<Config>(),
    link_rate_param<Config>(),
    param<&Config::buffer_words_per_cycle>(
        "buffer_words_per_cycle",
        "Bandwidth of the global buffer; 0: unbounded. Default: a port of one word per cycle for "
        "each of 32 rows, an assumption")
        .unit("word/cycle")
        .range(0, 1e12),
    param<&Config::dram_words_per_cycle>(
        "dram_words_per_cycle",
        "Bandwidth of the external memory; 0: unbounded. Default: an assumption; sweep 16 to 256")
        .unit("word/cycle")
        .range(0, 1e12),
};

// Rounded up, but sums of words that miss a whole number only by the rounding of doubles are it.
std::int64_t whole(double ps) {
  const double nearest = std::round(ps);
  return static_cast<std::int64_t>(std::abs(ps - nearest) <= 1e-12 * ps ? nearest : std::ceil(ps));
}

class PipeOrgan final : public OverlapAnalyzer {
 public:
  PipeOrgan(const Config& config, const Context& context)
      : config_(config),
        shape_(imbrex::job_shape(config)),
        architecture_(*context.architecture),
        cost_(*context.cost),
        cycle_ps_(architecture_.units.empty()
                      ? 0
                      : static_cast<double>(architecture_.units.front().operation_ps)) {
    if (limited() &&
        (architecture_.units.empty() || architecture_.units.front().kind != UnitKind::mac_array)) {
      throw InputError(
          "imbrex.overlap.pipeorgan counts words per cycle of an array of processing elements; on "
          "other architectures set link_words_per_cycle, buffer_words_per_cycle and "
          "dram_words_per_cycle to 0");
    }
  }

  // Links and memories as rates bound what happens word by word; the stages themselves are exact.
  Exactness exactness() const noexcept override {
    return limited() ? Exactness::conservative : Exactness::exact;
  }
  JobShape job_shape() const noexcept override { return shape_; }

  void analyze(std::span<const Design* const> designs, std::span<OverlapResult> out,
               TimelineSink* detail) const override {
    IMBREX_ASSERT(designs.size() == out.size());
    IMBREX_ASSERT(detail == nullptr || designs.size() == 1);
    for (std::size_t i = 0; i < designs.size(); ++i) {
      out[i] = analyze_one(*designs[i], detail);
    }
  }

 private:
  bool limited() const noexcept {
    return config_.link_words_per_cycle > 0 || config_.buffer_words_per_cycle > 0 ||
           config_.dram_words_per_cycle > 0;
  }

  OverlapResult analyze_one(const Design& design, TimelineSink* detail) const {
    PipelineProblem problem;
    std::vector<std::int32_t> segment_of;
    if (limited()) {
      problem = problem_of(design);
      for (const OperatorId id : problem.operators) {
        segment_of.push_back(design.placement(id).segment);
      }
    }
    const auto body = [&](const WorkGraph& graph, TimelineSink* sink) -> OverlapResult {
      return {Verdict::feasible, time_segment(graph, design, problem, segment_of, sink)};
    };
    return analyze_segments(design, architecture_, cost_, shape_, detail, body);
  }

  PipelineProblem problem_of(const Design& design) const {
    std::vector<OperatorId> ids;
    for (std::size_t i = 0; i < design.workload().operators().size(); ++i) {
      if (cost_.demand(operator_id(i)).mappable) {
        ids.push_back(operator_id(i));
      }
    }
    return pipeline_problem(design.workload(), ids);
  }

  // max(latency of the pipeline, global buffer, external memory), section 7.1.
  std::int64_t time_segment(const WorkGraph& graph, const Design& design,
                            const PipelineProblem& problem,
                            const std::vector<std::int32_t>& segment_of, TimelineSink* sink) const {
    std::vector<std::int64_t> least_job_ps(graph.mapped().size(), 0);
    std::int64_t buffer_ps = 0;
    std::int64_t dram_ps = 0;
    if (limited() && !graph.mapped().empty()) {
      const SegmentTraffic traffic = pipeorgan::segment_traffic(
          problem, segment_of, design.placement(graph.mapped().front()).segment);
      least_job_ps = link_ps_per_job(graph, design, traffic);
      dram_ps = memory_ps(traffic.external_words, config_.dram_words_per_cycle);
      buffer_ps = memory_ps(buffer_words(traffic), config_.buffer_words_per_cycle);
    }
    Recurrence recurrence(graph, design, cost_, shape_, least_job_ps);
    const std::int64_t pipeline_ps = recurrence.run();
    report(recurrence, pipeline_ps, buffer_ps, dram_ps, sink);
    return std::max({pipeline_ps, buffer_ps, dram_ps});
  }

  std::vector<std::int64_t> link_ps_per_job(const WorkGraph& graph, const Design& design,
                                            const SegmentTraffic& traffic) const {
    std::vector<std::int64_t> shares;
    for (const OperatorId id : graph.mapped()) {
      shares.push_back(owned_units(design.placement(id), cost_.demand(id)));
    }
    const LinkCycles links =
        pipeorgan::link_cycles(config_, topology_of(config_, architecture_),
                               rates_of(config_, architecture_), traffic, shares);
    std::vector<std::int64_t> result;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      const auto jobs = static_cast<double>(graph.order(graph.mapped()[i]).job_count());
      result.push_back(whole(std::max(links.in[i], links.out[i]) * cycle_ps_ / jobs));
    }
    return result;
  }

  // Everything external passes the buffer; so do hand-overs through it, in and out again.
  std::int64_t buffer_words(const SegmentTraffic& traffic) const {
    std::int64_t words = traffic.external_words;
    for (const SegmentEdge& edge : traffic.edges) {
      words += config_.pattern == FlowPattern::global_buffer ? 2 * edge.words : 0;
    }
    return words;
  }

  std::int64_t memory_ps(std::int64_t words, double words_per_cycle) const {
    return words_per_cycle > 0 ? whole(static_cast<double>(words) / words_per_cycle * cycle_ps_)
                               : 0;
  }

  // Stalls: what links add to the jobs of the stage that is busiest with them, and what memories
  // add to the segment, the external one first.
  static void report(const Recurrence& recurrence, std::int64_t pipeline_ps, std::int64_t buffer_ps,
                     std::int64_t dram_ps, TimelineSink* sink) {
    if (sink == nullptr) {
      return;
    }
    const auto busiest = std::max_element(
        recurrence.stages().begin(), recurrence.stages().end(), [](const auto& a, const auto& b) {
          return a.compute_ps + a.stall_ps < b.compute_ps + b.stall_ps;
        });
    const bool any = busiest != recurrence.stages().end();
    const std::int64_t dram_stall = std::max<std::int64_t>(0, dram_ps - pipeline_ps);
    sink->statistic("compute_ps", any ? busiest->compute_ps : 0);
    sink->statistic("noc_stall_ps", any ? busiest->stall_ps : 0);
    sink->statistic("dram_stall_ps", dram_stall);
    sink->statistic("buffer_stall_ps",
                    std::max<std::int64_t>(0, buffer_ps - pipeline_ps - dram_stall));
    for (const TimedJob& job : recurrence.jobs()) {
      sink->job(job);
    }
  }

  const Config config_;
  const JobShape shape_;
  const Architecture& architecture_;
  const CostModel& cost_;
  const double cycle_ps_;
};

constexpr Component kComponents[] = {
    component<PipeOrgan, Config>(
        "imbrex.overlap.pipeorgan",
        "Pipelined stages on an array, limited by links, global buffer and external memory",
        kParams)
        .provides(Trait::timeline)
        .cites("R. Garg et al., PipeOrgan: Efficient Inter-operation Pipelining with Flexible "
               "Spatial Organization and Interconnects, arXiv:2405.01736")};

}  // namespace

IMBREX_PLUGIN("imbrex.overlap.pipeorgan", "0.1.0", "PipeOrgan: pipelined stages on an array",
              "Apache-2.0", kComponents)
