// Components made in the test itself, whose every answer a test can spoil: an architecture of a
// pool of cells, a cost model that takes one nanosecond per position, and an analyzer that is right
// until told otherwise. Answers are kept per process; `HandMade` resets them.
#pragma once

#include "fakes/overlap_analyzer.hpp"
#include "fakes/timeline_sink.hpp"
#include "hand_made_machine.hpp"
#include "layers.hpp"
#include "plugin/host_services.hpp"
#include "run/bound_machine.hpp"
#include "run/component_place.hpp"
#include "thrown.hpp"

#include <imbrex/plugin/descriptor.hpp>
#include <imbrex/toolkit/analysis/forward_pass.hpp>
#include <imbrex/toolkit/analysis/order_completions.hpp>
#include <imbrex/values/segments.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace imbrex::test {

// The order's completions and the forward pass: exact until a test spoils what they say.
class HandMadeAnalyzer final : public FakeAnalyzer {
 public:
  HandMadeAnalyzer(const NoConfig&, const Context& context)
      : FakeAnalyzer([this](const AnalysisRequest& request, const Design& design,
                            TimelineSink* sink) { return spoilt(request, design, sink); }),
        machine_(context.machine()) {}
  Fidelity fidelity(const WorkGraph&) const override { return answers().fidelity; }
  void analyze(const AnalysisRequest& request, std::span<const Design* const> designs,
               std::span<OverlapResult> out, TimelineSink* detail) const override {
    if (answers().writes_results) {
      FakeAnalyzer::analyze(request, designs, out, detail);
    }
  }

 private:
  OverlapResult spoilt(const AnalysisRequest& request, const Design& design,
                       TimelineSink* sink) const {
    const WorkGraph graph(design, machine_, request);
    analysis::OrderCompletions completions(graph, {});
    Detail truth;
    std::int64_t makespan_ps = analysis::ForwardPass(graph, completions).run(&truth);
    answers().spoil(truth.jobs, makespan_ps);
    for (std::size_t j = 0; sink != nullptr && j < truth.jobs.size(); ++j) {
      sink->job(truth.jobs[j]);
    }
    for (std::size_t j = 0; sink != nullptr && j < answers().runs.size(); ++j) {
      sink->jobs(answers().runs[j]);
    }
    return {Verdict::feasible, makespan_ps};
  }

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
  const TensorId a =
      builder.convolution("A", builder.input("image", image(2, 4, 4)), convolution(2, 1));
  builder.convolution("B", a, convolution(2, 3));
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

}  // namespace imbrex::test
