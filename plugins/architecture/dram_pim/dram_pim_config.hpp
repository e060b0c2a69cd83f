// Parameters of imbrex.architecture.dram-pim, and where each default comes from. "DRAMsim3" is
// HBM2_8Gb_x128.ini as shipped with PIMeval (UVA-LavaLab, 40ce162).
#pragma once

#include "dram_pim_operations.hpp"

#include <imbrex/plugin/params.hpp>

namespace imbrex::dram_pim {

struct Config {
  Preset preset = Preset::simdram;
  std::int64_t stacks = 1;
  std::int64_t channels = 8;
  std::int64_t banks = 16;
  std::int64_t rows = 32768;
  std::int64_t columns = 8192;
  double t_ck_ns = 1;
  double t_ras_ns = 33;
  double t_rp_ns = 14;
  double t_rcd_ns = 14;
  double t_cl_ns = 14;
  double t_wr_ns = 16;
  std::int64_t t_ccd_s_cycles = 2;
  std::int64_t t_ccd_l_cycles = 4;
  std::int64_t burst_length = 4;
  std::int64_t bus_bits = 128;
  bool overlapped_activation = true;
  double nor_cycle_ns = 1.1;
  double row_operation_ns = 27;
  std::vector<std::int64_t> override_bits;
  std::vector<double> override_add_ns;
  std::vector<double> override_multiply_ns;
  double channel_hop_ns = 10;
  double activation_energy_pj = 909;
  double nor_cycle_energy_pj = 0;
  double bank_energy_pj_per_bit = 1.51;
  double channel_energy_pj_per_bit = 1.17;
  double hop_energy_pj_per_bit = 0.80;
};

// In the order of Preset.
inline constexpr std::string_view kPresets[] = {"simdram", "bitsimd", "nor", "optipim"};

inline constexpr double kMaxNs = 1e9;
inline constexpr double kMaxPj = 1e12;
inline constexpr ParamSpec kParams[] = {
    choice<&Config::preset>(
        "preset",
        "Operation table: simdram: majority logic by triple-row activation (Ambit, SIMDRAM; "
        "command counts from MIMDRAM's micro-programs); bitsimd: logic and latches at the sense "
        "amplifiers (counts from PIMeval); nor: NOR logic in resistive memory (FloatPIM, recalled)"
        "; optipim: triple-row activation as OptiPIM (ISCA 2025) counts and times it, 2.82 to 2.95 "
        "times faster than simdram at 16 bits",
        kPresets),
    param<&Config::stacks>("stacks", "Memory stacks. Default 1: an assumption")
        .unit("stack")
        .range(1, 1024),
    param<&Config::channels>("channels", "Channels of one stack. Default 8: HBM2 (DRAMsim3)")
        .unit("channel")
        .range(1, 1024),
    param<&Config::banks>("banks",
                          "Banks of one channel. Default 16: 4 groups of 4, HBM2 (DRAMsim3)")
        .unit("bank")
        .range(1, 4096),
    param<&Config::rows>("rows", "Rows of one bank. Default 32768: HBM2 8 Gb (DRAMsim3)")
        .unit("row")
        .range(1, 1 << 24),
    param<&Config::columns>(
        "columns", "Bitlines of one bank, each a lane. Default 8192: a 1 KiB row, HBM2 (DRAMsim3)")
        .unit("lane")
        .range(1, 1 << 20),
    param<&Config::t_ck_ns>("t_ck_ns", "Clock period tCK. Default 1 (DRAMsim3)")
        .unit("ns")
        .range(0.001, kMaxNs),
    param<&Config::t_ras_ns>("t_ras_ns", "Activation to precharge tRAS. Default 33 (DRAMsim3)")
        .unit("ns")
        .range(0.001, kMaxNs),
    param<&Config::t_rp_ns>("t_rp_ns", "Precharge tRP. Default 14 (DRAMsim3)")
        .unit("ns")
        .range(0, kMaxNs),
    param<&Config::t_rcd_ns>("t_rcd_ns", "Activation to column access tRCD. Default 14 (DRAMsim3)")
        .unit("ns")
        .range(0, kMaxNs),
    param<&Config::t_cl_ns>("t_cl_ns", "Column access latency CL. Default 14 (DRAMsim3)")
        .unit("ns")
        .range(0, kMaxNs),
    param<&Config::t_wr_ns>("t_wr_ns",
                            "Write recovery tWR, used by bitsimd row writes. Default 16 (DRAMsim3)")
        .unit("ns")
        .range(0, kMaxNs),
    param<&Config::t_ccd_s_cycles>(
        "t_ccd_s_cycles",
        "tCCD_S: bursts of different bank groups follow one another this far apart, which gives "
        "the bandwidth of a channel. Default 2 (DRAMsim3)")
        .unit("cycle")
        .range(1, 1 << 20),
    param<&Config::t_ccd_l_cycles>(
        "t_ccd_l_cycles",
        "tCCD_L: bursts of one bank follow one another this far apart, which gives the bandwidth "
        "of a bank. Default 4 (DRAMsim3)")
        .unit("cycle")
        .range(1, 1 << 20),
    param<&Config::burst_length>("burst_length",
                                 "Transfers of `bus_bits` per burst. Default 4 (DRAMsim3)")
        .range(1, 1024),
    param<&Config::bus_bits>("bus_bits", "Width of a channel. Default 128: HBM2 (DRAMsim3)")
        .unit("bit")
        .range(1, 1 << 20),
    param<&Config::overlapped_activation>(
        "overlapped_activation",
        "Whether the second activation of an AAP overlaps the first: tRAS + tRP + 4 ns, else 2 "
        "tRAS + tRP. Default true: Ambit (recalled)"),
    param<&Config::nor_cycle_ns>("nor_cycle_ns",
                                 "One cycle of preset \"nor\". Default 1.1: FloatPIM (recalled)")
        .unit("ns")
        .range(0.001, kMaxNs),
    param<&Config::row_operation_ns>(
        "row_operation_ns",
        "One operation on rows of preset \"optipim\". Default 27: OptiPIM, HBM3 (data/dram.json)")
        .unit("ns")
        .range(0.001, kMaxNs),
    param<&Config::override_bits>(
        "override_bits",
        "Operand widths whose operations take the times of `override_add_ns` and "
        "`override_multiply_ns` instead of the preset's; all three have the same length")
        .unit("bit")
        .range(1, kMaxOperandBits),
    param<&Config::override_add_ns>("override_add_ns", "Addition, one time per `override_bits`")
        .unit("ns")
        .range(0.001, kMaxNs),
    param<&Config::override_multiply_ns>("override_multiply_ns",
                                         "Multiplication, one time per `override_bits`")
        .unit("ns")
        .range(0.001, kMaxNs),
    param<&Config::channel_hop_ns>(
        "channel_hop_ns", "Added latency from one channel to another. Default 10: an assumption")
        .unit("ns")
        .range(0, kMaxNs),
    param<&Config::activation_energy_pj>(
        "activation_energy_pj",
        "One activation of a row, precharge included. Default 909: HBM2, O'Connor et al., "
        "Fine-Grained DRAM, MICRO 2017 (recalled)")
        .unit("pJ")
        .range(0, kMaxPj),
    param<&Config::nor_cycle_energy_pj>(
        "nor_cycle_energy_pj", "One cycle of preset \"nor\" on all lanes. Default 0: not modelled")
        .unit("pJ")
        .range(0, kMaxPj),
    param<&Config::bank_energy_pj_per_bit>(
        "bank_energy_pj_per_bit",
        "Column access, between sense amplifiers and the bank's edge. Default 1.51: HBM2, as for "
        "`activation_energy_pj`")
        .unit("pJ/bit")
        .range(0, kMaxPj),
    param<&Config::channel_energy_pj_per_bit>(
        "channel_energy_pj_per_bit",
        "Between bank and channel. Default 1.17: HBM2, as for `activation_energy_pj`")
        .unit("pJ/bit")
        .range(0, kMaxPj),
    param<&Config::hop_energy_pj_per_bit>(
        "hop_energy_pj_per_bit",
        "From one channel to another. Default 0.8: HBM2 input and output, as for "
        "`activation_energy_pj`")
        .unit("pJ/bit")
        .range(0, kMaxPj),
};

}  // namespace imbrex::dram_pim
