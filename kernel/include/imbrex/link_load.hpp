// File: link_load.hpp
//
// What pipelined stages send one another, and what that puts on each link of the array. Pure.
// [any thread] Loads are words per interval in which every producing element makes one word.
// Source: specification pipeorgan, sections 6.1 to 6.4.
#pragma once

#include <imbrex/abi.hpp>
#include <imbrex/spatial_layout.hpp>
#include <imbrex/topology.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace imbrex {

// Who needs a produced word. Decided by the ranks both stages spread over elements, not by the
// layout.
enum class FlowPattern : std::uint8_t {
  one_to_one,     // the same pixels; unequal shares split their words
  halo,           // and those of the neighbours, by index: a 3 x 3 window spread over elements
  row_multicast,  // all consumers of the row: channels spread over a row
  all_multicast,  // all consumers
  global_buffer,  // to the port of the row, and from there to the consumers of the row
};
inline constexpr std::string_view kFlowPatternNames[] = {"one-to-one", "halo", "row-multicast",
                                                         "all-multicast", "global-buffer"};

// One tensor between two stages of a segment, skip edges included.
struct StageEdge {
  std::int32_t producer = 0;
  std::int32_t consumer = 0;
  FlowPattern pattern = FlowPattern::one_to_one;
  double words = 1;  // per producing element and interval
};

// Words from one node to others.
struct Flow {
  std::int32_t source = 0;
  std::uint32_t first_destination = 0;
  std::uint32_t destinations = 0;
  double words = 0;
};

class IMBREX_API FlowSet {
 public:
  void add(std::int32_t source, std::span<const std::int32_t> destinations, double words);
  void clear() noexcept;
  std::span<const Flow> flows() const noexcept { return flows_; }
  std::span<const std::int32_t> destinations(const Flow& flow) const noexcept {
    return std::span<const std::int32_t>(destinations_)
        .subspan(flow.first_destination, flow.destinations);
  }

 private:
  std::vector<Flow> flows_;
  std::vector<std::int32_t> destinations_;
};

// Appends the flows of an edge. Pairing: inside each cell of the layout the producers and consumers
// in row-major order; of n producers and m consumers, max(n, m) flows of n/max(n, m) words each, so
// that n words leave. Cells that lack one of the two stages have no pairs.
// A row, for halos and multicasts, is the i-th row in which the stage occurs.
IMBREX_API void add_flows(const SpatialLayout& layout, const StageEdge& edge, FlowSet& flows);
// What every stage sends its own: one word to the next element of the same stage to the right and
// one to the next below (weights or partial sums handed on).
IMBREX_API void add_neighbour_flows(const SpatialLayout& layout, double words, FlowSet& flows);

struct LinkLoads {
  std::vector<double> load;  // words per interval; indices as in Topology::links_and_ports()
  double max_load = 0;
  double word_links = 0;       // sum of the loads
  double word_pitches = 0;     // the same, weighted with the lengths of the wires
  double mean_hops = 0;        // over (word, destination) pairs
  std::int32_t most_hops = 0;  // longest path
};

struct RoutingChoice {
  bool multicast = true;  // a word crosses a link once, however many destinations lie behind it
  // AMP: of every word with one destination, 1/(L+1) stays on mesh links, and the others take their
  // unit steps before the express links. Rescues unequal shares, whose unit steps would otherwise
  // meet at the border of the consumer.
  bool balanced = false;
};

// Routes every flow. O(destinations * hops).
IMBREX_API LinkLoads route_flows(const Topology& topology, const FlowSet& flows,
                                 const RoutingChoice& choice = {});

// Largest load first, ties by id; at most `count`, loads of 0 left out.
IMBREX_API std::vector<std::int32_t> hottest_links(const LinkLoads& loads, std::size_t count);

// No routing can do better: max over vertical and horizontal cuts and both directions of the words
// that must cross, divided by the links that do. O(destinations + cuts * links).
IMBREX_API double cut_bound(const Topology& topology, const FlowSet& flows, bool multicast = true);

// Closed forms of section 6.3 for one word per producer, one to one, in a chain of equal stages:
// stripes of width w with a mesh, or an AMP whose express length divides w or exceeds it; blocks
// with a mesh. No value for anything else. Equal to what route_flows finds. O(elements).
struct LoadSummary {
  double max_load = 0;
  double mean_hops = 0;
  double word_links = 0;
};
IMBREX_API std::optional<LoadSummary> chain_closed_form(const Topology& topology,
                                                        const SpatialLayout& layout);

// Section 6.4: words per cycle that a cut asks of the boundary link of each row under blocked-1D,
// over what the link can carry; the segment takes max(1, this) times its balanced time on a mesh.
// words: of the tensor; macs: of the whole segment; fan_out: copies sent (1 with multicast).
IMBREX_API double boundary_demand(std::int64_t words, std::int32_t columns,
                                  std::int32_t macs_per_element, double fan_out,
                                  std::int64_t macs) noexcept;

// --- Links as queues: the twin of "busiest link"
// --------------------------------------------------

// Simulates `intervals` hand-overs, one released every `period` cycles, cycle by cycle: every link
// passes one word per cycle on, first come, first served (ties by flow); a word takes the route of
// its flow hop by hop. `words` of each flow must be whole, with one destination. Cycles until the
// last word arrives. For tests; O(words * hops + cycles * links).
IMBREX_API std::int64_t drain_cycles(const Topology& topology, const FlowSet& flows,
                                     std::int64_t intervals = 1, std::int64_t period = 0);

}  // namespace imbrex
