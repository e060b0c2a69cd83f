// One segment on the array: loop orders and tiles, shares, layout and who sends what to whom,
// decided by what each candidate takes and consumes under the recipe's cost model (specification
// pipeorgan sections 5 and 6.2).
#pragma once

#include "dataflow.hpp"
#include "segment_choice.hpp"
#include "segment_trial.hpp"

#include <imbrex/interfaces/evaluator.hpp>
#include <imbrex/toolkit/spatial/segment_layout.hpp>
#include <imbrex/values/design.hpp>
#include <imbrex/values/topology.hpp>

#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace imbrex::pipeorgan {

struct PlannerOptions {
  Objective objective = Objective::latency;
  std::optional<LayoutKind> layout;    // only this kind
  std::optional<FlowPattern> pattern;  // instead of what the mappings imply
  bool positions_only = false;         // no hand-overs channel by channel
  double hand_over_share = 0.5;        // of an element's registers, for hand-overs
};

class SegmentPlanner {
 public:
  // Keeps references.
  SegmentPlanner(const Design& design, const Evaluator& evaluator,
                 const segments::LayerSequence& sequence, const PlannerOptions& options);

  // Layers [begin, end). No value when they cannot hand over, nothing fits, or nothing is worth
  // less than `limit`; `why` says which.
  std::optional<SegmentChoice> plan(std::size_t begin, std::size_t end, std::string& why,
                                    double limit = INFINITY);
  // Never above what any plan of these layers is worth.
  double lower_bound(std::size_t begin, std::size_t end);

 private:
  struct Segment;  // what is the same for all candidates of one call

  // Remembers the best; returns what it is worth, or infinity when it is impossible.
  // `work`: becomes what each stage's elements spend together.
  double consider(Segment& segment, const Dataflow& flow, std::size_t layout_index,
                  std::vector<std::int64_t>& work);
  double worth(std::int64_t latency_ps, double energy_pj) const noexcept {
    return layer_objective(options_.objective, array_, {Verdict::feasible, latency_ps, energy_pj});
  }
  std::vector<SpatialLayout> layouts_for(const Segment& segment,
                                         std::span<const std::int64_t> work) const;
  void consider_all(Segment& segment, const Dataflow& flow, std::size_t layouts);
  FlowPattern pattern_of_edge(const Segment& segment, const Dataflow& flow, std::size_t edge,
                              const Stages& stages) const;
  const LinkLoads& loads_of(Segment& segment, std::size_t layout_index,
                            const spatial::SegmentEdge& edge, FlowPattern pattern);
  void route(Segment& segment, const Dataflow& flow, std::size_t layout_index, const Stages& stages,
             SegmentChoice& choice);
  bool buffers_fit(const Segment& segment, const Dataflow& flow, const FloorPlan& plan) const;
  std::int64_t memories_ps(std::size_t begin, std::size_t end);
  void charge(const Segment& segment, const Dataflow& flow, const Stages& stages,
              SegmentChoice& choice);

  const Design& design_;
  const segments::LayerSequence& sequence_;
  const PlannerOptions options_;
  const Architecture& array_;
  Topology topology_;
  SegmentTrial trial_;
};

}  // namespace imbrex::pipeorgan
