#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/spatial/pipeline_granularity.hpp>
#include <imbrex/values/work_order.hpp>

namespace imbrex::spatial {
namespace {

bool uniform(std::span<const PipelineStage> stages) noexcept {
  return std::all_of(stages.begin(), stages.end(), [](const PipelineStage& stage) {
    return stage.halo == 0 && stage.interval_ps == stage.last_interval_ps;
  });
}

}  // namespace

StallCause stall_cause(const IntervalTimes& times) noexcept {
  const std::int64_t longest = times.double_buffered_ps();
  if (times.compute_ps == longest) {
    return StallCause::none;
  }
  if (std::max(times.noc_in_ps, times.noc_out_ps) == longest) {
    return StallCause::noc;
  }
  return times.buffer_ps == longest ? StallCause::global_buffer : StallCause::dram;
}

std::int64_t pipeline_latency_ps(std::span<const PipelineStage> stages, std::int64_t intervals) {
  IMBREX_ASSERT(intervals >= 1);
  if (uniform(stages)) {
    std::int64_t sum = 0;
    std::int64_t longest = 0;
    for (const PipelineStage& stage : stages) {
      sum = bounded_sum_ps(sum, stage.interval_ps);
      longest = std::max(longest, stage.interval_ps);
    }
    return bounded_sum_ps(sum, bounded_ps(intervals - 1, longest));
  }
  // Finish times of one stage overwrite those of its predecessor: entry t is read last for
  // interval t - halo, which is written after it.
  const auto n = static_cast<std::size_t>(intervals);
  std::vector<std::int64_t> finish(n, 0);
  for (const PipelineStage& stage : stages) {
    std::int64_t free_at = 0;
    for (std::size_t t = 0; t < n; ++t) {
      const std::size_t need = std::min(n - 1, t + static_cast<std::size_t>(stage.halo));
      const std::int64_t start = std::max(free_at, finish[need]);
      free_at = bounded_sum_ps(start, t + 1 < n ? stage.interval_ps : stage.last_interval_ps);
      finish[t] = free_at;
    }
  }
  return finish.back();
}

std::int64_t lockstep_latency_ps(std::span<const PipelineStage> stages,
                                 std::int64_t intervals) noexcept {
  std::int64_t longest = 0;
  std::int64_t steps = intervals - 1;
  for (const PipelineStage& stage : stages) {
    longest = std::max({longest, stage.interval_ps, stage.last_interval_ps});
    steps += stage.halo + 1;
  }
  return steps * longest;
}

std::vector<std::vector<std::int64_t>> pipeline_finish_ps(
    std::span<const std::vector<std::int64_t>> durations, std::span<const std::int64_t> halos) {
  IMBREX_ASSERT(durations.size() == halos.size());
  std::vector<std::vector<std::int64_t>> finish(durations.size());
  for (std::size_t i = 0; i < durations.size(); ++i) {
    const std::size_t n = durations[i].size();
    finish[i].assign(n, 0);
    for (std::size_t t = 0; t < n; ++t) {
      const std::int64_t own = t > 0 ? finish[i][t - 1] : 0;
      const std::size_t need = std::min(n - 1, t + static_cast<std::size_t>(halos[i]));
      const std::int64_t input = i > 0 ? finish[i - 1][need] : 0;
      finish[i][t] = std::max(own, input) + durations[i][t];
    }
  }
  return finish;
}

}  // namespace imbrex::spatial
