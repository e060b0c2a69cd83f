#include "segment_choice.hpp"

#include <imbrex/toolkit/spatial/pipeline_granularity.hpp>

#include <algorithm>
#include <cmath>

namespace imbrex::pipeorgan {
namespace {

// Sums of the same words in another order differ in the last digits.
constexpr double kSame = 1e-9;

}  // namespace

bool is_better(const SegmentChoice& a, const SegmentChoice& b) {
  if (std::abs(a.worth - b.worth) > kSame * b.worth) {
    return a.worth < b.worth;
  }
  if (a.estimate_ps != b.estimate_ps) {
    return a.estimate_ps < b.estimate_ps;
  }
  if (std::abs(a.energy_pj - b.energy_pj) > kSame * b.energy_pj) {
    return a.energy_pj < b.energy_pj;
  }
  return a.link_ps < b.link_ps * (1 - kSame);
}

std::int64_t pipeline_ps(const Dataflow& flow, const Stages& stages, double link_ps) {
  if (stages.size() == 1) {
    return stages.front()->busy_ps();
  }
  std::int64_t intervals = flow.intervals;  // a mapping may make fewer jobs than it was asked for
  for (const Stage* stage : stages) {
    intervals = std::min(intervals, stage->jobs);
  }
  const auto by_links = static_cast<std::int64_t>(link_ps / static_cast<double>(intervals));
  std::vector<spatial::PipelineStage> pipeline;
  for (const Stage* stage : stages) {
    const std::int64_t interval = std::max(by_links, ceil_div(stage->busy_ps(), intervals));
    pipeline.push_back({interval, interval, 0});
  }
  return spatial::pipeline_latency_ps(pipeline, intervals);
}

}  // namespace imbrex::pipeorgan
