// A tiled CIM system put together from the plugins of the build tree. For tests of components with
// one another.
#pragma once

#include "built_components.hpp"

#include <imbrex/plugin/descriptor.hpp>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace imbrex::test {

inline constexpr std::int64_t kCyclePs = 1'400'000;  // one matrix-vector product (clsa-cim, 2.2)

// Everything an analyzer tells about one design.
struct Detail final : TimelineSink {
  std::vector<TimedJob> jobs;
  std::vector<SegmentTimes> segments;
  std::vector<std::pair<std::string, std::int64_t>> statistics;
  std::vector<std::pair<std::string, std::string>> notes;

  void job(const TimedJob& timed) override { jobs.push_back(timed); }
  void segment(const SegmentTimes& times) override { segments.push_back(times); }
  void statistic(std::string_view name, std::int64_t value) override {
    statistics.emplace_back(name, value);
  }
  void note(std::string_view name, std::string_view text) override {
    notes.emplace_back(name, text);
  }
  std::int64_t at(std::string_view name) const {
    for (const auto& [key, value] : statistics) {
      if (key == name) {
        return value;
      }
    }
    throw std::out_of_range("no statistic " + std::string(name));
  }
  std::string note_at(std::string_view name) const {
    for (const auto& [key, text] : notes) {
      if (key == name) {
        return text;
      }
    }
    return {};
  }
};

// A network on a chip with `extra_pes` PEs more than it needs.
class ClsaSystem {
 public:
  explicit ClsaSystem(std::shared_ptr<const Workload> workload, std::int64_t extra_pes = 0,
                      Settings architecture_settings = {})
      : workload_(std::move(workload)) {
    context_.workload = workload_.get();
    context_.host = &host();
    architecture_settings.emplace_back("extra_pes", extra_pes);
    model_ = plugin::make_instance<ArchitectureModel>(
        configure("imbrex.architecture.tiled-cim", architecture_settings), context_);
    context_.architecture = &model_->view();
    cost_ = plugin::make_instance<CostModel>(configure("imbrex.cost.crossbar"), context_);
    context_.cost = cost_.get();
  }

  const Workload& workload() const noexcept { return *workload_; }
  const Context& context() const noexcept { return context_; }
  const CostModel& cost() const noexcept { return *cost_; }
  const Architecture& architecture() const noexcept { return model_->view(); }
  std::int64_t pes() const noexcept { return model_->view().resources[0].count; }

  // One copy of everything.
  Design design() const { return Design(workload_); }

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

  plugin::Instance<OverlapAnalyzer> analyzer(std::string_view id, const Settings& settings) const {
    return plugin::make_instance<OverlapAnalyzer>(configure(id, settings), context_);
  }
  plugin::Instance<OverlapAnalyzer> clsa(const Settings& settings) const {
    return analyzer("imbrex.overlap.clsa-cim", settings);
  }

 private:
  std::int64_t sum(const std::function<std::int64_t(std::int64_t c, std::int64_t t)>& term) const {
    std::int64_t total = 0;
    for (std::size_t i = 0; i < workload_->operators().size(); ++i) {
      const Demand demand = cost_->demand(operator_id(i));
      const LoopBounds& bounds = workload_->operators()[i].bounds;
      total += demand.mappable ? term(demand.units, bounds[Dim::P] * bounds[Dim::Q]) : 0;
    }
    return total;
  }

  std::shared_ptr<const Workload> workload_;
  Context context_;
  plugin::Instance<ArchitectureModel> model_;
  plugin::Instance<CostModel> cost_;
};

// Makespan of one design in cycles. Errors: runtime_error when it is not whole or not feasible.
inline std::int64_t makespan_cycles(const OverlapAnalyzer& analyzer, const Design& design,
                                    TimelineSink* detail = nullptr) {
  const Design* const designs[] = {&design};
  OverlapResult result[1];
  analyzer.analyze(analyzer.request(), designs, result, detail);
  if (result[0].verdict != Verdict::feasible || result[0].makespan_ps % kCyclePs != 0) {
    throw std::runtime_error("no feasible makespan in whole cycles");
  }
  return result[0].makespan_ps / kCyclePs;
}

}  // namespace imbrex::test
