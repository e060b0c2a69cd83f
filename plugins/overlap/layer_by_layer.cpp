// imbrex.overlap.layer-by-layer: no overlap. An operator starts when the one before it in the
// workload's order has ended, so parallel branches do not overlap either (specification clsa-cim
// sections 4, 10.2), and when its own inputs have arrived. The baseline of most speed-ups.
//
// Jobs of one pixel by default, so that d copies of an operator share t positions as ceil(t / d).
#include <imbrex/plugin.hpp>
#include <imbrex/toolkit/analysis/forward_pass.hpp>
#include <imbrex/toolkit/analysis/job_shape_params.hpp>
#include <imbrex/toolkit/analysis/segment_pass.hpp>

#include <algorithm>
#include <vector>

namespace imbrex::layer_by_layer {
namespace {

struct Config : analysis::AnalysisParams {
  Config() { granularity = JobShape::Kind::pixel; }
};

constexpr ParamSpec kParams[] = {analysis::granularity_param<Config>(),
                                 analysis::rows_param<Config>(), analysis::block_param<Config>(),
                                 analysis::samples_param<Config>(),
                                 analysis::links_param<Config>()};

constexpr FactSpec kFacts[] = {
    {"operators", "operator", "Mapped operators that ran one after another."},
    {"jobs", "job", "Jobs with work of all operators."}};

// One design. Whoever reads an operator waits for all of it.
class Sequence final : public analysis::Completions {
 public:
  explicit Sequence(const WorkGraph& graph)
      : graph_(graph), pass_(graph, *this), complete_ps_(graph.workload().operators().size(), 0) {}

  std::int64_t makespan_ps(TimelineSink* detail) {
    for (const OperatorId op : graph_.mapped()) {
      append(op, detail);
    }
    if (detail != nullptr) {
      detail->statistic("operators", static_cast<std::int64_t>(graph_.mapped().size()));
      detail->statistic("jobs", jobs_ + pass_.jobs());
    }
    return std::max(pass_.end_ps(), pass_.outputs_ps());
  }

  void publish(const analysis::OperatorPass& done) override {
    std::int64_t& complete_ps = complete_ps_[done.op];
    complete_ps = done.end_ps;
    for (const analysis::PassJob& job : done.jobs) {
      complete_ps = std::max(complete_ps, job.end_ps + job.completion_ps);
    }
  }
  std::int64_t ready_ps(const Source& source, OperatorId, const DimBox&) override {
    return complete_ps_[source.producer];
  }

 private:
  void append(OperatorId op, TimelineSink* detail) {
    const std::int64_t arrival_ps = pass_.arrival_ps(op, graph_.workload().at(op).bounds.whole());
    const std::int64_t start_ps = std::max(pass_.end_ps(), arrival_ps);
    const WorkOrder& order = graph_.order(op);
    analysis::OperatorPass layer{op, &order, {}, 0};
    if (append_equal_jobs(layer, start_ps, arrival_ps, detail)) {
      return;
    }
    const bool jobs_matter = detail != nullptr || graph_.has_dealt_orders() || graph_.has_chains();
    if (jobs_matter) {
      list_jobs(layer);
      pass_.run_in_order(layer, start_ps);
      mark(layer, start_ps, arrival_ps);
    } else {
      layer.end_ps = start_ps + longest_server_ps(order);
    }
    pass_.publish(layer);
    if (detail != nullptr) {
      analysis::ForwardPass::report(layer, *detail);
    }
  }

  // Jobs that all take the same need no look at any of them. False: they are not, or wait for one
  // another.
  bool append_equal_jobs(analysis::OperatorPass& layer, std::int64_t start_ps,
                         std::int64_t arrival_ps, TimelineSink* detail) {
    const std::optional<std::int64_t> job_ps = layer.order->equal_jobs_ps();
    if (!job_ps || *job_ps == 0 || graph_.workload().at(layer.op).chain) {
      return false;
    }
    layer.end_ps = start_ps + longest_server_ps(*layer.order);
    for (std::int64_t server = 0; server < layer.order->server_count(); ++server) {
      const std::int64_t steps = layer.order->step_count(server);
      jobs_ += steps;
      if (detail != nullptr && steps > 0) {
        TimedJob job{layer.op, static_cast<std::int32_t>(server), 0, start_ps, start_ps + *job_ps};
        job.waited_for = held_back(start_ps, arrival_ps);
        detail->job(job);
        if (steps > 1) {
          const TimedJob next{layer.op,   job.server,           1,
                              job.end_ps, job.end_ps + *job_ps, Wait::server};
          detail->jobs({next, *job_ps, steps - 1});
        }
      }
    }
    pass_.publish(layer);
    return true;
  }

