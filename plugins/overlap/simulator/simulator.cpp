// The twin of all overlap analyzers: an event-driven simulation of the same work orders
// (specification clsa-cim section 11.1, O1; design, section 8). Shares no code with any of them.
#include "engine.hpp"

#include <imbrex/job_shape_params.hpp>
#include <imbrex/plugin.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace {

using imbrex::simulator::Engine;
using imbrex::simulator::Index;
using imbrex::simulator::Model;

struct Config : imbrex::JobShapeParams {
  std::int64_t buffer_bytes = 0;
};

constexpr imbrex::ParamSpec kParams[] = {
    imbrex::granularity_param<Config>(), imbrex::rows_param<Config>(),
    imbrex::block_param<Config>(),
    imbrex::param<&Config::buffer_bytes>(
        "buffer_bytes",
        "Space for the output of each operator; a job waits until its output fits, and the space "
        "is "
        "free again when every job that reads it has ended. 0: unbounded")
        .unit("byte")
        .at_least(0)};

class Simulator final : public imbrex::OverlapAnalyzer {
 public:
  Simulator(const Config& config, const imbrex::Context& context)
      : shape_(imbrex::job_shape(config)), buffer_bytes_(config.buffer_bytes), context_(context) {}

  imbrex::Exactness exactness() const noexcept override { return imbrex::Exactness::exact; }
  imbrex::JobShape job_shape() const noexcept override { return shape_; }

  void analyze(std::span<const imbrex::Design* const> designs, std::span<imbrex::OverlapResult> out,
               imbrex::TimelineSink* detail) const override {
    for (std::size_t i = 0; i < designs.size(); ++i) {
      out[i] = simulate(*designs[i], detail);
    }
  }

 private:
  imbrex::OverlapResult simulate(const imbrex::Design& design, imbrex::TimelineSink* detail) const {
    const imbrex::WorkGraph graph(design, *context_.architecture, *context_.cost, shape_);
    const Model model = imbrex::simulator::build_model(graph);
    Engine engine(model, buffer_bytes_);
    const bool complete = run(engine);
    if (detail != nullptr) {
      detail->statistic("jobs", static_cast<std::int64_t>(model.jobs.size()));
      detail->statistic("dependencies", model.dependencies());
      detail->statistic("events", engine.events());
      if (complete) {
        report_jobs(model, engine, *detail);
      } else {
        detail->note("deadlock", explanation(model, engine, graph.workload()));
      }
    }
    if (!complete) {
      return {imbrex::Verdict::infeasible, 0};
    }
    return {imbrex::Verdict::feasible, engine.makespan_ps()};
  }

  bool run(Engine& engine) const {
    const auto pulse = [this] {
      if (context_.host != nullptr && context_.host->cancelled()) {
        throw imbrex::CancelledError();
      }
    };
    return engine.run(pulse);
  }

  // In the order operator, server, step.
  static void report_jobs(const Model& model, const Engine& engine, imbrex::TimelineSink& detail) {
    for (const imbrex::simulator::OperatorEntry& op : model.operators) {
      std::vector<Index> order;
      for (Index job = op.first_job; job < op.end_job; ++job) {
        if (model.jobs[job].has_work) {
          order.push_back(job);
        }
      }
      std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) {
        return model.jobs[a].server < model.jobs[b].server;
      });
      for (const Index job : order) {
        const imbrex::simulator::JobEntry& entry = model.jobs[job];
        detail.job(
            {op.id, entry.server, entry.step, engine.start_ps(entry.batch), engine.end_ps(job)});
      }
    }
  }

  std::string explanation(const Model& model, const Engine& engine,
                          const imbrex::Workload& workload) const {
    const Engine::Deadlock deadlock = engine.deadlock();
    return "operator '" + workload.at(deadlock.op).name + "' waits for ever: its buffer of " +
           std::to_string(buffer_bytes_) + " bytes holds " + std::to_string(deadlock.held_bytes) +
           " that are still needed and its next job adds " + std::to_string(deadlock.job_bytes) +
           ", so it needs " + std::to_string(deadlock.held_bytes + deadlock.job_bytes) +
           " at once; the smallest buffer_bytes with which the network runs is " +
           std::to_string(smallest_buffer(model));
  }

  // Bisection: whether a run locks up is monotone in the buffer size.
  std::int64_t smallest_buffer(const Model& model) const {
    std::int64_t too_small = buffer_bytes_;
    std::int64_t enough = 0;  // the whole output of the largest operator
    for (const imbrex::simulator::OperatorEntry& op : model.operators) {
      std::int64_t bytes = 0;
      for (Index job = op.first_job; job < op.end_job; ++job) {
        bytes += model.jobs[job].output_bytes;
      }
      enough = std::max(enough, bytes);
    }
    while (enough - too_small > 1) {
      const std::int64_t middle = too_small + (enough - too_small) / 2;
      Engine attempt(model, middle);
      (run(attempt) ? enough : too_small) = middle;
    }
    return enough;
  }

  imbrex::JobShape shape_;
  std::int64_t buffer_bytes_;
  imbrex::Context context_;
};

constexpr imbrex::Component kComponents[] = {
    imbrex::component<Simulator, Config>(
        "imbrex.overlap.simulator",
        "Event-driven simulation of jobs on servers, with finite buffers as an option", kParams)
        .provides(imbrex::Trait::timeline)};

}  // namespace

IMBREX_PLUGIN("imbrex.overlap.simulator", "0.1.0", "Event-driven simulation of overlapped layers",
              "Apache-2.0", kComponents)
