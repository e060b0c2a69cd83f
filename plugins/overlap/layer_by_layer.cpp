// File: layer_by_layer.cpp
//
// imbrex.overlap.layer-by-layer: no overlap. An operator starts when the one before it in the
// workload's order has ended, so parallel branches do not overlap either (specification clsa-cim
// sections 4, 10.2), and when its own inputs have arrived. The baseline of most speed-ups.
//
// Jobs of one pixel by default, so that d copies of an operator share t positions as ceil(t / d).
#include <imbrex/job_shape_params.hpp>
#include <imbrex/plugin.hpp>
#include <imbrex/segment_pass.hpp>

#include <algorithm>
#include <vector>

namespace {

using imbrex::Design;
using imbrex::OperatorId;
using imbrex::OverlapResult;
using imbrex::Region;
using imbrex::Source;
using imbrex::TimelineSink;
using imbrex::WorkGraph;
using imbrex::WorkOrder;

struct Config : imbrex::JobShapeParams {
  Config() { granularity = imbrex::JobShape::Kind::pixel; }
};

constexpr imbrex::ParamSpec kParams[] = {
    imbrex::granularity_param<Config>(), imbrex::rows_param<Config>(),
    imbrex::block_param<Config>(), imbrex::samples_param<Config>()};

// Reports the jobs of one operator that starts at `start_ps`; returns how many had work.
std::int64_t report_jobs(OperatorId id, const WorkOrder& order, std::int64_t start_ps,
                         TimelineSink& sink) {
  // In lock step the next step begins when the longest job of this one ends.
  std::vector<std::int64_t> step_starts;
  if (order.lock_step()) {
    step_starts.push_back(start_ps);
    std::int64_t steps = 0;
    for (std::int64_t s = 0; s < order.server_count(); ++s) {
      steps = std::max(steps, order.step_count(s));
    }
    for (std::int64_t step = 0; step < steps; ++step) {
      std::int64_t longest_ps = 0;
      for (std::int64_t s = 0; s < order.server_count(); ++s) {
        longest_ps =
            std::max(longest_ps, step < order.step_count(s) ? order.job(step, s).duration_ps : 0);
      }
      step_starts.push_back(step_starts.back() + longest_ps);
    }
  }
  std::int64_t jobs = 0;
  for (std::int64_t server = 0; server < order.server_count(); ++server) {
    std::int64_t at_ps = start_ps;
    for (std::int64_t step = 0; step < order.step_count(server); ++step) {
      const imbrex::Job job = order.job(step, server);
      at_ps = order.lock_step() ? step_starts[static_cast<std::size_t>(step)] : at_ps;
      if (!job.box.empty()) {
        sink.job({id, static_cast<std::int32_t>(server), step, at_ps, at_ps + job.duration_ps});
        ++jobs;
      }
      at_ps += job.duration_ps;
    }
  }
  return jobs;
}

// One design: ends of operators, in workload order.
class Sequence {
 public:
  Sequence(const WorkGraph& graph, TimelineSink* detail) : graph_(graph), detail_(detail) {
    ends_ps_.assign(graph.workload().operators().size(), 0);
  }

  std::int64_t makespan_ps() {
    for (const OperatorId id : graph_.mapped()) {
      append(id);
    }
    if (!graph_.movement_is_free()) {
      for (const imbrex::TensorId output : graph_.outputs()) {
        sources_.clear();
        graph_.trace(output, Region::whole(graph_.workload().at(output).shape), scratch_, sources_);
        end_ps_ = std::max(end_ps_, arrival_ps());
      }
    }
    if (detail_ != nullptr) {
      detail_->statistic("operators", static_cast<std::int64_t>(graph_.mapped().size()));
      detail_->statistic("jobs", jobs_);
    }
    return end_ps_;
  }

 private:
  void append(OperatorId id) {
    std::int64_t start_ps = end_ps_;
    // Without delays everything an operator needs exists when its predecessor in the order has
    // ended.
    if (!graph_.movement_is_free()) {
      sources_.clear();
      graph_.trace(id, graph_.workload().at(id).bounds.whole(), scratch_, sources_);
      start_ps = std::max(start_ps, arrival_ps());
    }
    const WorkOrder& order = graph_.order(id);
    end_ps_ = start_ps + imbrex::longest_server_ps(order);
    ends_ps_[index(id)] = end_ps_;
    if (detail_ != nullptr) {
      jobs_ += report_jobs(id, order, start_ps, *detail_);
    }
  }

  std::int64_t arrival_ps() const {
    std::int64_t latest_ps = 0;
    for (const Source& source : sources_) {
      latest_ps = std::max(latest_ps, ends_ps_[index(source.producer)] + source.delay_ps);
    }
    return latest_ps;
  }

  const WorkGraph& graph_;
  TimelineSink* detail_;
  std::vector<std::int64_t> ends_ps_;
  std::vector<Source> sources_;
  WorkGraph::Scratch scratch_;
  std::int64_t end_ps_ = 0;
  std::int64_t jobs_ = 0;
};

class LayerByLayer final : public imbrex::OverlapAnalyzer {
 public:
  LayerByLayer(const Config& config, const imbrex::Context& context)
      : shape_(imbrex::job_shape(config)),
        architecture_(*context.architecture),
        cost_(*context.cost) {}

  imbrex::Exactness exactness() const noexcept override { return imbrex::Exactness::exact; }
  imbrex::JobShape job_shape() const noexcept override { return shape_; }

  void analyze(std::span<const Design* const> designs, std::span<OverlapResult> out,
               TimelineSink* detail) const override {
    const auto one_segment = [](const WorkGraph& graph, TimelineSink* sink) -> OverlapResult {
      return {imbrex::Verdict::feasible, Sequence(graph, sink).makespan_ps()};
    };
    imbrex::analyze_batch(
        designs, out, detail, [&](const imbrex::Design& design, TimelineSink* sink) {
          return imbrex::analyze_segments(design, architecture_, cost_, shape_, sink, one_segment);
        });
  }

 private:
  imbrex::JobShape shape_;
  const imbrex::Architecture& architecture_;
  const imbrex::CostModel& cost_;
};

constexpr imbrex::Component kComponents[] = {
    imbrex::component<LayerByLayer, Config>(
        "imbrex.overlap.layer-by-layer",
        "No overlap: one operator after another, its copies working in parallel", kParams)
        .provides(imbrex::Trait::timeline | imbrex::Trait::sequential)
        .cites("Pelke et al., CLSA-CIM, DATE 2024, arXiv:2401.07671; specification section 4")};

}  // namespace

IMBREX_PLUGIN("imbrex.overlap.layer-by-layer", "0.1.0", "Layers one after another", "Apache-2.0",
              kComponents)