  static void list_jobs(analysis::OperatorPass& layer) {
    for (std::int64_t server = 0; server < layer.order->server_count(); ++server) {
      for (std::int64_t step = 0; step < layer.order->step_count(server); ++step) {
        const Job job = layer.order->job(step, server);
        analysis::PassJob& timed = layer.jobs.emplace_back();
        timed.step = step;
        timed.server = server;
        timed.duration_ps = job.duration_ps;
        timed.completion_ps = job.completion_ps;
        timed.has_work = !job.box.empty();
      }
    }
  }

  // What the first jobs wait for: they are held back until the whole operator may start.
  static Wait held_back(std::int64_t start_ps, std::int64_t arrival_ps) {
    const Wait late = arrival_ps == start_ps ? Wait::source : Wait::nothing;
    return start_ps > 0 ? Wait::sequence | late : Wait::nothing;
  }

  static void mark(analysis::OperatorPass& layer, std::int64_t start_ps, std::int64_t arrival_ps) {
    for (analysis::PassJob& job : layer.jobs) {
      if (job.start_ps == start_ps) {
        job.waited_for = job.waited_for | held_back(start_ps, arrival_ps);
      }
    }
  }

  const WorkGraph& graph_;
  analysis::ForwardPass pass_;
  IndexVector<OperatorId, std::int64_t> complete_ps_;  // per operator
  std::int64_t jobs_ = 0;                              // that the pass does not know of
};

// Whether some output of the network holds a part of a layer only, and is there later than the jobs
// that make it: here it waits for the whole layer.
bool waits_for_more(const WorkGraph& graph) {
  if (graph.movement_is_free()) {
    return false;
  }
  const Workload& workload = graph.workload();
  WorkGraph::Scratch scratch;
  std::vector<Source> sources;
  for (const TensorId output : graph.outputs()) {
    graph.trace(output, Region::whole(workload.at(output).shape), scratch, sources);
  }
  return std::any_of(sources.begin(), sources.end(), [&](const Source& source) {
    const TensorId made = workload.at(source.producer).output;
    return source.region != Region::whole(workload.at(made).shape);
  });
}

class LayerByLayer final : public OverlapAnalyzer {
 public:
  LayerByLayer(const Config& config, const Context& context)
      : request_(analysis::analysis_request(config)), machine_(context.machine()) {}

  AnalysisRequest request() const noexcept override { return request_; }

  Fidelity fidelity(const WorkGraph& graph) const override {
    if (!waits_for_more(graph)) {
      return {};
    }
    return {Verdict::feasible,
            Exactness::conservative,
            {"outputs that are parts of layers wait for the whole of them"}};
  }

  void analyze(const AnalysisRequest& request, std::span<const Design* const> designs,
               std::span<OverlapResult> out, TimelineSink* detail) const override {
    const auto one_segment = [](const WorkGraph& graph, TimelineSink* sink) -> OverlapResult {
      return {Verdict::feasible, Sequence(graph).makespan_ps(sink)};
    };
    analysis::analyze_batch(designs, out, detail, [&](const Design& design, TimelineSink* sink) {
      return analysis::analyze_segments(design, machine_, request, sink, one_segment);
    });
  }

 private:
  const AnalysisRequest request_;
  const Machine machine_;
};

constexpr Component kComponents[] = {
    component<LayerByLayer, Config>(
        "imbrex.overlap.layer-by-layer",
        "No overlap: one operator after another, its copies working in parallel", kParams)
        .provides(Trait::timeline | Trait::sequential)
        .states(kFacts)
        .cites("Pelke et al., CLSA-CIM, DATE 2024, arXiv:2401.07671 (its baseline)")};

}  // namespace

IMBREX_PLUGIN("imbrex.overlap.layer-by-layer", "0.1.0", "Layers one after another", "Apache-2.0",
              kComponents)

}  // namespace imbrex::layer_by_layer
