// The twin of all overlap analyzers: an event-driven simulation of the same work orders
// (specification clsa-cim section 11.1, O1; design, section 8). Shares no code with any of them.
#include "engine.hpp"
#include "link_report.hpp"
#include "phases.hpp"

#include <imbrex/plugin.hpp>
#include <imbrex/toolkit/analysis/job_shape_params.hpp>
#include <imbrex/toolkit/analysis/order_completions.hpp>
#include <imbrex/toolkit/analysis/segment_pass.hpp>
#include <imbrex/values/work_graph.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace imbrex::simulator {
namespace {

using Segments = SegmentSuccession;
constexpr std::string_view kSegmentsNames[] = {"barrier", "resources"};

struct Config : analysis::JobShapeParams {
  std::int64_t buffer_bytes = 0;
  Segments segments = Segments::barrier;
  bool links = true;
};

constexpr ParamSpec kParams[] = {
    analysis::granularity_param<Config>(),
    analysis::rows_param<Config>(),
    analysis::block_param<Config>(),
    analysis::samples_param<Config>(),
    choice<&Config::segments>(
        "segments",
        "How segments follow one another: barrier (weights, jobs and data of one after those of "
        "the "
        "other, as the analyzers have it) or resources (external memory, bus and cores serve what "
        "comes first: a core is rewritten as soon as its last job has ended, and samples move on "
        "one "
        "by one)",
        kSegmentsNames),
    param<&Config::buffer_bytes>(
        "buffer_bytes",
        "Space for the output of each operator; a job waits until its output fits, and the space "
        "is "
        "free again when every job that reads it has ended. 0: unbounded")
        .unit("byte")
        .at_least(0),
    param<&Config::links>(
        "links",
        "Hand-overs of a floor plan take the links between elements, which serve packets first "
        "come, first served; false: they arrive at once. Without a floor plan, or on an "
        "architecture whose links are unbounded and whose hops take no time, there is nothing to "
        "simulate")};

class Simulator final : public OverlapAnalyzer {
 public:
  Simulator(const Config& config, const Context& context)
      : request_{analysis::job_shape(config), config.links, config.segments},
        buffer_bytes_(config.buffer_bytes),
        machine_(context.machine()),
        host_(context.host) {}

  AnalysisRequest request() const noexcept override { return request_; }
  Fidelity fidelity(const WorkGraph& graph) const override {
    Fidelity fidelity = analysis::fidelity_by_regions(graph);
    fidelity.serves_links = true;
    return fidelity;
  }

  void analyze(const AnalysisRequest& request, std::span<const Design* const> designs,
               std::span<OverlapResult> out, TimelineSink* detail) const override {
    analysis::analyze_batch(designs, out, detail, [&](const Design& design, TimelineSink* sink) {
      return simulate(request, design, sink);
    });
  }

 private:
  OverlapResult simulate(const AnalysisRequest& request, const Design& design,
                         TimelineSink* detail) const {
    const std::vector<std::int32_t> all = segment_numbers(design, machine_.cost());
    std::vector<std::int32_t> numbers = all;
    simulator::Surroundings around{&design, &machine_.architecture(), &machine_.cost(), {}};
    for (const std::int32_t number : numbers) {
      around.overheads.push_back(machine_.cost().segment_overhead(design, number));
    }
    if (numbers.size() <= 1 && !takes_time(around.overheads)) {
      numbers.clear();  // all weights are in place before the network starts
    }
    Model model = model_of(request, design, numbers);
    if (!numbers.empty()) {
      request.segments == Segments::barrier ? add_barriers(model, around)
                                            : add_resources(model, around);
    }
    std::optional<LinkModel> links;
    if (request.links && has_links(design)) {
      links.emplace(build_links(model, all, design.floor_plans(), machine_.architecture()));
    }
    Engine engine(model, buffer_bytes_, links ? &*links : nullptr);
    const bool complete = run(engine);
    if (detail != nullptr) {
      report_counts(model, links, engine, *detail);
      if (complete) {
        report_jobs(model, engine, *detail);
        report_segments(model, engine, numbers, *detail);
      } else {
        detail->note("deadlock",
                     explanation(model, links ? &*links : nullptr, engine, design.workload()));
      }
    }
    if (!complete) {
      return {Verdict::infeasible, 0};
    }
    return {Verdict::feasible, engine.makespan_ps()};
  }

  static void report_counts(const Model& model, const std::optional<LinkModel>& links,
                            const Engine& engine, TimelineSink& detail) {
    detail.statistic("jobs", static_cast<std::int64_t>(model.first_phase_job));
    detail.statistic("dependencies", model.dependencies());
    detail.statistic("events", engine.events());
    if (links) {
      simulator::report_links(*links, engine, detail);
    }
  }

  bool has_links(const Design& design) const {
    const ElementLinks& links = machine_.architecture().links;
    return !design.floor_plans().empty() && links.word_bits > 0 &&
           (links.words_per_ps > 0 || links.hop_ps > 0);
  }

