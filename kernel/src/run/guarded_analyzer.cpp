#include "run/guarded_analyzer.hpp"

#include "plugin/call_mark.hpp"
#include "plugin/host_services.hpp"
#include "plugin/registry.hpp"
#include "run/value_checks.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace imbrex::run {
namespace {

constexpr std::int64_t kUnwrittenEnd = INT64_MIN;

[[noreturn]] void misused(std::string_view text) {
  throw Error(ErrorCode::failed, text);
}

void require_usable(std::span<const Design* const> designs, std::span<OverlapResult> out,
                    const TimelineSink* detail) {
  if (designs.size() != out.size()) {
    misused(fmt::format("asked an analyzer about {} designs with room for {} answers",
                        designs.size(), out.size()));
  }
  if (detail != nullptr && designs.size() != 1) {
    misused("asked an analyzer for the details of several designs at once");
  }
  if (std::find(designs.begin(), designs.end(), nullptr) != designs.end()) {
    misused("asked an analyzer about a design that is null");
  }
}

void require_usable(const PairBatch& batch, std::span<PairResult> out) {
  if (batch.candidates.size() != out.size()) {
    misused(fmt::format("asked an analyzer about {} pairs with room for {} answers",
                        batch.candidates.size(), out.size()));
  }
  if (batch.design == nullptr || batch.fixed == nullptr) {
    misused("asked an analyzer about pairs without a design or without a fixed mapping");
  }
  const std::size_t operators = batch.design->workload().operators().size();
  if (index(batch.producer) >= operators || index(batch.consumer) >= operators) {
    misused(fmt::format("asked an analyzer about the pair of operators {} and {} of {}",
                        static_cast<std::int32_t>(batch.producer),
                        static_cast<std::int32_t>(batch.consumer), operators));
  }
}

// Passes everything on; an analysis in detail is stopped between two jobs.
class StoppableSink final : public TimelineSink {
 public:
  explicit StoppableSink(TimelineSink& inner) : inner_(inner) {}

  void job(const TimedJob& job) override {
    plugin::HostServices::stop_if_asked();
    inner_.job(job);
  }
  void jobs(const JobRun& run) override {
    plugin::HostServices::stop_if_asked();
    inner_.jobs(run);
  }
  void segment(const SegmentTimes& times) override { inner_.segment(times); }
  void statistic(std::string_view name, std::int64_t value) override {
    inner_.statistic(name, value);
  }
  void note(std::string_view name, std::string_view text) override { inner_.note(name, text); }

 private:
  TimelineSink& inner_;
};

}  // namespace

GuardedAnalyzer::GuardedAnalyzer(std::string where, const OverlapAnalyzer& inner)
    : where_(std::move(where)), inner_(inner) {}

AnalysisRequest GuardedAnalyzer::request() const noexcept {
  const plugin::CallMark mark(where_, "request");
  return inner_.request();
}

Fidelity GuardedAnalyzer::fidelity(const WorkGraph& graph) const {
  Fidelity fidelity;
  plugin::guard(where_, "fidelity", [&] { fidelity = inner_.fidelity(graph); });
  const ValueChecks checks(where_, [] { return std::string("fidelity"); });
  checks.verdict(fidelity.verdict);
  if (fidelity.exactness > Exactness::estimate) {
    checks.blame("exactness", std::to_string(static_cast<unsigned>(fidelity.exactness)),
                 "it must be 0 (exact), 1 (conservative) or 2 (estimate)");
  }
  return fidelity;
}

void GuardedAnalyzer::analyze(const AnalysisRequest& request,
                              std::span<const Design* const> designs, std::span<OverlapResult> out,
                              TimelineSink* detail) const {
  require_usable(designs, out, detail);
  std::fill(out.begin(), out.end(), OverlapResult{Verdict::feasible, kUnwrittenEnd});
  std::optional<StoppableSink> stoppable;
  if (detail != nullptr) {
    detail = &stoppable.emplace(*detail);
  }
  plugin::guard(where_, "analyze", [&] { inner_.analyze(request, designs, out, detail); });
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out[i].verdict == Verdict::feasible ? out[i].makespan_ps >= 0
                                            : is_verdict(out[i].verdict)) {
      continue;
    }
    const ValueChecks checks(
        where_, [&] { return fmt::format("analysis of design {} of {}", i + 1, out.size()); });
    checks.verdict(out[i].verdict);
    if (out[i].makespan_ps == kUnwrittenEnd) {
      checks.blame("has no answer; every one must be written");
    }
    checks.count("makespan_ps", out[i].makespan_ps);
  }
}

void GuardedAnalyzer::analyze_pairs(const PairBatch& batch, std::span<PairResult> out) const {
  require_usable(batch, out);
  for (PairResult& result : out) {
    result = {};
    result.end_ps = kUnwrittenEnd;
  }
  plugin::guard(where_, "analyze_pairs", [&] { inner_.analyze_pairs(batch, out); });
  for (std::size_t i = 0; i < out.size(); ++i) {
    const PairResult& pair = out[i];
    if (pair.verdict == Verdict::feasible ? pair.end_ps >= 0 && pair.transformed_end_ps >= 0
                                          : is_verdict(pair.verdict)) {
      continue;
    }
    const ValueChecks checks(where_, [&] {
      const Workload& workload = batch.design->workload();
      return fmt::format("pair {} of {} of '{}' and '{}'", i + 1, out.size(),
                         workload.at(batch.producer).name, workload.at(batch.consumer).name);
    });
    checks.verdict(pair.verdict);
    if (pair.end_ps == kUnwrittenEnd) {
      checks.blame("has no answer; every one must be written");
    }
    checks.count("end_ps", pair.end_ps);
    checks.count("transformed_end_ps", pair.transformed_end_ps);
  }
}

}  // namespace imbrex::run
