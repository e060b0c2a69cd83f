#include <imbrex/toolkit/search/candidates.hpp>
#include <imbrex/values/loop_nest.hpp>

#include <algorithm>

namespace imbrex::search {
namespace {

constexpr std::int64_t kMostRows = 1024;

}  // namespace

StreamingLags streaming_lags(const Operator& op, const Mapping& mapping, std::int64_t latency_ps,
                             std::int64_t producer_ps, std::int64_t consumer_ps) noexcept {
  const LoopNest nest(op.bounds, mapping);
  const std::int64_t step_ps = latency_ps / std::max<std::int64_t>(1, nest.steps());
  const std::int64_t completion_ps = latency_ps - step_ps * nest.steps();  // and rounding
  std::int64_t rest = nest.reduction_finish();
  for (const Dim d : {Dim::G, Dim::K, Dim::Q}) {
    rest += nest.range_max(d, {0, op.bounds[d]});
  }
  const std::int64_t rows = op.bounds[Dim::P];
  const std::int64_t positions = op.bounds[Dim::N] * rows;
  const std::int64_t stride = ceil_div(positions, kMostRows);
  StreamingLags lags;
  for (std::int64_t i = 0; i < positions; i += stride) {
    const std::int64_t row = std::min(i + stride, positions) - 1;
    const std::int64_t first_step =
        nest.dim_finish(Dim::N, row / rows) + nest.dim_finish(Dim::P, row % rows);
    const std::int64_t done_ps = (first_step + rest + 1) * step_ps + completion_ps;
    const std::int64_t arrives_ps =
        row + 1 == positions ? producer_ps : producer_ps / positions * (row + 1);
    lags.start_ps = std::max(lags.start_ps, arrives_ps - first_step * step_ps);
    lags.consumer_ps = std::max(lags.consumer_ps, done_ps - consumer_ps / positions * row);
  }
  return lags;
}

std::int64_t streaming_latency_ps(const Operator& op, const Mapping& mapping,
                                  std::int64_t latency_ps) noexcept {
  const StreamingLags lags = streaming_lags(op, mapping, latency_ps, latency_ps, latency_ps);
  return lags.start_ps + lags.consumer_ps + latency_ps;
}

}  // namespace imbrex::search
