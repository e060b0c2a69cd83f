// Where the stages of one pipelined segment sit on the array: candidate layouts in the order of
// the rule, evaluated by period and energy. Pure. [any thread]
// Source: specification pipeorgan, sections 5.3, 6.2 and 6.6.
#pragma once

#include <imbrex/toolkit/spatial/link_load.hpp>
#include <imbrex/toolkit/spatial/spatial_layout.hpp>
#include <imbrex/values/floor_plan.hpp>
#include <imbrex/values/topology.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace imbrex::spatial {

// A tensor between two stages, whole.
struct SegmentEdge {
  std::int32_t producer = 0;
  std::int32_t consumer = 0;
  std::int64_t words = 0;
};

struct SegmentStages {
  std::span<const std::int64_t> macs;  // per stage
  std::span<const SegmentEdge> edges;  // cuts and skips
  FlowPattern pattern = FlowPattern::one_to_one;
};

struct ArrayRates {
  std::int32_t macs_per_element = 1;  // per cycle
  double link_words_per_cycle = 1;    // 0: unbounded
  // Relative energies per word: of a wire's pitch and of a router. Decide between equal periods.
  double wire_energy = 1;
  double router_energy = 1;
};

// Layouts of the array for the stages, best guess first: interleaved where producers and consumers
// pair up one to one, blocks where words go to many or through the buffer. Only those that the
// array has room for; each kind at most twice. Empty when there are more stages than elements.
std::vector<SpatialLayout> candidate_layouts(std::int32_t rows, std::int32_t columns,
                                             const SegmentStages& stages);

struct SegmentLayout {
  SpatialLayout layout;
  LinkLoads loads;            // words of the whole segment on each link
  double compute_cycles = 0;  // of the busiest stage
  double link_cycles = 0;     // of the busiest link
  double energy = 0;          // in units of the rates
  double period_cycles() const noexcept {
    return compute_cycles > link_cycles ? compute_cycles : link_cycles;
  }
};

// Routes all edges of the segment together. O(elements * hops).
SegmentLayout evaluate_layout(const Topology& topology, const SpatialLayout& layout,
                              const SegmentStages& stages, const ArrayRates& rates);

// The candidate with the smallest (period, energy), ties in the order of the rule; only of `kind`
// where given. No value when there is none.
std::optional<SegmentLayout> best_layout(const Topology& topology, const SegmentStages& stages,
                                         const ArrayRates& rates,
                                         std::optional<LayoutKind> kind = std::nullopt);

}  // namespace imbrex::spatial
