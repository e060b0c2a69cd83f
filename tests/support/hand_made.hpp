// Components made in the test itself, whose every answer a test can spoil: an architecture of a
// pool of cells, a cost model that takes one nanosecond per position, and an analyzer that is right
// until told otherwise. Answers are kept per process; `HandMade` resets them.
#pragma once

#include "hand_made_machine.hpp"
#include "plugin/host_services.hpp"
#include "run/bound_machine.hpp"
#include "run/component_place.hpp"

#include <imbrex/plugin/descriptor.hpp>
#include <imbrex/toolkit/analysis/forward_pass.hpp>
#include <imbrex/values/completion.hpp>
#include <imbrex/values/segments.hpp>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace imbrex::test {

// Remembers the end of every tile.
class TileCompletions final : public analysis::Completions {
 public:
  explicit TileCompletions(const WorkGraph& graph) : graph_(graph) {}
  void publish(const analysis::OperatorPass& done) override {
    TileTimes& tiles = tiles_
                           .try_emplace(done.op, graph_.workload().at(done.op),
                                        graph_.mapping(done.op), done.order->tile_grid())
                           .first->second;
    for (const analysis::PassJob& job : done.jobs) {
      if (job.has_work) {
        tiles.raise(done.order->job(job.step, job.server).box, job.end_ps + job.completion_ps);
      }
    }
  }
  std::int64_t ready_ps(const Source& source, OperatorId, const DimBox&) override {
    return tiles_.at(source.producer).max_over(source.region);
  }

 private:
  const WorkGraph& graph_;
  std::map<OperatorId, TileTimes> tiles_;
};

class HandMadeAnalyzer final : public OverlapAnalyzer {
 public:
  HandMadeAnalyzer(const NoConfig&, const Context& context) : machine_(context.machine()) {}
  AnalysisRequest request() const noexcept override { return {}; }
  Fidelity fidelity(const WorkGraph&) const override { return answers().fidelity; }
  void analyze(const AnalysisRequest& request, std::span<const Design* const> designs,
               std::span<OverlapResult> out, TimelineSink* detail) const override {
    for (std::size_t i = 0; i < out.size() && answers().writes_results; ++i) {
      const WorkGraph graph(*designs[i], machine_, request);
      TileCompletions completions(graph);
      Log log;
      std::int64_t makespan_ps = analysis::ForwardPass(graph, completions).run(&log);
      answers().spoil(log.jobs, makespan_ps);
      out[i] = {Verdict::feasible, makespan_ps};
      for (std::size_t j = 0; detail != nullptr && j < log.jobs.size(); ++j) {
        detail->job(log.jobs[j]);
      }
    }
  }

 private:
  struct Log final : TimelineSink {
    std::vector<TimedJob> jobs;
    void job(const TimedJob& job) override { jobs.push_back(job); }
    void statistic(std::string_view, std::int64_t) override {}
    void note(std::string_view, std::string_view) override {}
  };
  Machine machine_;
};

inline constexpr Component kChip =
    component<HandMadeChip, NoConfig>("test.architecture.hand-made", "Cells", {});
inline constexpr Component kCost =
    component<HandMadeCost, NoConfig>("test.cost.hand-made", "A nanosecond per position", {});
inline constexpr FactSpec kAnalyzerFacts[] = {{"jobs", "job", "Jobs with work."},
                                              {"best_after_*", "", "By generation."}};
inline constexpr Component kAnalyzer =
    component<HandMadeAnalyzer, NoConfig>("test.overlap.hand-made", "Right until spoilt", {})
        .states(kAnalyzerFacts);

// A 1x1 of 4 rows of 4 positions, B 3x3 behind it.
inline Workload two_layers() {
  WorkloadBuilder builder("two");
  ConvolutionParams a;
  a.output_channels = 2;
  ConvolutionParams b = a;
  b.window.kernel = {3, 3};
  b.window.pad_begin = b.window.pad_end = {1, 1};
  const Shape image{4, {1, 2, 4, 4, 1, 1}};
  builder.convolution("B", builder.convolution("A", builder.input("image", image), a), b);
  return builder.finish();
}

// Fresh answers, and what is made with them on first use.
class HandMade {
 public:
  explicit HandMade(Workload workload = two_layers())
      : workload_(std::make_shared<const Workload>(std::move(workload))) {
    answers() = {};
  }
  ~HandMade() { answers() = {}; }

  const std::shared_ptr<const Workload>& workload() const { return workload_; }
  plugin::HostServices& services() { return services_; }
  Host& host() { return services_.host_for("test", 1, 0); }
  const run::BoundMachine& machine() {
    if (!machine_) {
      machine_ = std::make_unique<run::BoundMachine>(
          recipe::PlannedComponent{plugin::ConfigHandle(kChip),
                                   "architecture (test.architecture.hand-made)"},
          recipe::PlannedComponent{plugin::ConfigHandle(kCost), "cost (test.cost.hand-made)"},
          workload_, services_, 1);
    }
    return *machine_;
  }
  const OverlapAnalyzer& analyzer() {
    if (!analyzer_) {
      analyzer_ = plugin::make_instance<OverlapAnalyzer>(plugin::ConfigHandle(kAnalyzer),
                                                         machine().context(host()));
    }
    return *analyzer_;
  }
  static run::ComponentPlace place() { return {"stage 2 (test.overlap.hand-made)", &kAnalyzer}; }
  Design design() const { return Design(workload_); }

 private:
  std::shared_ptr<const Workload> workload_;
  plugin::HostServices services_{plugin::HostOptions{1, LogLevel::warning, true}};
  std::unique_ptr<run::BoundMachine> machine_;
  plugin::Instance<OverlapAnalyzer> analyzer_;
};

// What an expression throws, as text; empty when it does not throw this.
template <class Exception, class Call>
std::string thrown(Call call) {
  try {
    call();
  } catch (const Exception& error) {
    return error.what();
  }
  return {};
}

}  // namespace imbrex::test
