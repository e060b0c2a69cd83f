// What memories have to do for one segment when layers of a segment hand their results on inside
// the array (specification pipeorgan sections 6.6, 7.1 to 7.3), beside the jobs.
#pragma once

#include "counting.hpp"

#include <imbrex/interfaces/cost_model.hpp>
#include <imbrex/toolkit/nests/hierarchy.hpp>
#include <imbrex/toolkit/segments/layer_sequence.hpp>
#include <imbrex/toolkit/segments/segment_traffic.hpp>
#include <imbrex/values/design.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace imbrex::loop_nest {

// The same hierarchy when only what happens inside elements costs time and energy.
Hierarchy inside_elements(const Hierarchy& hierarchy, std::size_t shared);

// Every word once: from external memory into the buffers and on to the elements, or back. What
// elements hand to one another through the buffer goes in and out; what they hand over directly is
// not here. How often a mapping would fetch a word again is not counted, but for operands that a
// buffer fetches anew for every tile pass (`Level::refetch`), where an operator has a mapping: they
// come from external memory each time, unless a layer of the segment makes them.
class SegmentMemoryModel {
 public:
  // References are kept. `layers`: those of the cost model, skips as far as a segment may reach;
  // `problems`: by operator.
  SegmentMemoryModel(const Workload& workload, const Architecture& architecture,
                     segments::LayerSequence layers, const Hierarchy& hierarchy,
                     const std::vector<Problem>& problems);

  SegmentOverhead overhead(const Design& design, std::int32_t segment) const;
  // Of a span of `layers()` as one segment without a floor plan.
  SegmentOverhead estimate(UnitSpan span) const;
  const segments::LayerSequence& layers() const noexcept { return layers_; }
  double fill_drain_steps() const noexcept { return hierarchy_.fill_drain_steps; }

 private:
  // Bits beside those that are loaded once.
  struct Again {
    std::int64_t weights = 0;
    std::int64_t data = 0;
  };
  segments::LayerBits traffic_of(const Design& design, std::int32_t segment) const;
  SegmentOverhead charge(const segments::LayerBits& traffic, std::int64_t handed_bits,
                         const Again& again) const;
  Again fetched_again(const Design& design, std::int32_t segment) const;
  bool is_refetched(std::size_t role) const noexcept;
  // Does a layer of the segment make the tensor, or what movement operators make it of?
  bool comes_from(TensorId tensor, const Design& design, std::int32_t segment) const;

  const Workload& workload_;
  const Architecture& architecture_;
  segments::LayerSequence layers_;
  segments::LayerTraffic traffic_;
  segments::SpanTraffic spans_;
  const Hierarchy& hierarchy_;
  const std::vector<Problem>& problems_;
  std::size_t shared_;
};

}  // namespace imbrex::loop_nest
