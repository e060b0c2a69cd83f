// A result made by hand, whose rectangles anybody can draw: 1 000 000 ps, three layers of names
// that try to be markup. The first has two servers, the second pauses as regularly as a run, the
// third works alone. tests/browser/report_page_check.js knows the same numbers.
#pragma once

#include "layers.hpp"

#include <imbrex/toolkit/spatial/spatial_layout.hpp>
#include <imbrex/values/result.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <string>

namespace imbrex::test {

inline constexpr const char* kHostileNames[] = {
    "first</script><b class=hostile>\"'&<!--<script>hostile=1</script>",
    "<img src=x onerror='hostile=1'>@DATA@", "third\xff\xfe &lt;b&gt;, \"quoted\""};

inline Workload golden_workload() {
  WorkloadBuilder builder("golden <i>network</i>");
  TensorId at = builder.input("image", image(2, 4, 4));
  for (const char* const name : kHostileNames) {
    at = builder.activation(std::string("relu of ") + name,
                            builder.convolution(name, at, convolution(2, 1)));
  }
  return builder.finish();
}

// Jobs of the operator at `index` of kHostileNames: [0, 100 000) and [100 000, 200 000) and
// [300 000, 400 000) on server 0, [50 000, 150 000) on server 1; three of 50 000 ps from 200 000
// on, 250 000 ps apart; [750 000, 1 000 000).
inline void add_golden_jobs(JobList& jobs, std::size_t index, OperatorId id) {
  constexpr std::int64_t kUnit = 50'000;
  const auto add = [&](std::int32_t server, std::int64_t step, std::int64_t start, std::int64_t end,
                       Wait wait) {
    jobs.add(TimedJob{id, server, step, start * kUnit, end * kUnit, wait});
  };
  if (index == 0) {
    add(0, 0, 0, 2, Wait::nothing);
    add(0, 1, 2, 4, Wait::server);
    add(0, 2, 6, 8, Wait::buffer);
    add(1, 0, 1, 3, Wait::source | Wait::link);
  } else if (index == 1) {
    for (std::int64_t i = 0; i < 3; ++i) {
      add(0, i, 4 + 5 * i, 5 + 5 * i, Wait::source);
    }
  } else {
    add(0, 0, 15, 20, Wait::source);
  }
}

inline OperatorResult golden_operator(std::size_t index) {
  static constexpr OperatorTimes kTimes[] = {
      {OperatorId::none, 0, 400'000, 400'000, 300'000, 2, 4},
      {OperatorId::none, 200'000, 750'000, 150'000, 150'000, 1, 3},
      {OperatorId::none, 750'000, 1'000'000, 250'000, 250'000, 1, 1}};
  OperatorResult op;
  op.name = kHostileNames[index];
  op.id = operator_id(2 * index);  // behind each there is an activation
  op.kind = "convolution";
  op.units_per_copy = 1;
  op.copies = index == 0 ? 2 : 1;
  op.times = kTimes[index];
  op.times.id = op.id;
  op.mac_utilisation = 0.25 * static_cast<double>(index + 1);
  op.loops = {op.name + " outer memory temporal P 4", op.name + " outer memory spatial K 2",
              op.name + " core temporal Q 4"};
  op.account = LayerAccount{"compute",
                            {{"outer memory", "weights", 8, 4, 4, 0},
                             {"outer memory", "outputs", 16, 32, 0, 32},
                             {"core", "weights", 8, 2, 64, 4}}};
  return op;
}

// The first two layers side by side on 2 x 4 elements, then the third on all of them.
inline std::vector<SegmentResult> golden_segments() {
  const auto segment = [](std::int32_t number, std::int64_t start_ps, std::int64_t end_ps,
                          std::vector<std::string> operators, std::vector<std::int64_t> widths) {
    SegmentResult out;
    out.times = {number, start_ps, start_ps, end_ps};
    out.operators = std::move(operators);
    out.units = 4;
    out.floor_plan.emplace();
    out.floor_plan->layout = spatial::blocked_1d(2, 4, widths);
    out.floor_plan->stages = out.operators;
    out.floor_plan->topology = "mesh";
    return out;
  };
  std::vector<SegmentResult> segments = {
      segment(0, 0, 750'000, {kHostileNames[0], kHostileNames[1]}, {3, 1}),
      segment(1, 750'000, 1'000'000, {kHostileNames[2]}, {4})};
  segments[0].floor_plan->links = {{{1, 2, 1}, 64}, {{2, 3, 1}, 32}, {{8, 0, 1}, 16}};
  return segments;
}

inline Result golden_result() {
  Result result;
  result.name = "golden </script><b class=hostile>";
  result.plan_sha256 = "0123";
  result.seed = 7;
  result.workload_name = "golden <i>network</i>";
  result.objective = "latency";
  result.exactness = Exactness::conservative;
  result.exactness_reasons = {"<b class=hostile>dilation</b>"};
  result.metrics.set("latency_ps", std::int64_t{1'000'000});
  result.metrics.set("units_total", std::int64_t{4});
  result.metrics.set("occupancy", 0.2);
  result.has_baseline = true;
  result.baseline.set("latency_ps", std::int64_t{2'500'000});
  result.speedup = 2.5;
  result.stages = {
      {"test.<b class=hostile>",
       {{"convergence", std::string("1:9 4:5 8:3")}, {"text", std::string("</script>")}}}};
  for (std::size_t i = 0; i < std::size(kHostileNames); ++i) {
    result.operators.push_back(golden_operator(i));
    add_golden_jobs(result.jobs, i, result.operators[i].id);
  }
  const auto id = [&](std::size_t i) { return result.operators[i].id; };
  result.critical_path = {{id(0), OperatorId::none, 0, 200'000, 2, Wait::nothing, {}},
                          {id(1), id(0), 200'000, 750'000, 3, Wait::source, {}},
                          {id(2), id(1), 750'000, 1'000'000, 1, Wait::source, {id(0)}}};
  result.edges = {{id(0), id(1), 320, 64}, {id(1), id(2), 320, 100}};
  result.segments = golden_segments();
  result.plugins = {{"test.<b class=hostile>", "0.1.0", "beef"}};
  return result;
}

}  // namespace imbrex::test
