// File: floor_plan.hpp
//
// Where the operators of a segment sit on an array and how they hand their results on: what a
// partitioner decides, analyzers charge, and reports draw (specification pipeorgan sections 5 and
// 6). Values. [any thread]
#pragma once

#include <imbrex/architecture.hpp>
#include <imbrex/link_load.hpp>
#include <imbrex/spatial_layout.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace imbrex {

// What one operator of a segment makes and another of the same segment reads, through movement
// operators or not. It never leaves the array.
struct HandOver {
  OperatorId producer = OperatorId::none;
  OperatorId consumer = OperatorId::none;
  FlowPattern pattern = FlowPattern::one_to_one;  // global_buffer: not from element to element
  std::int64_t words = 0;                         // of the whole tensor
  std::int64_t intervals = 1;                     // in which it is handed over
  std::int64_t buffer_words = 0;  // two hand-overs in flight, kept rows, skips that wait
  friend constexpr bool operator==(const HandOver&, const HandOver&) = default;
};

struct FloorPlan {
  std::int32_t segment = 0;
  std::vector<OperatorId> stages;  // in order: stage i of the layout works for stages[i]
  SpatialLayout layout;
  std::vector<HandOver> hand_overs;
  friend bool operator==(const FloorPlan&, const FloorPlan&) = default;
};
using FloorPlans = std::vector<FloorPlan>;

// The plan of a segment; null when there is none.
IMBREX_API const FloorPlan* floor_plan_of(const FloorPlans& plans, std::int32_t segment) noexcept;

// Flows of one hand-over, of all its words: every element of the producer makes equally many.
IMBREX_API void add_flows(const FloorPlan& plan, const HandOver& hand_over, FlowSet& flows);

// Words of the whole segment on every link. O(elements * hops * hand-overs).
IMBREX_API LinkLoads link_loads(const Topology& topology, const FloorPlan& plan);

// The array's topology. Errors: InputError from Topology, or when the architecture has no links.
IMBREX_API Topology topology_of(const Architecture& architecture);

// Wires and routers; 0 where the architecture does not model them.
IMBREX_API double link_energy_pj(const ElementLinks& links, const LinkLoads& loads) noexcept;

}  // namespace imbrex
