// imbrex.overlap.pipeorgan: stages of a segment work interval by interval, each limited by its
// elements and by the busiest link on its ways; global buffer and external memory run beside them
// (PipeOrgan). The specification is reconstructed from the paper's abstract; its section 0
// says what is known and what is not. Specification pipeorgan, sections 6.6 and 7.1.
#include <imbrex/plugin.hpp>
#include <imbrex/toolkit/analysis/forward_pass.hpp>
#include <imbrex/toolkit/analysis/job_shape_params.hpp>
#include <imbrex/toolkit/analysis/order_completions.hpp>
#include <imbrex/toolkit/analysis/segment_pass.hpp>

#include <algorithm>

namespace imbrex::interval_pipeline {
namespace {

constexpr ParamSpec kParams[] = {analysis::granularity_param<analysis::AnalysisParams>(),
                                 analysis::rows_param<analysis::AnalysisParams>(),
                                 analysis::block_param<analysis::AnalysisParams>(),
                                 analysis::samples_param<analysis::AnalysisParams>(),
                                 analysis::links_param<analysis::AnalysisParams>()};

constexpr FactSpec kFacts[] = {
    {"compute_ps", "ps",
     "Busy time, links aside, of the stage that is busiest with them; summed over segments."},
    {"noc_stall_ps", "ps", "By which links lengthen the jobs of that stage."},
    {"dram_stall_ps", "ps", "By which external memory outlasts the stages."},
    {"buffer_stall_ps", "ps", "By which the global buffer outlasts both."}};

// Time that an operator's servers are busy.
struct StageTime {
  std::int64_t busy_ps = 0;
  std::int64_t stall_ps = 0;  // of it, what links add
};

StageTime stage_time(const WorkGraph& graph, OperatorId op) {
  const WorkOrder& order = graph.order(op);
  StageTime time{0, graph.link_stall_ps(op)};
  for (std::int64_t server = 0; server < order.server_count(); ++server) {
    for (std::int64_t step = 0; step < order.step_count(server); ++step) {
      const Job job = order.job(step, server);
      time.busy_ps += job.box.empty() ? 0 : job.duration_ps;
    }
  }
  return time;
}

class PipeOrgan final : public OverlapAnalyzer {
 public:
  PipeOrgan(const analysis::AnalysisParams& config, const Context& context)
      : request_(analysis::analysis_request(config)), machine_(context.machine()) {}

  AnalysisRequest request() const noexcept override { return request_; }

  void analyze(const AnalysisRequest& request, std::span<const Design* const> designs,
               std::span<OverlapResult> out, TimelineSink* detail) const override {
    const auto one_segment = [&](const WorkGraph& graph, TimelineSink* sink) -> OverlapResult {
      analysis::OrderCompletions completions(graph, {});
      const std::int64_t pipeline_ps = analysis::ForwardPass(graph, completions).run(sink);
      if (sink != nullptr) {
        report(graph, pipeline_ps, *sink);
      }
      return {Verdict::feasible, pipeline_ps};
    };
    analysis::analyze_batch(designs, out, detail, [&](const Design& design, TimelineSink* all) {
      return analysis::analyze_segments(design, machine_, request, all, one_segment);
    });
  }

 private:
  // Stalls: what links add to the jobs of the stage that is busiest with them, and what memories
  // add to the segment, the external one first.
  void report(const WorkGraph& graph, std::int64_t pipeline_ps, TimelineSink& sink) const {
    StageTime busiest;
    SegmentOverhead overhead;
    for (const OperatorId op : graph.mapped()) {
      const StageTime time = stage_time(graph, op);
      busiest = time.busy_ps > busiest.busy_ps ? time : busiest;
    }
    if (!graph.mapped().empty()) {
      const Placement& placement = graph.design().placement(graph.mapped().front());
      overhead = machine_.cost().segment_overhead(graph.design(), placement.segment);
    }
    const std::int64_t external_stall =
        std::max<std::int64_t>(0, overhead.external_ps - pipeline_ps);
    sink.statistic("compute_ps", busiest.busy_ps - busiest.stall_ps);
    sink.statistic("noc_stall_ps", busiest.stall_ps);
    sink.statistic("dram_stall_ps", external_stall);
    sink.statistic("buffer_stall_ps",
                   std::max<std::int64_t>(0, overhead.buffer_ps - pipeline_ps - external_stall));
  }

  const AnalysisRequest request_;
  const Machine machine_;
};

constexpr Component kComponents[] = {
    component<PipeOrgan, analysis::AnalysisParams>(
        "imbrex.overlap.pipeorgan",
        "Pipelined stages on an array, limited by the links of their floor plan", kParams)
        .provides(Trait::timeline)
        .states(kFacts)
        .cites("R. Garg et al., PipeOrgan: Efficient Inter-operation Pipelining with Flexible "
               "Spatial Organization and Interconnects, arXiv:2405.01736")};

}  // namespace

IMBREX_PLUGIN("imbrex.overlap.pipeorgan", "0.1.0", "PipeOrgan: pipelined stages on an array",
              "Apache-2.0", kComponents)

}  // namespace imbrex::interval_pipeline
