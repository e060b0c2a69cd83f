// imbrex.architecture.dram-pim: stacked memory whose banks compute bit by bit, one row command
// acting on all lanes (after Wang et al., Fast-OverlaPIM, arXiv:2407.00604). Banks are numbered
// channel by channel; the grid has one row per channel.
#include "dram_pim_config.hpp"

#include <imbrex/plugin.hpp>

#include <array>
#include <cmath>
#include <string>

namespace imbrex::dram_pim {
namespace {

std::int64_t picoseconds(double ns) {
  return std::llround(ns * 1000);
}

dram_pim::Commands commands_of(const Config& config) {
  constexpr double kOverlappedActivationNs = 4;  // Ambit (recalled)
  dram_pim::Commands commands;
  commands.activate_precharge_ps = picoseconds(config.t_ras_ns + config.t_rp_ns);
  commands.activate_activate_precharge_ps =
      picoseconds(config.t_ras_ns + config.t_rp_ns +
                  (config.overlapped_activation ? kOverlappedActivationNs : config.t_ras_ns));
  commands.row_read_ps = picoseconds(config.t_rcd_ns + config.t_rp_ns);
  commands.row_write_ps = picoseconds(config.t_rcd_ns + config.t_wr_ns + config.t_rp_ns);
  commands.logic_ps = picoseconds(static_cast<double>(config.t_ccd_s_cycles) * config.t_ck_ns);
  commands.nor_cycle_ps = picoseconds(config.nor_cycle_ns);
  commands.row_operation_ps = picoseconds(config.row_operation_ns);
  commands.activation_energy_pj = config.activation_energy_pj;
  commands.nor_cycle_energy_pj = config.nor_cycle_energy_pj;
  return commands;
}

class DramPim final : public ArchitectureModel {
 public:
  DramPim(const Config& config, const Context&)
      : operations_(operation_table(config.preset, commands_of(config))) {
    apply_overrides(config);
    const std::int64_t channels = config.stacks * config.channels;
    describe_levels(config, channels);
    describe_bank(config);
    pool_.name = "bank";
    pool_.count = channels * config.banks;
    architecture_.name = "DRAM PIM";
    architecture_.levels = levels_;
    architecture_.units = {&bank_, 1};
    architecture_.operations = operations_;
    architecture_.resources = {&pool_, 1};
    architecture_.grid = {channels, config.banks};
    architecture_.movement.link_hop_ps = picoseconds(config.channel_hop_ns);
    architecture_.movement.link_energy_pj_per_bit_hop = config.hop_energy_pj_per_bit;
  }

  const Architecture& view() const noexcept override { return architecture_; }
  Verdict fits(const Demand& total) const noexcept override {
    return total.units <= pool_.count && total.weight_bits <= levels_[0].capacity_bits
               ? Verdict::feasible
               : Verdict::infeasible;
  }

 private:
  void apply_overrides(const Config& config) {
    const std::size_t count = config.override_bits.size();
    if (config.override_add_ns.size() != count || config.override_multiply_ns.size() != count) {
      throw InputError(
          "override_bits, override_add_ns and override_multiply_ns go together, one entry each per "
          "width; they have " +
          std::to_string(count) + ", " + std::to_string(config.override_add_ns.size()) + " and " +
          std::to_string(config.override_multiply_ns.size()) + " entries");
    }
    for (std::size_t i = 0; i < count; ++i) {
      for (OperationCost& cost : operations_) {
        if (cost.bits != config.override_bits[i]) {
          continue;
        }
        if (cost.operation == OperationKind::add) {
          override_with(cost, config.override_add_ns[i]);
        } else if (cost.operation == OperationKind::multiply) {
          override_with(cost, config.override_multiply_ns[i]);
        }
      }
    }
  }
  static void override_with(OperationCost& cost, double ns) {
    // The number of activations is unknown now; their share of the time is taken to be unchanged.
    const double scale = ns * 1000 / static_cast<double>(cost.latency_ps);
    cost.latency_ps = picoseconds(ns);
    cost.energy_pj *= scale;
    cost.provenance = "the recipe's override; energy in proportion to the preset's";
  }

  void describe_levels(const Config& config, std::int64_t channels) {
    const double burst_bits = static_cast<double>(config.burst_length * config.bus_bits);
    const double cycle_ps = config.t_ck_ns * 1000;
    const std::int64_t banks = channels * config.banks;
    const std::int64_t bank_bits = config.rows * config.columns;
    const std::int64_t access_ps = picoseconds(config.t_rcd_ns + config.t_cl_ns);
    const double channel_bits_per_ps =
        burst_bits / (static_cast<double>(config.t_ccd_s_cycles) * cycle_ps);
    const double bank_bits_per_ps =
        burst_bits / (static_cast<double>(config.t_ccd_l_cycles) * cycle_ps);
    constexpr std::string_view kProvenance =
        "HBM2 8 Gb x128, DRAMsim3 as shipped with PIMeval (40ce162); energies: O'Connor et al., "
        "MICRO 2017 (recalled); other values: the recipe";
    levels_[0] = {"channel",
                  channels,
                  banks * bank_bits,
                  access_ps,
                  channel_bits_per_ps,
                  channel_bits_per_ps,
                  config.channel_energy_pj_per_bit,
                  config.channel_energy_pj_per_bit,
                  kProvenance};
    levels_[1] = {"bank",
                  banks,
                  bank_bits,
                  access_ps,
                  bank_bits_per_ps,
                  bank_bits_per_ps,
                  config.bank_energy_pj_per_bit,
                  config.bank_energy_pj_per_bit,
                  kProvenance};
    levels_[2] = {"lane", banks * config.columns, config.rows, 0, 0, 0, 0, 0, kProvenance};
    levels_[3] = {"sequence", banks * config.columns, config.rows, 0, 0, 0, 0, 0, kProvenance};
  }

  void describe_bank(const Config& config) {
    bank_.name = "bank";
    bank_.kind = UnitKind::bit_serial_bank;
    bank_.rows = config.rows;
    bank_.columns = config.columns;
    bank_.provenance = levels_[1].provenance;
  }

  std::vector<OperationCost> operations_;
  std::array<StorageLevel, 4> levels_;
  ComputeUnit bank_;
  ResourcePool pool_;
  Architecture architecture_;
};

constexpr Component kComponents[] = {
    component<DramPim, Config>(
        "imbrex.architecture.dram-pim",
        "Stacked memory whose banks compute bit-serially on all lanes of a row", kParams)
        .provides(Trait::weight_stationary | Trait::bit_serial_banks)
        .cites("Hajinazar et al., SIMDRAM, ASPLOS 2021; Wang et al., Fast-OverlaPIM, "
               "arXiv:2407.00604; OptiPIM, ISCA 2025")};

}  // namespace

IMBREX_PLUGIN("imbrex.architecture.dram-pim", "0.1.0", "Bit-serial processing in DRAM",
              "Apache-2.0", kComponents)

}  // namespace imbrex::dram_pim
