// Where the operators of a segment sit on an array, how they hand their results on, and what that
// puts on each link: what a partitioner decides, analyzers charge, and reports draw. Loads follow
// from the plan; nobody has to be believed. Pure. [any thread]
// Source: specification pipeorgan, sections 5 and 6. How plans are made is the toolkit's
// (imbrex/toolkit/spatial).
#pragma once

#include <imbrex/plugin/abi.hpp>
#include <imbrex/values/architecture.hpp>
#include <imbrex/values/topology.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex {

enum class LayoutKind : std::uint8_t {
  blocked_1d,
  blocked_2d,
  striped,
  cells,
  error_diffused,
  folded_stripes,
};
inline constexpr std::string_view kLayoutNames[] = {
    "blocked-1d", "blocked-2d", "striped", "cells", "error-diffused", "folded-stripes"};

// Which stage every element works for. Producers and consumers are paired inside cells of
// cell_rows x cell_columns, which tile the array: pairing by global index would send data across
// the array in periodic layouts.
struct SpatialLayout {
  LayoutKind kind = LayoutKind::blocked_1d;
  std::int32_t rows = 0;
  std::int32_t columns = 0;
  std::int32_t stages = 0;
  std::int32_t cell_rows = 1;
  std::int32_t cell_columns = 0;
  IndexVector<std::int64_t, std::int16_t> stage_of;  // row-major

  std::int16_t at(std::int32_t row, std::int32_t column) const noexcept {
    return stage_of[row * columns + column];
  }
  // Elements of each stage.
  IMBREX_API std::vector<std::int64_t> shares() const;
  // One character per element (0-9, a-z, then '?'), a line per row, repeated rows counted:
  // "0011 x4". For people.
  IMBREX_API std::string text() const;
  friend bool operator==(const SpatialLayout&, const SpatialLayout&) = default;
};

// --- Flows and loads
// --------------------------------------------------------------------------------

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

// --- Plans
// ------------------------------------------------------------------------------------------

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
