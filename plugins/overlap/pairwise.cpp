// imbrex.overlap.pairwise: OverlaPIM's way of finding out when a data space is ready. The output
// box of every data space of the producer is compared with the input box of every one of the
// consumer (specification fast-overlapim, section 3.1). Kept honest: boxes are made once per layer,
// stored flat, and compared axis by axis with early exit; no cleverer index is used on purpose.
// Works for every design, and is the baseline that analysis speeds are quoted against.
#include <imbrex/plugin.hpp>
#include <imbrex/toolkit/analysis/edge_path.hpp>
#include <imbrex/toolkit/analysis/forward_pass.hpp>
#include <imbrex/toolkit/analysis/job_shape_params.hpp>
#include <imbrex/toolkit/analysis/order_completions.hpp>
#include <imbrex/toolkit/analysis/overlap_math.hpp>
#include <imbrex/toolkit/analysis/segment_pass.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace imbrex::pairwise {
namespace {

constexpr ParamSpec kParams[] = {analysis::granularity_param<analysis::AnalysisParams>(),
                                 analysis::rows_param<analysis::AnalysisParams>(),
                                 analysis::block_param<analysis::AnalysisParams>(),
                                 analysis::samples_param<analysis::AnalysisParams>(),
                                 analysis::links_param<analysis::AnalysisParams>()};

constexpr FactSpec kFacts[] = {
    {"data_spaces", "data space", "Jobs with work, whose boxes were compared with one another."}};

// What one data space of a producer writes, and when (or in which step) it ends.
struct Written {
  Region region;
  std::int64_t end = 0;
};

std::int64_t latest_end(const std::vector<Written>& boxes, const Region& wanted) noexcept {
  std::int64_t latest = analysis::kNoNeed;
  for (const Written& box : boxes) {
    bool meets = true;
    for (std::size_t axis = 0; meets && axis < wanted.rank; ++axis) {
      meets = box.region.axis[axis].begin < wanted.axis[axis].end &&
              wanted.axis[axis].begin < box.region.axis[axis].end;
    }
    if (meets) {
      latest = std::max(latest, box.end);
    }
  }
  return latest;
}

// One design: every box that was written so far.
class Comparison final : public analysis::Completions {
 public:
  explicit Comparison(const Workload& workload)
      : workload_(workload), written_(workload.operators().size()) {}

  void publish(const analysis::OperatorPass& done) override {
    for (const analysis::PassJob& job : done.jobs) {
      if (job.has_work) {
        const DimBox box = done.order->job(job.step, job.server).box;
        written_[done.op].push_back(
            {workload_.output_region(done.op, box), job.end_ps + job.completion_ps});
      }
    }
  }
  std::int64_t ready_ps(const Source& source, OperatorId, const DimBox&) override {
    return latest_end(written_[source.producer], source.region);
  }

