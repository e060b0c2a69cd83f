// imbrex.architecture.tiled-cim: tiles of resistive crossbars on a mesh (specification clsa-cim
// section 2). Weight-stationary: the chip holds the whole network, so it sizes itself from the
// network and adds `extra_pes`, unless `pes` fixes the number. A partitioner may then cut a network
// that does not fit into segments; weight replacement is free unless the recipe says what it costs.
#include <imbrex/plugin.hpp>
#include <imbrex/toolkit/segments/crossbar.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace imbrex::tiled_cim {
namespace {

struct Config {
  std::int64_t rows = 256;
  std::int64_t cols = 256;
  std::int64_t extra_pes = 0;
  std::int64_t pes = 0;
  std::int64_t pes_per_tile = 1;
  std::int64_t tile_rows = 0;
  std::int64_t tile_cols = 0;
  double mvm_latency_ns = 1400;
  double mvm_energy_pj = 0;
  std::int64_t weight_slices = 1;
  bool differential_columns = false;
  double gpeu_ns_per_position = 0;
  double link_hop_ns = 0;
  double link_bits_per_ns = 0;
  double buffer_access_ns = 0;
  double link_energy_pj_per_bit_hop = 0;
  double weight_bits_per_ns = 0;
  double weight_write_ns = 0;
  double data_ns_per_bit = 0;
  double weight_energy_pj_per_bit = 0;
  double data_energy_pj_per_bit = 0;
};

constexpr double kMaxNs = 1e12;
constexpr ParamSpec kParams[] = {
    param<&Config::rows>("rows",
                         "Crossbar rows, one input each. Default 256: the CLSA-CIM paper's "
                         "array size (recalled; the "
                         "authors' public cim-aq-dev configuration uses it too)")
        .unit("row")
        .range(1, 1 << 20),
    param<&Config::cols>("cols",
                         "Crossbar columns, one cell of a weight each. Default 256: as for `rows`")
        .unit("column")
        .range(1, 1 << 20),
    param<&Config::extra_pes>(
        "extra_pes",
        "PEs beyond the minimum that holds one copy of the network, the x of \"wdup+x\"; cannot be "
        "combined with `pes`. Default 0: exactly the minimum")
        .unit("PE")
        .range(0, 1 << 30),
    param<&Config::pes>("pes",
                        "PEs on the chip, absolute; 0: the network's minimum plus `extra_pes`")
        .unit("PE")
        .range(0, 1 << 30),
    param<&Config::pes_per_tile>(
        "pes_per_tile",
        "PEs in one tile; matters only when moving data costs something. Default 1: an assumption")
        .unit("PE")
        .range(1, 1 << 20),
    param<&Config::tile_rows>("tile_rows",
                              "Rows of the tile grid; 0: as square as the number of tiles allows")
        .unit("tile")
        .range(0, 1 << 20),
    param<&Config::tile_cols>(
        "tile_cols", "Columns of the tile grid; 0: as square as the number of tiles allows")
        .unit("tile")
        .range(0, 1 << 20),
    param<&Config::mvm_latency_ns>(
        "mvm_latency_ns",
        "Time of one matrix-vector product on one crossbar, however much of it is occupied. "
        "Default "
        "1400: the CLSA-CIM paper (recalled) and the authors' cim-aq-dev, for 256 x 256")
        .unit("ns")
        .range(0.001, kMaxNs),
    param<&Config::mvm_energy_pj>("mvm_energy_pj",
                                  "Energy of one matrix-vector product on one crossbar. "
                                  "Default 0: energy is not modelled, as "
                                  "in the paper")
        .unit("pJ")
        .range(0, kMaxNs),
    param<&Config::weight_slices>(
        "weight_slices",
        "Columns that one weight is sliced over, bits by bits. Default 1: the paper's minimum PE "
        "counts come out only this way")
        .unit("column")
        .range(1, 64),
    param<&Config::differential_columns>(
        "differential_columns",
        "Whether positive and negative parts of a weight take a column each. Default false: as for "
        "`weight_slices`"),
    param<&Config::gpeu_ns_per_position>(
        "gpeu_ns_per_position",
        "How long after its inputs a position written by an operator without matrix products "
        "exists "
        "(general purpose execution unit, pipelined). Default 0: free, as in the published figures")
        .unit("ns")
        .range(0, kMaxNs),
    param<&Config::link_hop_ns>(
        "link_hop_ns",
        "Latency of one hop between tiles. Default 0: free, as in the published figures")
        .unit("ns")
        .range(0, kMaxNs),
    param<&Config::link_bits_per_ns>(
        "link_bits_per_ns",
        "Bandwidth of a link between tiles; 0: unbounded. Default 0, as in the published figures")
        .unit("bit/ns")
        .range(0, kMaxNs),
    param<&Config::buffer_access_ns>(
        "buffer_access_ns",
        "Time of the buffer accesses of one transfer. Default 0: free, as in the published figures")
        .unit("ns")
        .range(0, kMaxNs),
    param<&Config::link_energy_pj_per_bit_hop>(
        "link_energy_pj_per_bit_hop",
        "Energy of moving one bit over one hop; charged is the way between the farthest tiles of "
        "two operators, an upper bound. Default 0: energy is not modelled")
        .unit("pJ")
        .range(0, kMaxNs),
    param<&Config::weight_bits_per_ns>(
        "weight_bits_per_ns",
        "Bandwidth at which the weights of a segment come from external memory, once per batch; 0: "
        "unbounded. Default 0: free, an idealisation; the paper never replaces weights")
        .unit("bit/ns")
        .range(0, kMaxNs),
    param<&Config::weight_write_ns>(
        "weight_write_ns",
        "Time of writing the crossbars of one segment, all in parallel, after its weights have "
        "arrived. Default 0: free, as for `weight_bits_per_ns`")
        .unit("ns")
        .range(0, kMaxNs),
    param<&Config::data_ns_per_bit>(
        "data_ns_per_bit",
        "Time of one bit of data that segments exchange through external memory. Default 0: free, "
        "as for `weight_bits_per_ns`")
        .unit("ns/bit")
        .range(0, kMaxNs),
    param<&Config::weight_energy_pj_per_bit>(
        "weight_energy_pj_per_bit",
        "Energy of one bit of weights from external memory into a crossbar, when weights are "
        "replaced. Default 0: energy is not modelled")
        .unit("pJ/bit")
        .range(0, kMaxNs),
    param<&Config::data_energy_pj_per_bit>(
        "data_energy_pj_per_bit",
        "Energy of one bit of data to or from external memory. Default 0: energy is not modelled")
        .unit("pJ/bit")
        .range(0, kMaxNs),
};

std::int64_t picoseconds(double ns) {
  return std::llround(ns * 1000);
}

class TiledCim final : public ArchitectureModel {
 public:
  TiledCim(const Config& config, const Context& context) {
    describe_units(config);
    pool_.name = "PE";
    pool_.per_tile = config.pes_per_tile;
    pool_.count = pe_count(config, context);
    architecture_.name = "tiled CIM";
    architecture_.units = units_;
    architecture_.resources = {&pool_, 1};
    architecture_.grid = tile_grid(config);
    architecture_.movement = {picoseconds(config.link_hop_ns), config.link_bits_per_ns / 1000,
                              picoseconds(config.buffer_access_ns),
                              picoseconds(config.gpeu_ns_per_position),
                              config.link_energy_pj_per_bit_hop};
    ReplacementCosts& replacement = architecture_.replacement;
    replacement.weight_bits_per_ps = config.weight_bits_per_ns / 1000;
    replacement.write_ps = picoseconds(config.weight_write_ns);
    replacement.data_ps_per_bit = config.data_ns_per_bit * 1000;
    replacement.weight_energy_pj_per_bit = config.weight_energy_pj_per_bit;
    replacement.data_energy_pj_per_bit = config.data_energy_pj_per_bit;
    replacement.provenance = "the recipe; free unless it says otherwise";
  }

