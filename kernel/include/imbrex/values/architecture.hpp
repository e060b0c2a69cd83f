// What there is to compute on. Plain data with views into the ArchitectureModel that owns it; lives
// as long as the model, immutable. [any thread] Every number of a preset says where it comes from
// (`provenance`), or that it is an assumption.
#pragma once

#include <imbrex/plugin/abi.hpp>
#include <imbrex/values/ids.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace imbrex {

// Storage, outermost (largest) level first.
struct StorageLevel {
  std::string_view name;
  std::int64_t instances = 1;
  std::int64_t capacity_bits = 0;  // 0: unbounded
  std::int64_t access_ps = 0;      // before the first bit arrives
  double read_bits_per_ps = 0;     // 0: unbounded
  double write_bits_per_ps = 0;    // 0: unbounded
  double read_energy_pj_per_bit = 0;
  double write_energy_pj_per_bit = 0;
  std::string_view provenance;
};

enum class UnitKind : std::uint8_t { crossbar, bit_serial_bank, mac_array, vector_unit };

// Something that computes. For a crossbar: one matrix-vector product per `operation_ps` over
// `rows` inputs and `columns` cells, whatever part of them is occupied.
struct ComputeUnit {
  std::string_view name;
  UnitKind kind = UnitKind::crossbar;
  std::int64_t rows = 0;
  std::int64_t columns = 0;
  std::int64_t columns_per_weight = 1;  // bit slices times differential pairs
  std::int64_t operation_ps = 0;
  double period_ps = 0;  // an operation's length where that is no whole number; 0: operation_ps
  double operation_energy_pj = 0;  // 0: not modelled
  std::int64_t write_ps = 0;
  double write_energy_pj = 0;
  std::string_view provenance;
  constexpr double exact_ps() const noexcept {
    return period_ps > 0 ? period_ps : static_cast<double>(operation_ps);
  }
};

// What one elementary operation costs where operations run row-parallel on all lanes of a bank: one
// command sequence, whatever number of lanes is used. A table, because published adders differ
// (specification fast-overlapim section 2.2).
enum class OperationKind : std::uint8_t { add, multiply, shift, copy_row };
struct OperationCost {
  OperationKind operation = OperationKind::add;
  std::int32_t bits = 0;  // operand width; 0: any
  std::int64_t latency_ps = 0;
  double energy_pj = 0;  // 0: not modelled
  std::string_view provenance;
};

// Resources that operators own exclusively: PEs, crossbars, cores, banks.
struct ResourcePool {
  std::string_view name;  // singular, e.g. "PE"
  std::int64_t count = 0;
  std::int64_t per_tile = 1;  // how many sit in one tile of the grid
};

// Tiles on a rows x columns grid; XY-routed mesh unless a later interface says otherwise.
struct TileGridShape {
  std::int64_t rows = 1;
  std::int64_t columns = 1;
};

// How processing elements of an array are linked (specification pipeorgan section 2.2).
enum class TopologyKind : std::uint8_t { mesh, amp, torus, flattened_butterfly };
inline constexpr std::string_view kTopologyNames[] = {"mesh", "amp", "torus",
                                                      "flattened-butterfly"};

// Links between the elements of the grid, for arrays whose operators hand words to one another
// element by element. `word_bits == 0`: there are none.
struct ElementLinks {
  std::int64_t word_bits = 0;  // of the words that the others count
  TopologyKind topology = TopologyKind::mesh;
  std::int32_t express_length = 0;       // of an AMP; 0: by its rule
  double words_per_ps = 0;               // of a link, each way; 0: unbounded
  std::int64_t hop_ps = 0;               // until the first word is one link further
  double wire_energy_pj_per_word = 0;    // per distance between neighbours
  double router_energy_pj_per_word = 0;  // per link taken
  std::string_view provenance;
  bool limited() const noexcept { return word_bits > 0 && words_per_ps > 0; }
};

// Costs of moving data between tiles and of non-matrix operators. All zero: free, as in the
// published CLSA-CIM numbers (specification clsa-cim section 2.5).
struct MovementCosts {
  std::int64_t link_hop_ps = 0;          // per hop between tiles
  double link_bits_per_ps = 0;           // 0: unbounded
  std::int64_t buffer_access_ps = 0;     // once per transfer
  std::int64_t vector_operation_ps = 0;  // per output position of a movement operator (GPEU)
  double link_energy_pj_per_bit_hop = 0;
};

// What it costs when not all weights are resident and results wait in external memory between
// segments (specification compass sections 1, 7). All zero: free.
struct ReplacementCosts {
  double weight_bits_per_ps = 0;  // external memory -> cores; 0: unbounded
  std::int64_t write_ps = 0;      // writing the crossbars of one segment, exposed
  double data_ps_per_bit = 0;     // loads and stores of data at segment borders
  double bus_ps_per_bit = 0;      // window-expanded input of the operators, between cores
  double weight_energy_pj_per_bit = 0;
  double data_energy_pj_per_bit = 0;
  double bus_energy_pj_per_bit = 0;
  double static_power_pj_per_ps = 0;  // of the whole chip, = W
  // Tensors of at most so many bits stay on the chip between segments; 0: none does. Not the input
  // of the first layer nor the output of the last.
  std::int64_t retained_bits = 0;
  std::string_view provenance;
};

struct Architecture {
  std::string_view name;
  std::span<const StorageLevel> levels;
  std::span<const ComputeUnit> units;         // units[0] executes the matrix operators
  std::span<const OperationCost> operations;  // empty where a unit's operation_ps says it all
  std::span<const ResourcePool> resources;    // resources[0] is what placements own
  TileGridShape grid;
  ElementLinks links;
  MovementCosts movement;
  ReplacementCosts replacement;
};

// What a set of copies asks of the architecture.
struct Demand {
  bool mappable = false;   // false: runs on the vector unit, owns nothing
  std::int64_t units = 0;  // resources[0] of one copy
  std::int64_t weight_bits = 0;
  friend constexpr bool operator==(const Demand&, const Demand&) = default;
};

}  // namespace imbrex