  static bool takes_time(const std::vector<SegmentOverhead>& overheads) {
    return std::any_of(overheads.begin(), overheads.end(),
                       [](const auto& overhead) { return overhead.takes_time(); });
  }

  // Links serve packets here; their rates must not lengthen jobs as well. Packets and finite
  // buffers need every reader, also those that wait for nearer ones anyway.
  Model model_of(AnalysisRequest request, const Design& design,
                 const std::vector<std::int32_t>& numbers) const {
    if (buffer_bytes_ > 0 || (request.links && has_links(design))) {
      request.gathered = kAnyNumberGathered;
    }
    request.links = false;
    std::vector<WorkGraph> graphs;
    for (const std::int32_t number : numbers) {
      graphs.emplace_back(design, machine_, request, number);
    }
    if (numbers.empty()) {
      graphs.emplace_back(design, machine_, request);
    }
    return simulator::build_model(graphs);
  }

  static void report_segments(const Model& model, const Engine& engine,
                              const std::vector<std::int32_t>& numbers, TimelineSink& detail) {
    const auto start_ps = [&](Index batch) { return engine.start_ps(batch); };
    const auto end_ps = [&](Index batch) {
      std::int64_t latest = 0;
      for (Index job = model.batches[batch].first_job; job < model.batches[batch].end_job; ++job) {
        latest = std::max(latest, engine.end_ps(job));
      }
      return latest;
    };
    for (std::size_t s = 0; s < numbers.size(); ++s) {
      detail.segment(times_of(model, model.segments[s], numbers[s], {start_ps, end_ps}));
    }
  }

  bool run(Engine& engine) const {
    const auto pulse = [this] {
      if (host_ != nullptr && host_->cancelled()) {
        throw CancelledError();
      }
    };
    return engine.run(pulse);
  }

  // In the order operator, server, step.
  static void report_jobs(const Model& model, const Engine& engine, TimelineSink& detail) {
    for (const simulator::OperatorEntry& op : model.operators) {
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
        const simulator::JobEntry& entry = model.jobs[job];
        detail.job({op.id, entry.server, entry.step, engine.start_ps(entry.batch),
                    engine.end_ps(job), engine.waited_for(entry.batch)});
      }
    }
  }

  std::string explanation(const Model& model, const LinkModel* links, const Engine& engine,
                          const Workload& workload) const {
    const Engine::Deadlock deadlock = engine.deadlock();
    return "operator '" + workload.at(deadlock.op).name + "' waits for ever: its buffer of " +
           std::to_string(buffer_bytes_) + " bytes holds " + std::to_string(deadlock.held_bytes) +
           " that are still needed and its next job adds " + std::to_string(deadlock.job_bytes) +
           ", so it needs " + std::to_string(deadlock.held_bytes + deadlock.job_bytes) +
           " at once; the smallest buffer_bytes with which the network runs is " +
           std::to_string(smallest_buffer(model, links));
  }

  // Bisection: whether a run locks up is monotone in the buffer size.
  std::int64_t smallest_buffer(const Model& model, const LinkModel* links) const {
    std::int64_t too_small = buffer_bytes_;
    std::int64_t enough = 0;  // the whole output of the largest operator
    for (const simulator::OperatorEntry& op : model.operators) {
      std::int64_t bytes = 0;
      for (Index job = op.first_job; job < op.end_job; ++job) {
        bytes += model.jobs[job].output_bytes;
      }
      enough = std::max(enough, bytes);
    }
    while (enough - too_small > 1) {
      const std::int64_t middle = too_small + (enough - too_small) / 2;
      Engine attempt(model, middle, links);
      (run(attempt) ? enough : too_small) = middle;
    }
    return enough;
  }

  AnalysisRequest request_;
  std::int64_t buffer_bytes_;
  Machine machine_;
  Host* host_;
};

constexpr FactSpec kFacts[] = {
    {"jobs", "job", "Jobs that were simulated, steps without work among them"},
    {"dependencies", "dependency", "Pairs of jobs of which one waits for the other"},
    {"events", "event", "Events that the simulation took"},
    {"deadlock", "", "Who waits for ever, and which buffer would be large enough"},
    {"packets", "packet", "Packets over the links of floor plans"},
    {"busiest_link_busy_ps", "ps", "How long the link carries words that carries them longest"},
    {"hottest_links", "", "The links that carry words longest, and how long"}};
constexpr Component kComponents[] = {
    component<Simulator, Config>(
        "imbrex.overlap.simulator",
        "Event-driven simulation of jobs on servers, with finite buffers as an option", kParams)
        .provides(Trait::timeline)
        .states(kFacts)};

}  // namespace

IMBREX_PLUGIN("imbrex.overlap.simulator", "0.1.0", "Event-driven simulation of overlapped layers",
              "Apache-2.0", kComponents)

}  // namespace imbrex::simulator