  const Architecture& view() const noexcept override { return architecture_; }
  Verdict fits(const Demand& total) const noexcept override {
    return total.units <= pool_.count ? Verdict::feasible : Verdict::infeasible;
  }

 private:
  void describe_units(const Config& config) {
    ComputeUnit& crossbar = units_[0];
    crossbar.name = "crossbar";
    crossbar.kind = UnitKind::crossbar;
    crossbar.rows = config.rows;
    crossbar.columns = config.cols;
    crossbar.columns_per_weight = config.weight_slices * (config.differential_columns ? 2 : 1);
    crossbar.operation_ps = picoseconds(config.mvm_latency_ns);
    crossbar.operation_energy_pj = config.mvm_energy_pj;
    crossbar.provenance =
        "256 x 256 in 1400 ns: CLSA-CIM paper (recalled), same group's cim-aq-dev; other values: "
        "the "
        "recipe";
    ComputeUnit& gpeu = units_[1];
    gpeu.name = "GPEU";
    gpeu.kind = UnitKind::vector_unit;
    gpeu.operation_ps = picoseconds(config.gpeu_ns_per_position);
    gpeu.provenance =
        "free unless the recipe says otherwise: idealisation of the published figures";
  }

  std::int64_t pe_count(const Config& config, const Context& context) const {
    if (config.pes > 0 && config.extra_pes > 0) {
      throw InputError("pes and extra_pes are both given: pes = " + std::to_string(config.pes) +
                       " fixes the chip, extra_pes = " + std::to_string(config.extra_pes) +
                       " sizes it from the network; give only one");
    }
    if (config.pes > 0) {
      return config.pes;
    }
    if (context.workload == nullptr) {
      throw InputError("no workload to size the chip from; give pes");
    }
    std::int64_t minimum = 0;
    for (const Operator& op : context.workload->operators()) {
      minimum += segments::crossbars_of_one_copy(op, units_[0]);
    }
    return minimum + config.extra_pes;
  }

