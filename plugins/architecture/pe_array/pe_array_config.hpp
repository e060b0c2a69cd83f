// The parameters of imbrex.architecture.pe-array.
#pragma once

#include <imbrex/plugin.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace imbrex::pe_array {

struct Config {
  std::int64_t rows = 32;
  std::int64_t columns = 32;
  std::int64_t macs_per_pe = 8;
  std::int64_t cycles_per_mac = 1;
  double cycle_ns = 1;
  double mac_energy_pj = 0;
  std::int64_t word_bits = 8;
  std::vector<std::string> level_names{"DRAM", "global_buffer", "register_file"};
  std::vector<std::int64_t> level_words{0, 1 << 20, 512};
  std::vector<std::int64_t> level_instances{};
  std::vector<std::string> level_per{};
  std::vector<double> level_read_words_per_cycle{64, 32, 0};
  std::vector<double> level_write_words_per_cycle{64, 32, 0};
  std::vector<double> level_latency_cycles{};
  std::vector<double> level_energy_pj_per_word{};
  std::vector<double> level_write_energy_pj_per_word{};
  TopologyKind topology = TopologyKind::mesh;
  std::int64_t express_length = 0;
  double link_words_per_cycle = 1;
  double hop_cycles = 1;
  double wire_energy_pj_per_word = 0;
  double router_energy_pj_per_word = 0;
  std::int64_t retained_words = 0;
};

inline constexpr ParamSpec kParams[] = {
    param<&Config::rows>("rows", "Rows of the array. Default 32: recalled, PipeOrgan")
        .unit("PE")
        .range(1, 4096),
    param<&Config::columns>("columns", "Columns of the array. Default 32: recalled, PipeOrgan")
        .unit("PE")
        .range(1, 4096),
    param<&Config::macs_per_pe>(
        "macs_per_pe",
        "Multiply-accumulates of one PE per cycle (width of its dot product). Default 8: recalled")
        .range(1, 4096),
    param<&Config::cycles_per_mac>(
        "cycles_per_mac",
        "Cycles between two multiply-accumulates of one MAC: more than 1 for digit-serial ones, or "
        "where an operand is wider than the multiplier. Default 1")
        .unit("cycle")
        .range(1, 1e6),
    param<&Config::cycle_ns>(
        "cycle_ns",
        "Clock period, exact also where it is no whole number of picoseconds. Default 1: an "
        "assumption")
        .unit("ns")
        .range(0.001, 1e6),
    param<&Config::mac_energy_pj>(
        "mac_energy_pj", "Energy of one multiply-accumulate. Default 0: energy is not modelled")
        .unit("pJ")
        .range(0, 1e12),
    param<&Config::word_bits>("word_bits", "Width of the words that the other parameters count")
        .unit("bit")
        .range(1, 1024),
    param<&Config::level_names>(
        "level_names",
        "Storage levels, outermost first. The first is the external memory; the last sits at the "
        "MACs"),
    param<&Config::level_words>(
        "level_words",
        "Capacity of one instance of each level; 0: unbounded or, for a level that "
        "keeps nothing, none. Default: 1 MiB and 512 B, assumptions")
        .unit("word")
        .at_least(0),
    param<&Config::level_instances>(
        "level_instances",
        "Instances of each level, each number a multiple of the one before. 0 or left out: as "
        "'level_per' says or, without it, one per PE of the last level and as many as the level "
        "outside has of any other")
        .at_least(0),
    param<&Config::level_per>(
        "level_per",
        "What each level has one instance per: chip, row, column, PE or MAC. So instances follow "
        "rows, columns and macs_per_pe"),
    param<&Config::level_read_words_per_cycle>("level_read_words_per_cycle",
                                               "Read bandwidth of one instance; 0: unbounded")
        .unit("word/cycle")
        .range(0, 1e12),
    param<&Config::level_write_words_per_cycle>("level_write_words_per_cycle",
                                                "Write bandwidth of one instance; 0: unbounded")
        .unit("word/cycle")
        .range(0, 1e12),
    param<&Config::level_latency_cycles>(
        "level_latency_cycles",
        "Cycles from asking a level for a tile to its first word; nothing else passes its port "
        "meanwhile. An empty list: none, as in most published models")
        .unit("cycle")
        .range(0, 1e9),
    param<&Config::level_energy_pj_per_word>(
        "level_energy_pj_per_word",
        "Energy of one access at each level; an empty list: energy is not modelled")
        .unit("pJ")
        .range(0, 1e12),
    param<&Config::level_write_energy_pj_per_word>(
        "level_write_energy_pj_per_word",
        "Energy of one write at each level, where it is not that of a read; an empty list: "
        "'level_energy_pj_per_word' is both")
        .unit("pJ")
        .range(0, 1e12),
    choice<&Config::topology>("topology", "Links between the processing elements", kTopologyNames),
    param<&Config::express_length>("express_length",
                                   "Length of the express links of an AMP; 0: by its rule")
        .unit("PE")
        .range(0, 4096),
    param<&Config::link_words_per_cycle>(
        "link_words_per_cycle",
        "Bandwidth of a link between elements, each way; 0: unbounded. Default 1: an assumption")
        .unit("word/cycle")
        .range(0, 1e12),
    param<&Config::hop_cycles>(
        "hop_cycles", "Time until the first word is one link further. Default 1: an assumption")
        .unit("cycle")
        .range(0, 1e6),
    param<&Config::wire_energy_pj_per_word>(
        "wire_energy_pj_per_word",
        "Energy of a word on a wire as long as the distance between neighbours")
        .unit("pJ")
        .range(0, 1e12),
    param<&Config::router_energy_pj_per_word>("router_energy_pj_per_word",
                                              "Energy of a word per link it takes")
        .unit("pJ")
        .range(0, 1e12),
    param<&Config::retained_words>(
        "retained_words",
        "Tensors of at most so many words wait on the chip between segments, not in external "
        "memory; 0: none does")
        .unit("word")
        .range(0, std::int64_t{1} << 50),
};

}  // namespace imbrex::pe_array
