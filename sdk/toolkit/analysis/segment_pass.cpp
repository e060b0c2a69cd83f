#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/analysis/segment_pass.hpp>
#include <imbrex/values/work_graph.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace imbrex::analysis {
namespace {

// What the body says of one segment, as part of the whole run.
class ShiftingSink final : public TimelineSink {
 public:
  explicit ShiftingSink(TimelineSink& target) : target_(target) {}
  void shift_by(std::int64_t offset_ps) noexcept { offset_ps_ = offset_ps; }

  void job(const TimedJob& job) override {
    TimedJob shifted = job;
    shifted.start_ps += offset_ps_;
    shifted.end_ps += offset_ps_;
    target_.job(shifted);
  }
  void jobs(const JobRun& run) override {
    JobRun shifted = run;
    shifted.first.start_ps += offset_ps_;
    shifted.first.end_ps += offset_ps_;
    target_.jobs(shifted);
  }
  void segment(const SegmentTimes&) override {}
  void statistic(std::string_view name, std::int64_t value) override {
    for (auto& [known, sum] : statistics_) {
      if (known == name) {
        sum += value;
        return;
      }
    }
    statistics_.emplace_back(name, value);
  }
  void note(std::string_view name, std::string_view text) override {
    for (auto& [known, texts] : notes_) {
      if (known == name) {
        if (texts.find(text) == std::string::npos) {
          texts += "; " + std::string(text);
        }
        return;
      }
    }
    notes_.emplace_back(name, text);
  }
  void forward() {
    for (const auto& [name, text] : notes_) {
      target_.note(name, text);
    }
    for (const auto& [name, sum] : statistics_) {
      target_.statistic(name, sum);
    }
  }

 private:
  TimelineSink& target_;
  std::int64_t offset_ps_ = 0;
  std::vector<std::pair<std::string, std::int64_t>> statistics_;
  std::vector<std::pair<std::string, std::string>> notes_;
};

// Errors: InputError naming the segment that ends beyond what 64 bits count.
std::int64_t later(std::int32_t segment, std::int64_t at_ps, std::int64_t by_ps) {
  std::int64_t sum_ps = 0;
  if (__builtin_add_overflow(at_ps, by_ps, &sum_ps)) {
    throw InputError("segment " + std::to_string(segment) +
                     " ends beyond 2^63 ps; its weights, data or jobs take too long");
  }
  return sum_ps;
}

class SegmentPass {
 public:
  SegmentPass(const Design& design, const Machine& machine, const AnalysisRequest& request,
              TimelineSink* detail)
      : design_(design),
        machine_(machine),
        cost_(machine.cost()),
        request_(request),
        detail_(detail) {}

  OverlapResult run(SegmentBody body) {
    const std::vector<std::int32_t> numbers = segment_numbers(design_, cost_);
    if (numbers.empty() ||
        (numbers.size() == 1 && !cost_.segment_overhead(design_, numbers[0]).takes_time())) {
      return body(WorkGraph(design_, machine_, request_), detail_);
    }
    return detail_ == nullptr ? run_all(numbers, body, nullptr) : run_shifted(numbers, body);
  }

 private:
  OverlapResult run_shifted(const std::vector<std::int32_t>& numbers, SegmentBody body) {
    ShiftingSink sink(*detail_);
    const OverlapResult result = run_all(numbers, body, &sink);
    sink.forward();
    return result;
  }

  OverlapResult run_all(const std::vector<std::int32_t>& numbers, SegmentBody body,
                        ShiftingSink* sink) {
    std::int64_t now_ps = 0;
    for (const std::int32_t number : numbers) {
      const SegmentOverhead overhead = cost_.segment_overhead(design_, number);
      SegmentTimes times{number, now_ps, now_ps, now_ps};
      times.work_start_ps =
          later(number, later(number, now_ps, overhead.weight_load_ps), overhead.weight_write_ps);
      if (sink != nullptr) {
        sink->shift_by(times.work_start_ps);
      }
      const OverlapResult result = body(WorkGraph(design_, machine_, request_, number), sink);
      if (result.verdict != Verdict::feasible) {
        return {result.verdict, 0};
      }
      now_ps = times.end_ps =
          later(number, later(number, times.work_start_ps, overhead.work_ps(result.makespan_ps)),
                overhead.data_ps);
      if (detail_ != nullptr) {
        detail_->segment(times);
      }
    }
    return {Verdict::feasible, now_ps};
  }

  const Design& design_;
  const Machine& machine_;
  const CostModel& cost_;
  const AnalysisRequest& request_;
  TimelineSink* detail_;
};

}  // namespace

OverlapResult analyze_segments(const Design& design, const Machine& machine,
                               const AnalysisRequest& request, TimelineSink* detail,
                               SegmentBody body) {
  try {
    return SegmentPass(design, machine, request, detail).run(body);
  } catch (const InfeasibleError& error) {
    if (detail != nullptr) {
      detail->note("infeasible", error.what());
    }
    return {Verdict::infeasible, 0};
  }
}

void analyze_batch(std::span<const Design* const> designs, std::span<OverlapResult> out,
                   TimelineSink* detail, DesignBody body) {
  IMBREX_ASSERT(designs.size() == out.size());
  IMBREX_ASSERT(detail == nullptr || designs.size() == 1);
  for (std::size_t i = 0; i < designs.size(); ++i) {
    out[i] = body(*designs[i], detail);
  }
}

}  // namespace imbrex::analysis