  TileGridShape tile_grid(const Config& config) const {
    const std::int64_t tiles =
        std::max<std::int64_t>(1, ceil_div(pool_.count, config.pes_per_tile));
    std::int64_t columns = config.tile_cols;
    if (columns == 0 && config.tile_rows > 0) {
      columns = ceil_div(tiles, config.tile_rows);
    }
    while (config.tile_cols == 0 && config.tile_rows == 0 && columns * columns < tiles) {
      ++columns;
    }
    const std::int64_t rows = config.tile_rows > 0 ? config.tile_rows : ceil_div(tiles, columns);
    if (rows * columns < tiles) {
      throw InputError("a grid of " + std::to_string(rows) + " x " + std::to_string(columns) +
                       " tiles with " + std::to_string(config.pes_per_tile) + " PEs each holds " +
                       std::to_string(rows * columns * config.pes_per_tile) +
                       " PEs, but the chip has " + std::to_string(pool_.count) +
                       "; raise tile_rows, tile_cols or pes_per_tile");
    }
    return {rows, columns};
  }

  std::array<ComputeUnit, 2> units_;
  ResourcePool pool_;
  Architecture architecture_;
};

constexpr Component kComponents[] = {
    component<TiledCim, Config>(
        "imbrex.architecture.tiled-cim",
        "Tiles of weight-stationary crossbars on a mesh, sized from the network", kParams)
        .provides(Trait::crossbars | Trait::weight_stationary | Trait::weight_replacement)
        .cites("Pelke et al., CLSA-CIM: A Cross-Layer Scheduling Approach for Computing-in-Memory "
               "Architectures, DATE 2024, arXiv:2401.07671")};

}  // namespace

IMBREX_PLUGIN("imbrex.architecture.tiled-cim", "0.1.0", "Tiled computing-in-memory chips",
              "Apache-2.0", kComponents)

}  // namespace imbrex::tiled_cim
