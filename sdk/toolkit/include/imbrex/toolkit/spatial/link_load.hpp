// What pipelined stages send one another, and what that puts on each link of the array. Pure.
// [any thread] Loads are words per interval in which every producing element makes one word.
// Source: specification pipeorgan, sections 6.1 to 6.4.
#pragma once

#include <imbrex/values/floor_plan.hpp>
#include <imbrex/values/topology.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace imbrex::spatial {

// What every stage sends its own: one word to the next element of the same stage to the right and
// one to the next below (weights or partial sums handed on).
void add_neighbour_flows(const SpatialLayout& layout, double words, FlowSet& flows);

// Largest load first, ties by id; at most `count`, loads of 0 left out.
std::vector<std::int32_t> hottest_links(const LinkLoads& loads, std::size_t count);

// No routing can do better: max over vertical and horizontal cuts and both directions of the words
// that must cross, divided by the links that do. O(destinations + cuts * links).
double cut_bound(const Topology& topology, const FlowSet& flows, bool multicast = true);

// Closed forms of section 6.3 for one word per producer, one to one, in a chain of equal stages:
// stripes of width w with a mesh, or an AMP whose express length divides w or exceeds it; blocks
// with a mesh. No value for anything else. Equal to what route_flows finds. O(elements).
struct LoadSummary {
  double max_load = 0;
  double mean_hops = 0;
  double word_links = 0;
};
std::optional<LoadSummary> chain_closed_form(const Topology& topology, const SpatialLayout& layout);

// Section 6.4: words per cycle that a cut asks of the boundary link of each row under blocked-1D,
// over what the link can carry; the segment takes max(1, this) times its balanced time on a mesh.
// words: of the tensor; macs: of the whole segment; fan_out: copies sent (1 with multicast).
double boundary_demand(std::int64_t words, std::int32_t columns, std::int32_t macs_per_element,
                       double fan_out, std::int64_t macs) noexcept;

// --- Links as queues: the twin of "busiest link"
// --------------------------------------------------

// Simulates `intervals` hand-overs, one released every `period` cycles, cycle by cycle: every link
// passes one word per cycle on, first come, first served (ties by flow); a word takes the route of
// its flow hop by hop. `words` of each flow must be whole, with one destination. Cycles until the
// last word arrives. For tests; O(words * hops + cycles * links).
std::int64_t drain_cycles(const Topology& topology, const FlowSet& flows,
                          std::int64_t intervals = 1, std::int64_t period = 0);

}  // namespace imbrex::spatial
