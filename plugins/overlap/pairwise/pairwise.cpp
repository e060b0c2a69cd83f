// File: pairwise.cpp
//
// imbrex.overlap.pairwise: OverlaPIM's way of finding out when a data space is ready. The output
// box of every data space of the producer is compared with the input box of every one of the
// consumer (specification fast-overlapim, section 3.1). Kept honest: boxes are made once per layer,
// stored flat, and compared axis by axis with early exit; no cleverer index is used on purpose.
// Works for every design, and is the baseline that analysis speeds are quoted against.
#include <imbrex/edge_path.hpp>
#include <imbrex/job_shape_params.hpp>
#include <imbrex/overlap_math.hpp>
#include <imbrex/plugin.hpp>
#include <imbrex/segment_pass.hpp>
#include <imbrex/work_graph.hpp>

#include <algorithm>
#include <map>
#include <vector>

namespace {

using namespace imbrex;  // NOLINT(google-build-using-namespace): the plugin speaks only this
                         // language

constexpr ParamSpec kParams[] = {granularity_param<JobShapeParams>(), rows_param<JobShapeParams>(),
                                 block_param<JobShapeParams>(), samples_param<JobShapeParams>()};

// What one data space of a producer writes, and when (or in which step) it ends.
struct Written {
  Region region;
  std::int64_t end = 0;
};

std::int64_t latest_end(const std::vector<Written>& boxes, const Region& wanted) noexcept {
  std::int64_t latest = kNoNeed;
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

// One design, operator by operator.
class Comparison {
 public:
  explicit Comparison(const WorkGraph& graph)
      : graph_(graph), written_(graph.workload().operators().size()) {}

  std::int64_t makespan_ps() {
    for (const OperatorId op : graph_.mapped()) {
      graph_.order(op).lock_step() ? run_together(op) : run_apart(op);
    }
    if (!graph_.movement_is_free()) {
      for (const TensorId output : graph_.outputs()) {
        sources_.clear();
        graph_.trace(output, Region::whole(graph_.workload().at(output).shape), scratch_, sources_);
        makespan_ps_ = std::max(makespan_ps_, latest_source_ps());
      }
    }
    return makespan_ps_;
  }
  // By operator, server, step.
  const std::vector<TimedJob>& jobs() const noexcept { return jobs_; }

 private:
  void run_apart(OperatorId op) {
    const WorkOrder& order = graph_.order(op);
    for (std::int64_t server = 0; server < order.server_count(); ++server) {
      std::int64_t at_ps = 0;
      for (std::int64_t step = 0; step < order.step_count(server); ++step) {
        const Job job = order.job(step, server);
        const std::int64_t start_ps = std::max(at_ps, arrival_ps(op, job.box));
        at_ps = start_ps + job.duration_ps;
        finish(op, job, step, server, start_ps);
      }
    }
  }

  void run_together(OperatorId op) {
    const WorkOrder& order = graph_.order(op);
    std::int64_t steps = 0;
    for (std::int64_t server = 0; server < order.server_count(); ++server) {
      steps = std::max(steps, order.step_count(server));
    }
    const std::size_t first_job = jobs_.size();
    std::int64_t at_ps = 0;
    for (std::int64_t step = 0; step < steps; ++step) {
      std::int64_t longest_ps = 0;
      for (std::int64_t server = 0; server < order.server_count(); ++server) {
        if (step < order.step_count(server)) {
          const Job job = order.job(step, server);
          at_ps = std::max(at_ps, arrival_ps(op, job.box));
          longest_ps = std::max(longest_ps, job.duration_ps);
        }
      }
      for (std::int64_t server = 0; server < order.server_count(); ++server) {
        if (step < order.step_count(server)) {
          finish(op, order.job(step, server), step, server, at_ps);
        }
      }
      at_ps += longest_ps;
    }
    std::stable_sort(jobs_.begin() + static_cast<std::ptrdiff_t>(first_job), jobs_.end(),
                     [](const TimedJob& a, const TimedJob& b) { return a.server < b.server; });
  }

  void finish(OperatorId op, const Job& job, std::int64_t step, std::int64_t server,
              std::int64_t start_ps) {
    const std::int64_t end_ps = start_ps + job.duration_ps;
    makespan_ps_ = std::max(makespan_ps_, end_ps);
    if (!job.box.empty()) {
      written_[index(op)].push_back({graph_.workload().output_region(op, job.box), end_ps});
      jobs_.push_back({op, static_cast<std::int32_t>(server), step, start_ps, end_ps});
    }
  }

  std::int64_t arrival_ps(OperatorId op, const DimBox& box) {
    sources_.clear();
    graph_.trace(op, box, scratch_, sources_);
    return latest_source_ps();
  }
  std::int64_t latest_source_ps() const noexcept {
    std::int64_t latest_ps = kNoNeed;
    for (const Source& source : sources_) {
      latest_ps = std::max(
          latest_ps, latest_end(written_[index(source.producer)], source.region) + source.delay_ps);
    }
    return latest_ps;
  }

  const WorkGraph& graph_;
  std::vector<std::vector<Written>> written_;  // per operator
  std::vector<TimedJob> jobs_;
  WorkGraph::Scratch scratch_;
  std::vector<Source> sources_;
  std::int64_t makespan_ps_ = 0;
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

PairResult compare_pair(const PairBatch& batch, const PairEdge& edge, const Mapping& candidate) {
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
  const PairEdge::Clocks clocks = edge.clocks(producer, producer_nest, consumer, nest);
  const std::vector<Written> boxes = boxes_of(workload, batch.producer, producer_nest);

  std::int64_t lateness_ps = kNoNeed;  // of the steps, relative to a consumer that starts at 0
  std::vector<std::int64_t> steps_ps(static_cast<std::size_t>(nest.steps()), kNoNeed);
  for (std::int64_t step = 0; step < nest.steps(); ++step) {
    std::int64_t& arrival_ps = steps_ps[static_cast<std::size_t>(step)];
    for (std::int64_t server = 0; server < nest.servers(); ++server) {
      const DimBox box = nest.box(step, server);
      for (std::size_t p = 0; !box.empty() && p < edge.paths().size(); ++p) {
        const Region wanted = edge.paths()[p].region(workload, batch.consumer, box);
        if (!wanted.empty()) {
          arrival_ps = std::max(
              arrival_ps, batch.producer_start_ps + clocks.delay_ps + edge.paths()[p].movement_ps +
                              (latest_end(boxes, wanted) + 1) * clocks.producer_ps);
        }
      }
    }
    if (arrival_ps != kNoNeed) {
      lateness_ps =
          std::max(lateness_ps, arrival_ps - batch.producer_start_ps - step * clocks.consumer_ps);
    }
  }
  const std::int64_t end_ps = overlapped_end(steps_ps, clocks.consumer_ps);
  return {Verdict::feasible, end_ps, end_ps, std::max(lateness_ps, -batch.producer_start_ps)};
}

class Pairwise final : public OverlapAnalyzer {
 public:
  Pairwise(const JobShapeParams& config, const Context& context)
      : shape_(imbrex::job_shape(config)),
        architecture_(*context.architecture),
        cost_(*context.cost) {}

  Exactness exactness() const noexcept override { return Exactness::exact; }
  JobShape job_shape() const noexcept override { return shape_; }

  void analyze(std::span<const Design* const> designs, std::span<OverlapResult> out,
               TimelineSink* detail) const override {
    analyze_batch(designs, out, detail, [this](const Design& design, TimelineSink* sink) {
      return analyze_one(design, sink);
    });
  }

  void analyze_pairs(const PairBatch& batch, std::span<PairResult> out) const override {
    IMBREX_ASSERT(batch.candidates.size() == out.size());
    const PairEdge edge(batch, architecture_, cost_);
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = compare_pair(batch, edge, batch.candidates[i]);
    }
  }

 private:
  OverlapResult analyze_one(const Design& design, TimelineSink* detail) const {
    const auto one_segment = [](const WorkGraph& graph, TimelineSink* sink) -> OverlapResult {
      Comparison comparison(graph);
      const std::int64_t makespan_ps = comparison.makespan_ps();
      if (sink != nullptr) {
        sink->statistic("data_spaces", static_cast<std::int64_t>(comparison.jobs().size()));
        for (const TimedJob& job : comparison.jobs()) {
          sink->job(job);
        }
      }
      return {Verdict::feasible, makespan_ps};
    };
    return analyze_segments(design, architecture_, cost_, shape_, detail, one_segment);
  }

  const JobShape shape_;
  const Architecture& architecture_;
  const CostModel& cost_;
};

constexpr Component kComponents[] = {
    component<Pairwise, JobShapeParams>(
        "imbrex.overlap.pairwise",
        "Exhaustive comparison of data spaces between layers: the slow baseline", kParams)
        .provides(Trait::timeline)
        .cites("M. Zhou, X. Wang, T. Rosing, OverlaPIM: Overlap Optimization for Processing "
               "In-Memory Neural Network Acceleration, DATE 2023"),
};

}  // namespace

IMBREX_PLUGIN("imbrex.overlap.pairwise", "0.1.0", "OverlaPIM pairwise overlap analysis",
              "Apache-2.0", kComponents)
