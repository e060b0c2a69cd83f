// imbrex.architecture.sram-cim: a chip of cores, each with several SRAM crossbars, on one bus,
// beside external memory that holds what the chip cannot (specification compass sections 1, 7 and
// 12).
#include "sram_cim_config.hpp"

#include <imbrex/plugin.hpp>

#include <array>
#include <cmath>
#include <string>

namespace imbrex::sram_cim {
namespace {
using Config = sram_cim::Config;

std::int64_t picoseconds(double ns) {
  return std::llround(ns * 1000);
}

class SramCim final : public ArchitectureModel {
 public:
  SramCim(const Config& config, const Context& context) {
    check_widths(config, context);
    const sram_cim::Cores cores = sram_cim::cores_of(config);
    describe_units(config);
    describe_memory(config, cores);
    pool_.name = "crossbar";
    pool_.count = cores.count * cores.crossbars;
    pool_.per_tile = cores.crossbars;
    architecture_.name = "SRAM CIM";
    architecture_.levels = levels_;
    architecture_.units = units_;
    architecture_.resources = {&pool_, 1};
    architecture_.grid = {1, cores.count};
    architecture_.replacement = replacement(config, cores);
  }

  const Architecture& view() const noexcept override { return architecture_; }
  Verdict fits(const Demand& total) const noexcept override {
    return total.units <= pool_.count ? Verdict::feasible : Verdict::infeasible;
  }

 private:
  // Narrower weights only waste cells; wider ones would be cut off.
  static void check_widths(const Config& config, const Context& context) {
    if (context.workload == nullptr) {
      return;
    }
    for (const Operator& op : context.workload->operators()) {
      if (op.weight_elements() > 0 && op.weight_bits_per_element > config.weight_bits) {
        throw InputError("weights of '" + op.name + "' have " +
                         std::to_string(op.weight_bits_per_element) +
                         " bits, but the crossbars are arranged for weight_bits = " +
                         std::to_string(config.weight_bits) +
                         "; read the workload with fewer bits, or --set architecture.weight_bits=" +
                         std::to_string(op.weight_bits_per_element));
      }
    }
  }

  void describe_units(const Config& config) {
    ComputeUnit& crossbar = units_[0];
    crossbar.name = "crossbar";
    crossbar.kind = UnitKind::crossbar;
    crossbar.rows = config.rows;
    crossbar.columns = config.columns;
    crossbar.columns_per_weight = ceil_div(config.weight_bits, config.bits_per_cell);
    crossbar.operation_ps = picoseconds(config.mvm_interval_ns);
    crossbar.operation_energy_pj = config.mvm_energy_pj;
    crossbar.write_ps = picoseconds(config.weight_write_ns);
    crossbar.write_energy_pj = config.crossbar_write_energy_pj;
    crossbar.provenance =
        "256 x 256 cells of 1 bit: COMPASS, section IV-A1; timing and energy: fitted to its "
        "figures 6, "
        "8 and 9; other values: the recipe";
    ComputeUnit& vector = units_[1];
    vector.name = "VFU";
    vector.kind = UnitKind::vector_unit;
    vector.provenance =
        "12 lanes per core: COMPASS, table I; its time is part of the fitted interval";
  }

  void describe_memory(const Config& config, const sram_cim::Cores& cores) {
    StorageLevel& external = levels_[0];
    external.name = "external memory";
    external.capacity_bits = config.external_memory_bytes * 8;
    external.read_bits_per_ps = config.weight_bytes_per_ns * 8 / 1000;
    external.write_bits_per_ps = external.read_bits_per_ps;
    external.read_energy_pj_per_bit = config.external_energy_pj_per_byte / 8;
    external.write_energy_pj_per_bit = external.read_energy_pj_per_bit;
    external.provenance =
        "LPDDR3, 8 GB: COMPASS, table I; effective bandwidth: fitted to its figure 6";
    StorageLevel& local = levels_[1];
    local.name = "local memory";
    local.instances = cores.count;
    local.capacity_bits = config.local_memory_bytes * 8;
    local.provenance = "64 kB per core: COMPASS, table I";
  }

  static ReplacementCosts replacement(const Config& config, const sram_cim::Cores& cores) {
    ReplacementCosts costs;
    constexpr double kPsPerNs = 1000;
    costs.weight_bits_per_ps = config.weight_bytes_per_ns * 8 / kPsPerNs;
    costs.write_ps = picoseconds(config.weight_write_ns);
    costs.data_ps_per_bit = config.data_ns_per_byte * kPsPerNs / 8;
    costs.bus_ps_per_bit = config.bus_ns_per_byte * kPsPerNs / 8;
    costs.weight_energy_pj_per_bit = config.external_energy_pj_per_byte / 8;
    costs.data_energy_pj_per_bit = config.external_energy_pj_per_byte / 8;
    costs.bus_energy_pj_per_bit = config.bus_energy_pj_per_byte / 8;
    // mW = pJ/ns
    costs.static_power_pj_per_ps =
        config.core_power_mw / kPsPerNs * static_cast<double>(cores.count);
    costs.provenance = "compass_cal_v1: fitted to 135 throughputs of COMPASS, figure 6";
    return costs;
  }

  std::array<StorageLevel, 2> levels_;
  std::array<ComputeUnit, 2> units_;
  ResourcePool pool_;
  Architecture architecture_;
};

constexpr Component kComponents[] = {
    component<SramCim, Config>(
        "imbrex.architecture.sram-cim",
        "Cores of SRAM crossbars on a bus, weights rewritten from external memory",
        sram_cim::kParams)
        .provides(Trait::crossbars | Trait::weight_replacement | Trait::weight_stationary)
        .cites("Park et al., COMPASS: A Compiler Framework for Resource-Constrained Crossbar-Array "
               "Based In-Memory Deep Learning Accelerators, DATE 2025, arXiv:2501.06780")};

}  // namespace

IMBREX_PLUGIN("imbrex.architecture.sram-cim", "0.1.0", "SRAM computing-in-memory chips",
              "Apache-2.0", kComponents)

}  // namespace imbrex::sram_cim
