// A candidate for a segment: what it would be and cost, and which of two is better. [any thread]
#pragma once

#include "dataflow.hpp"
#include "segment_trial.hpp"

#include <imbrex/values/floor_plan.hpp>

#include <cstdint>
#include <vector>

namespace imbrex::pipeorgan {

// Of a segment's layers in their order.
using Stages = std::vector<const Stage*>;

struct SegmentChoice {
  std::vector<Placed> stages;
  FloorPlan plan;                // without its segment's number
  std::int64_t estimate_ps = 0;  // of the segment, alone
  double energy_pj = 0;
  double worth = 0;             // in the objective, lower is better
  std::int64_t compute_ps = 0;  // of the busiest stage
  double link_ps = 0;           // of the busiest link
  std::int64_t external_ps = 0;
  std::int64_t buffer_ps = 0;
};

// The objective, then time, then energy, then the busiest link.
bool is_better(const SegmentChoice& a, const SegmentChoice& b);

// Of the stages when the busiest link needs so long for the whole segment.
std::int64_t pipeline_ps(const Dataflow& flow, const Stages& stages, double link_ps);

}  // namespace imbrex::pipeorgan
