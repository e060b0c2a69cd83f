// The parameters of imbrex.architecture.sram-cim, where each number comes from, and its presets.
#pragma once

#include <imbrex/plugin/params.hpp>

namespace imbrex::sram_cim {

// In the order of kPresets. Specification section 1, table.
enum class Preset : std::uint8_t { none, compass_s, compass_m, compass_l };
inline constexpr std::string_view kPresets[] = {"none", "compass-s", "compass-m", "compass-l"};

struct Config {
  Preset preset = Preset::none;
  std::int64_t cores = 0;
  std::int64_t crossbars_per_core = 0;
  std::int64_t rows = 256;
  std::int64_t columns = 256;
  std::int64_t bits_per_cell = 1;
  std::int64_t weight_bits = 4;
  double mvm_interval_ns = 120;
  double mvm_energy_pj = 650;
  double weight_bytes_per_ns = 6.7;
  double weight_write_ns = 1550;
  double data_ns_per_byte = 0.072;
  double bus_ns_per_byte = 0.164;
  double external_energy_pj_per_byte = 36;
  double crossbar_write_energy_pj = 12000;
  double bus_energy_pj_per_byte = 0;
  double core_power_mw = 0;
  std::int64_t local_memory_bytes = 64 << 10;
  std::int64_t external_memory_bytes = std::int64_t{8} << 30;
};

struct Cores {
  std::int64_t count = 0;
  std::int64_t crossbars = 0;
};
// Of the preset, or as given. Errors: InputError when both or neither say it.
Cores cores_of(const Config& config);

inline constexpr double kMost = 1e12;
inline constexpr ParamSpec kParams[] = {
    choice<&Config::preset>(
        "preset",
        "Cores and crossbars of one of the COMPASS paper's chips (table I): compass-s 16 x 9, "
        "compass-m 16 x 16, compass-l 36 x 16; cannot be combined with `cores` and "
        "`crossbars_per_core`",
        kPresets),
    param<&Config::cores>("cores", "Cores on the chip; 0: as the preset says").range(0, 1 << 20),
    param<&Config::crossbars_per_core>("crossbars_per_core",
                                       "Crossbars in a core; 0: as the preset says")
        .unit("crossbar")
        .range(0, 1 << 20),
    param<&Config::rows>("rows", "Crossbar rows, one input each. Default: COMPASS, section IV-A1")
        .unit("row")
        .range(1, 1 << 20),
    param<&Config::columns>("columns", "Crossbar columns of cells. Default: COMPASS, section IV-A1")
        .unit("column")
        .range(1, 1 << 20),
    param<&Config::bits_per_cell>(
        "bits_per_cell",
        "Bits of a weight that one cell holds. Default 1: the paper's capacities come out only so")
        .unit("bit")
        .range(1, 64),
    param<&Config::weight_bits>(
        "weight_bits",
        "Width of weights that the columns are arranged for. Default 4: COMPASS, "
        "section IV-A2")
        .unit("bit")
        .range(1, 64),
    param<&Config::mvm_interval_ns>(
        "mvm_interval_ns",
        "Time from one output position of an operator to the next, all of its crossbars firing. "
        "Default: fitted to COMPASS, figure 6 (PIMCOMP uses 200 ns)")
        .unit("ns")
        .range(0.001, kMost),
    param<&Config::mvm_energy_pj>(
        "mvm_energy_pj",
        "Energy of one matrix-vector product on one crossbar. Default: derived from COMPASS, "
        "figures 8 and 9 (70 to 100 uJ over 130960 products)")
        .unit("pJ")
        .range(0, kMost),
    param<&Config::weight_bytes_per_ns>(
        "weight_bytes_per_ns",
        "Effective bandwidth of external memory for weights; 0: unbounded. Default: fitted to "
        "COMPASS, figure 6 (LPDDR3-1600 peaks at 12.8)")
        .unit("B/ns")
        .range(0, kMost),
    param<&Config::weight_write_ns>("weight_write_ns",
                                    "Time of writing a segment's crossbars that its weight load "
                                    "does not hide. Default: fitted, "
                                    "weakly determined (256 rows of about 6 ns)")
        .unit("ns")
        .range(0, kMost),
    param<&Config::data_ns_per_byte>(
        "data_ns_per_byte",
        "Time of loading or storing data at segment borders. Default: fitted, 0.036 ns per 4-bit "
        "element")
        .unit("ns/B")
        .range(0, kMost),
    param<&Config::bus_ns_per_byte>("bus_ns_per_byte",
                                    "Time on the bus of the inputs of every output position "
                                    "(window-expanded). Default: fitted, "
                                    "0.082 ns per 4-bit element")
        .unit("ns/B")
        .range(0, kMost),
    param<&Config::external_energy_pj_per_byte>(
        "external_energy_pj_per_byte",
        "Energy of moving a byte of weights or data to or from external memory. Default: derived "
        "from COMPASS, figure 9; currents of DRAMsim3's LPDDR3 file give 43 for reads")
        .unit("pJ/B")
        .range(0, kMost),
    param<&Config::crossbar_write_energy_pj>(
        "crossbar_write_energy_pj",
        "Energy of writing one crossbar (8 kB). Default: derived from COMPASS, figure 9, within a "
        "factor of 2")
        .unit("pJ")
        .range(0, kMost),
    param<&Config::bus_energy_pj_per_byte>(
        "bus_energy_pj_per_byte", "Energy of a byte on the bus. Default 0: nothing is published")
        .unit("pJ/B")
        .range(0, kMost),
    param<&Config::core_power_mw>(
        "core_power_mw",
        "Power of a core at all times. Default 0: 48.8 (COMPASS, table I: VFU, local memory and "
        "control) would alone exceed the energies of its figure 8")
        .unit("mW")
        .range(0, kMost),
    param<&Config::local_memory_bytes>(
        "local_memory_bytes",
        "Local memory of a core; described, not checked. Default: COMPASS, table I")
        .unit("B")
        .range(0, 9e15),
    param<&Config::external_memory_bytes>(
        "external_memory_bytes",
        "External memory; described, not checked. Default: COMPASS, section IV-A1")
        .unit("B")
        .range(0, 9e15),
};

}  // namespace imbrex::sram_cim