 private:
  const Workload& workload_;
  IndexVector<OperatorId, std::vector<Written>> written_;  // per operator
};

// One pair: `end` counts steps.
std::vector<Written> boxes_of(const Workload& workload, OperatorId op, const LoopNest& nest) {
  std::vector<Written> boxes;
  for (std::int64_t step = 0; step < nest.steps(); ++step) {
    for (std::int64_t server = 0; server < nest.servers(); ++server) {
      const DimBox box = nest.box(step, server);
      if (!box.empty()) {
        boxes.push_back({workload.output_region(op, box), step});
      }
    }
  }
  return boxes;
}

// When everything that a step of the consumer reads has arrived; kNoNeed: it reads nothing.
std::int64_t step_arrival_ps(const PairBatch& batch, const analysis::PairEdge& edge,
                             const analysis::PairEdge::Clocks& clocks,
                             const std::vector<Written>& boxes, const LoopNest& nest,
                             std::int64_t step) {
  std::int64_t arrival_ps = analysis::kNoNeed;
  for (std::int64_t server = 0; server < nest.servers(); ++server) {
    const DimBox box = nest.box(step, server);
    for (std::size_t p = 0; !box.empty() && p < edge.paths().size(); ++p) {
      const Region wanted = edge.paths()[p].region(edge.workload(), batch.consumer, box);
      if (!wanted.empty()) {
        arrival_ps = std::max(arrival_ps, batch.producer_start_ps + clocks.delay_ps +
                                              edge.paths()[p].movement_ps +
                                              (latest_end(boxes, wanted) + 1) * clocks.producer_ps);
      }
    }
  }
  return arrival_ps;
}

PairResult compare_pair(const PairBatch& batch, const analysis::PairEdge& edge,
                        const Mapping& candidate) {
  const Mapping& producer = batch.candidates_are_producers ? candidate : *batch.fixed;
  const Mapping& consumer = batch.candidates_are_producers ? *batch.fixed : candidate;
  const Workload& workload = edge.workload();
  const Operator& from = workload.at(batch.producer);
  const Operator& to = workload.at(batch.consumer);
  for (const Verdict verdict : {edge.supported() ? Verdict::feasible : Verdict::unsupported,
                                mapping_verdict(from, producer), mapping_verdict(to, consumer)}) {
    if (verdict != Verdict::feasible) {
      return {verdict, 0, 0, 0};
    }
  }
  const LoopNest producer_nest(from.bounds, producer);
  const LoopNest nest(to.bounds, consumer);
  const analysis::PairEdge::Clocks clocks = edge.clocks(producer, producer_nest, consumer, nest);
  const std::vector<Written> boxes = boxes_of(workload, batch.producer, producer_nest);

  // Of the steps, relative to a consumer that starts at 0.
  std::int64_t lateness_ps = analysis::kNoNeed;
  IndexVector<std::int64_t, std::int64_t> steps_ps(nest.steps(), analysis::kNoNeed);
  for (std::int64_t step = 0; step < nest.steps(); ++step) {
    const std::int64_t arrival_ps = step_arrival_ps(batch, edge, clocks, boxes, nest, step);
    steps_ps[step] = arrival_ps;
    if (arrival_ps != analysis::kNoNeed) {
      lateness_ps =
          std::max(lateness_ps, arrival_ps - batch.producer_start_ps - step * clocks.consumer_ps);
    }
  }
  const std::int64_t end_ps = analysis::overlapped_end(steps_ps, clocks.consumer_ps);
  return {Verdict::feasible, end_ps, end_ps, std::max(lateness_ps, -batch.producer_start_ps)};
}

class Pairwise final : public OverlapAnalyzer {
 public:
  Pairwise(const analysis::AnalysisParams& config, const Context& context)
      : request_(analysis::analysis_request(config)), machine_(context.machine()) {}

  AnalysisRequest request() const noexcept override { return request_; }

  Fidelity fidelity(const WorkGraph& graph) const override {
    return analysis::fidelity_by_regions(graph);
  }

  void analyze(const AnalysisRequest& request, std::span<const Design* const> designs,
               std::span<OverlapResult> out, TimelineSink* detail) const override {
    const auto one_segment = [](const WorkGraph& graph, TimelineSink* sink) -> OverlapResult {
      Comparison comparison(graph.workload());
      analysis::ForwardPass pass(graph, comparison);
      const std::int64_t makespan_ps = pass.run(sink);
      if (sink != nullptr) {
        sink->statistic("data_spaces", pass.jobs());
      }
      return {Verdict::feasible, makespan_ps};
    };
    analysis::analyze_batch(designs, out, detail, [&](const Design& design, TimelineSink* sink) {
      return analysis::analyze_segments(design, machine_, request, sink, one_segment);
    });
  }

  void analyze_pairs(const PairBatch& batch, std::span<PairResult> out) const override {
    IMBREX_ASSERT(batch.candidates.size() == out.size());
    const analysis::PairEdge edge(batch, machine_);
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = compare_pair(batch, edge, batch.candidates[i]);
    }
  }

 private:
  const AnalysisRequest request_;
  const Machine machine_;
};

constexpr Component kComponents[] = {
    component<Pairwise, analysis::AnalysisParams>(
        "imbrex.overlap.pairwise",
        "Exhaustive comparison of data spaces between layers: the slow baseline", kParams)
        .provides(Trait::timeline)
        .states(kFacts)
        .cites("M. Zhou, X. Wang, T. Rosing, OverlaPIM: Overlap Optimization for Processing "
               "In-Memory Neural Network Acceleration, DATE 2023"),
};

}  // namespace

IMBREX_PLUGIN("imbrex.overlap.pairwise", "0.1.0", "OverlaPIM pairwise overlap analysis",
              "Apache-2.0", kComponents)

}  // namespace imbrex::pairwise
