#include "phase_builder.hpp"
#include "phases.hpp"

#include <algorithm>
#include <limits>
#include <optional>

namespace imbrex::simulator {

void add_barriers(Model& model, const Surroundings& surroundings) {
  PhaseBuilder builder(model);
  std::optional<Index> previous;  // data of the segment before
  for (std::size_t s = 0; s < model.segments.size(); ++s) {
    SegmentEntry& segment = model.segments[s];
    const SegmentOverhead& overhead = surroundings.overheads[s];
    const Index load = builder.add_phase(overhead.weight_load_ps, Resource::memory);
    const Index write = builder.add_phase(overhead.weight_write_ps, Resource::none);
    const Index data = builder.add_phase(overhead.data_ps, Resource::memory);
    if (previous) {
      builder.wait(load, builder.after(*previous));
    }
    builder.wait(write, builder.after(load));
    const Index written = builder.after(write);
    for (Index op = segment.first_operator; op < segment.end_operator; ++op) {
      builder.lanes_wait(model.operators[op], written);
    }
    builder.wait(data, written);
    segment.rest = {data};
    for (const std::int64_t beside_ps : {overhead.external_ps, overhead.buffer_ps}) {
      if (beside_ps > 0) {
        const Index beside = builder.add_phase(beside_ps, Resource::none);
        builder.wait(beside, written);
        builder.wait(data, builder.after(beside));
        segment.rest.push_back(beside);
      }
    }
    builder.wait(data, builder.after_operators(segment.first_operator, segment.end_operator));
    for (const std::vector<Index>& gates : segment.exits) {
      for (const Index gate : gates) {
        builder.wait(data, gate);
      }
    }
    segment.loads = {load};
    previous = data;
  }
  builder.finish();
}

SegmentTimes times_of(const Model& model, const SegmentEntry& segment, std::int32_t number,
                      const Clock& clock) {
  constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
  SegmentTimes times{number, kNever, kNever, 0};
  for (const Index phase : segment.loads) {
    times.start_ps = std::min(times.start_ps, clock.start_ps(phase));
  }
  for (Index op = segment.first_operator; op < segment.end_operator; ++op) {
    const OperatorEntry& entry = model.operators[op];
    for (Index lane = entry.first_lane; lane < entry.end_lane; ++lane) {
      if (model.lanes[lane].first_batch == model.lanes[lane].end_batch) {
        continue;
      }
      const Index first = model.lanes[lane].first_batch;
      times.work_start_ps = std::min(times.work_start_ps, clock.start_ps(first));
      times.end_ps = std::max(times.end_ps, clock.end_ps(model.lanes[lane].end_batch - 1));
    }
  }
  for (const Index phase : segment.rest) {
    times.end_ps = std::max(times.end_ps, clock.end_ps(phase));
  }
  return times;
}

}  // namespace imbrex::simulator
