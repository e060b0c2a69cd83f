// Two layers in a row, A of 4 rows and B that reads row r of A for its row r, on hardware whose
// clocks a test sets; and whatever the forward pass reports.
#pragma once

#include "fakes/architecture_model.hpp"
#include "fakes/cost_model.hpp"
#include "fakes/timeline_sink.hpp"
#include "layers.hpp"
#include "random_nest.hpp"

#include <imbrex/toolkit/analysis/forward_pass.hpp>
#include <imbrex/toolkit/analysis/order_completions.hpp>

#include <memory>
#include <string>
#include <vector>

namespace imbrex::test {

// Rows of one column and two channels.
inline Workload two_layers(std::int64_t rows, std::int64_t columns = 1) {
  WorkloadBuilder builder("two layers");
  const TensorId a =
      builder.convolution("A", builder.input("x", image(2, rows, columns)), convolution(2, 1));
  builder.convolution("B", a, convolution(2, 1));
  return builder.finish();
}

struct PassRig {
  explicit PassRig(Workload built)
      : workload(std::make_shared<const Workload>(std::move(built))),
        cost(*workload),
        design(workload) {
    cost.clock = {0, 10};
  }
  OperatorId id(std::string_view name) const { return find(*workload, name); }
  const LoopBounds& bounds(std::string_view name) const { return workload->at(id(name)).bounds; }
  WorkGraph graph() const {
    return WorkGraph(design, {design.workload(), chip.architecture, cost}, {});
  }
  // The rest of the layer goes into every job.
  void map(std::string_view name, std::initializer_list<Loop> loops) {
    Mapping mapping = nest(loops, {});
    mapping.job_extent = bounds(name).bound;
    for (const Loop& loop : loops) {
      std::int64_t& extent = mapping.job_extent[index(loop.dim)];
      extent = ceil_div(extent, loop.bound);
    }
    design.mapping(id(name)) = mapping;
  }

  std::shared_ptr<const Workload> workload;
  FakeChip chip;
  FakeCostModel cost;
  Design design;
};

struct Passed {
  std::int64_t makespan_ps = 0;
  Detail detail;

  // "server.step start-end waits", one after the other.
  std::string jobs_of(OperatorId op) const {
    std::string text;
    for (const TimedJob& timed : detail.jobs) {
      if (timed.id == op) {
        text += (text.empty() ? "" : ", ") + std::to_string(timed.server) + "." +
                std::to_string(timed.step) + " " + std::to_string(timed.start_ps) + "-" +
                std::to_string(timed.end_ps);
        text += has(timed.waited_for, Wait::source) ? " source" : "";
        text += has(timed.waited_for, Wait::server) ? " server" : "";
      }
    }
    return text;
  }
};

inline Passed run(const PassRig& rig) {
  const WorkGraph graph = rig.graph();
  analysis::OrderCompletions completions(graph, {});
  Passed passed;
  passed.makespan_ps = analysis::ForwardPass(graph, completions).run(&passed.detail);
  return passed;
}

}  // namespace imbrex::test
