// The analyzer of tests that bring no plugin, the only class of the tests that implements the
// interface itself. A test says when a design ends.
#pragma once

#include <imbrex/interfaces/overlap_analyzer.hpp>
#include <imbrex/values/work_graph.hpp>

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

namespace imbrex::test {

class FakeAnalyzer : public OverlapAnalyzer {
 public:
  using Time = std::function<OverlapResult(const AnalysisRequest&, const Design&, TimelineSink*)>;

  explicit FakeAnalyzer(Time how) : time(std::move(how)) {}
  // `time` may refer to this.
  FakeAnalyzer(const FakeAnalyzer&) = delete;
  FakeAnalyzer& operator=(const FakeAnalyzer&) = delete;

  AnalysisRequest asks;
  Fidelity claims;
  Time time;

  AnalysisRequest request() const noexcept override { return asks; }
  Fidelity fidelity(const WorkGraph&) const override { return claims; }
  void analyze(const AnalysisRequest& request, std::span<const Design* const> designs,
               std::span<OverlapResult> out, TimelineSink* detail) const override {
    for (std::size_t i = 0; i < designs.size(); ++i) {
      out[i] = time(request, *designs[i], detail);
    }
  }
};

// Layers one after another, the servers of one layer side by side; jobs take `stretch` times what
// they should.
inline std::vector<TimedJob> layer_by_layer_jobs(const WorkGraph& graph, double stretch = 1) {
  std::vector<TimedJob> jobs;
  std::int64_t now_ps = 0;
  for (const OperatorId id : graph.mapped()) {
    const WorkOrder& order = graph.order(id);
    std::int64_t end_ps = now_ps;
    for (std::int64_t server = 0; server < order.server_count(); ++server) {
      std::int64_t at_ps = now_ps;
      for (std::int64_t step = 0; step < order.step_count(server); ++step) {
        const auto exact = static_cast<double>(order.job(step, server).duration_ps);
        const std::int64_t until_ps = at_ps + static_cast<std::int64_t>(exact * stretch);
        jobs.push_back({id, static_cast<std::int32_t>(server), step, at_ps, until_ps});
        at_ps = until_ps;
      }
      end_ps = std::max(end_ps, at_ps);
    }
    now_ps = end_ps;
  }
  return jobs;
}

inline std::int64_t last_end_ps(std::span<const TimedJob> jobs) {
  std::int64_t end_ps = 0;
  for (const TimedJob& job : jobs) {
    end_ps = std::max(end_ps, job.end_ps);
  }
  return end_ps;
}

}  // namespace imbrex::test
