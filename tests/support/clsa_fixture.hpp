// A tiled CIM system put together from the plugins of the build tree. For tests of components with
// one another.
#pragma once

#include "analyze_one.hpp"
#include "fakes/timeline_sink.hpp"
#include "plugin_system.hpp"

#include <imbrex/plugin/descriptor.hpp>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace imbrex::test {

inline constexpr std::int64_t kCyclePs = 1'400'000;  // one matrix-vector product (clsa-cim, 2.2)

// A network on a chip with `extra_pes` PEs more than it needs.
class ClsaSystem : public PluginSystem {
 public:
  explicit ClsaSystem(std::shared_ptr<const Workload> workload, std::int64_t extra_pes = 0,
                      Settings architecture_settings = {})
      : PluginSystem(std::move(workload),
                     {"imbrex.architecture.tiled-cim",
                      with_extra(std::move(architecture_settings), extra_pes)},
                     {"imbrex.cost.crossbar", {}}) {}

  std::int64_t pes() const noexcept { return architecture().resources[0].count; }

  // One copy of everything.
  Design design() const { return Design(shared_workload()); }

  // PEs of one copy of each, and PE-cycles of work: sum c_i and sum c_i * t_i (clsa-cim, 4 and 7).
  std::int64_t minimum_pes() const {
    return sum([](std::int64_t c, std::int64_t) { return c; });
  }
  std::int64_t work_cycles() const {
    return sum([](std::int64_t c, std::int64_t t) { return c * t; });
  }
  double utilisation(std::int64_t makespan_cycles) const {
    return static_cast<double>(work_cycles()) / static_cast<double>(pes() * makespan_cycles);
  }

  plugin::Instance<OverlapAnalyzer> clsa(const Settings& settings) const {
    return analyzer("imbrex.overlap.clsa-cim", settings);
  }

 private:
  static Settings with_extra(Settings settings, std::int64_t extra_pes) {
    settings.emplace_back("extra_pes", extra_pes);
    return settings;
  }
  std::int64_t sum(const std::function<std::int64_t(std::int64_t c, std::int64_t t)>& term) const {
    std::int64_t total = 0;
    for (const OperatorId op : mapped()) {
      const LoopBounds& bounds = workload().at(op).bounds;
      total += term(cost().demand(op).units, bounds[Dim::P] * bounds[Dim::Q]);
    }
    return total;
  }
};

// Makespan of one design in cycles. Errors: runtime_error when it is not whole or not feasible.
inline std::int64_t makespan_cycles(const OverlapAnalyzer& analyzer, const Design& design,
                                    TimelineSink* detail = nullptr) {
  const OverlapResult result = analyze_one(analyzer, design, detail);
  if (result.verdict != Verdict::feasible || result.makespan_ps % kCyclePs != 0) {
    throw std::runtime_error("no feasible makespan in whole cycles");
  }
  return result.makespan_ps / kCyclePs;
}

}  // namespace imbrex::test
