// File: pe_array.cpp
//
// imbrex.architecture.pe-array: a two-dimensional array of processing elements under a hierarchy of
// storage levels (specification pipeorgan section 2.1). Levels are given outermost first as lists
// of equal length; presets live in configs/architectures.
#include <imbrex/plugin.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace {

using imbrex::Architecture;
using imbrex::Demand;
using imbrex::TopologyKind;
using imbrex::Verdict;

struct Config {
  std::int64_t rows = 32;
  std::int64_t columns = 32;
  std::int64_t macs_per_pe = 8;
  double cycle_ns = 1;
  double mac_energy_pj = 0;
  std::int64_t word_bits = 8;
  std::vector<std::string> level_names{"DRAM", "global_buffer", "register_file"};
  std::vector<std::int64_t> level_words{0, 1 << 20, 512};
  std::vector<std::int64_t> level_instances{1, 1, 1024};
  std::vector<double> level_read_words_per_cycle{64, 32, 0};
  std::vector<double> level_write_words_per_cycle{64, 32, 0};
  std::vector<double> level_energy_pj_per_word{};
  TopologyKind topology = TopologyKind::mesh;
  std::int64_t express_length = 0;
  double link_words_per_cycle = 1;
  double hop_cycles = 1;
  double wire_energy_pj_per_word = 0;
  double router_energy_pj_per_word = 0;
  std::int64_t retained_words = 0;
};

constexpr imbrex::ParamSpec kParams[] = {
    imbrex::param<&Config::rows>("rows", "Rows of the array. Default 32: recalled, PipeOrgan")
        .unit("PE")
        .range(1, 4096),
    imbrex::param<&Config::columns>("columns",
                                    "Columns of the array. Default 32: recalled, PipeOrgan")
        .unit("PE")
        .range(1, 4096),
    imbrex::param<&Config::macs_per_pe>(
        "macs_per_pe",
        "Multiply-accumulates of one PE per cycle (width of its dot product). Default 8: recalled")
        .range(1, 4096),
    imbrex::param<&Config::cycle_ns>("cycle_ns",
                                     "Clock period, exact also where it is no whole number of "
                                     "picoseconds. Default 1: an assumption")
        .unit("ns")
        .range(0.001, 1e6),
    imbrex::param<&Config::mac_energy_pj>(
        "mac_energy_pj", "Energy of one multiply-accumulate. Default 0: energy is not modelled")
        .unit("pJ")
        .range(0, 1e12),
    imbrex::param<&Config::word_bits>("word_bits",
                                      "Width of the words that the other parameters count")
        .unit("bit")
        .range(1, 1024),
    imbrex::param<&Config::level_names>("level_names",
                                        "Storage levels, outermost first. The first is the "
                                        "external memory; the last sits at the MACs"),
    imbrex::param<&Config::level_words>(
        "level_words",
        "Capacity of one instance of each level; 0: unbounded or, for a level that "
        "keeps nothing, none. Default: 1 MiB and 512 B, assumptions")
        .unit("word")
        .at_least(0),
    imbrex::param<&Config::level_instances>(
        "level_instances", "Instances of each level; each number is a multiple of the one before")
        .at_least(1),
    imbrex::param<&Config::level_read_words_per_cycle>(
        "level_read_words_per_cycle", "Read bandwidth of one instance; 0: unbounded")
        .unit("word/cycle")
        .range(0, 1e12),
    imbrex::param<&Config::level_write_words_per_cycle>(
        "level_write_words_per_cycle", "Write bandwidth of one instance; 0: unbounded")
        .unit("word/cycle")
        .range(0, 1e12),
    imbrex::param<&Config::level_energy_pj_per_word>(
        "level_energy_pj_per_word",
        "Energy of one access at each level; an empty list: energy is not modelled")
        .unit("pJ")
        .range(0, 1e12),
    imbrex::choice<&Config::topology>("topology", "Links between the processing elements",
                                      imbrex::kTopologyNames),
    imbrex::param<&Config::express_length>("express_length",
                                           "Length of the express links of an AMP; 0: by its rule")
        .unit("PE")
        .range(0, 4096),
    imbrex::param<&Config::link_words_per_cycle>(
        "link_words_per_cycle",
        "Bandwidth of a link between elements, each way; 0: unbounded. Default 1: an assumption")
        .unit("word/cycle")
        .range(0, 1e12),
    imbrex::param<&Config::hop_cycles>(
        "hop_cycles", "Time until the first word is one link further. Default 1: an assumption")
        .unit("cycle")
        .range(0, 1e6),
    imbrex::param<&Config::wire_energy_pj_per_word>(
        "wire_energy_pj_per_word",
        "Energy of a word on a wire as long as the distance between neighbours")
        .unit("pJ")
        .range(0, 1e12),
    imbrex::param<&Config::router_energy_pj_per_word>("router_energy_pj_per_word",
                                                      "Energy of a word per link it takes")
        .unit("pJ")
        .range(0, 1e12),
    imbrex::param<&Config::retained_words>(
        "retained_words",
        "Tensors of at most so many words wait on the chip between segments, not in external "
        "memory; 0: none does")
        .unit("word")
        .range(0, std::int64_t{1} << 50),
};

void require_length(std::string_view name, std::size_t length, std::size_t levels) {
  if (length != levels) {
    throw imbrex::InputError("parameter '" + std::string(name) + "' has " + std::to_string(length) +
                             " entries, 'level_names' has " + std::to_string(levels) +
                             ": one per level");
  }
}

class PeArray final : public imbrex::ArchitectureModel {
 public:
  PeArray(const Config& config, const imbrex::Context&) : config_(config) {
    check();
    describe_levels();
    describe_pe();
    pool_ = {"PE", config_.rows * config_.columns, 1};
    architecture_.name = "PE array";
    architecture_.levels = levels_;
    architecture_.units = {&pe_, 1};
    architecture_.resources = {&pool_, 1};
    architecture_.grid = {config_.rows, config_.columns};
    architecture_.links = links();
    architecture_.replacement.retained_bits = config_.retained_words * config_.word_bits;
  }

  const Architecture& view() const noexcept override { return architecture_; }
  Verdict fits(const Demand& total) const noexcept override {
    return total.units <= pool_.count ? Verdict::feasible : Verdict::infeasible;
  }

 private:
  void check() const {
    const std::size_t levels = config_.level_names.size();
    if (levels < 2) {
      throw imbrex::InputError(
          "parameter 'level_names' needs at least two levels, an external memory and one on chip");
    }
    require_length("level_words", config_.level_words.size(), levels);
    require_length("level_instances", config_.level_instances.size(), levels);
    require_length("level_read_words_per_cycle", config_.level_read_words_per_cycle.size(), levels);
    require_length("level_write_words_per_cycle", config_.level_write_words_per_cycle.size(),
                   levels);
    if (!config_.level_energy_pj_per_word.empty()) {
      require_length("level_energy_pj_per_word", config_.level_energy_pj_per_word.size(), levels);
    }
    for (std::size_t l = 0; l < levels; ++l) {
      const std::int64_t next = l + 1 < levels
                                    ? config_.level_instances[l + 1]
                                    : config_.rows * config_.columns * config_.macs_per_pe;
      if (next % config_.level_instances[l] != 0) {
        throw imbrex::InputError("level '" + config_.level_names[l] + "' has " +
                                 std::to_string(config_.level_instances[l]) +
                                 " instances, which do not divide the " + std::to_string(next) +
                                 (l + 1 < levels ? " of '" + config_.level_names[l + 1] + "'"
                                                 : std::string(" MACs of the array")));
      }
    }
  }

  void describe_levels() {
    const double bits_per_ps = static_cast<double>(config_.word_bits) / cycle_ps();
    for (std::size_t l = 0; l < config_.level_names.size(); ++l) {
      imbrex::StorageLevel level;
      level.name = config_.level_names[l];
      level.instances = config_.level_instances[l];
      level.capacity_bits = config_.level_words[l] * config_.word_bits;
      level.read_bits_per_ps = config_.level_read_words_per_cycle[l] * bits_per_ps;
      level.write_bits_per_ps = config_.level_write_words_per_cycle[l] * bits_per_ps;
      if (!config_.level_energy_pj_per_word.empty()) {
        level.read_energy_pj_per_bit =
            config_.level_energy_pj_per_word[l] / static_cast<double>(config_.word_bits);
        level.write_energy_pj_per_bit = level.read_energy_pj_per_bit;
      }
      level.provenance = "the recipe; defaults are assumptions";
      levels_.push_back(level);
    }
  }

  void describe_pe() {
    pe_.name = "PE";
    pe_.kind = imbrex::UnitKind::mac_array;
    pe_.rows = config_.rows;
    pe_.columns = config_.columns * config_.macs_per_pe;
    pe_.operation_ps = std::max<std::int64_t>(1, std::llround(cycle_ps()));
    pe_.period_ps = cycle_ps();
    pe_.operation_energy_pj = config_.mac_energy_pj;
    pe_.provenance = "the recipe; 32 x 32 PEs of 8 MACs: PipeOrgan (recalled)";
  }

  imbrex::ElementLinks links() const {
    imbrex::ElementLinks links;
    links.word_bits = config_.word_bits;
    links.topology = config_.topology;
    links.express_length = static_cast<std::int32_t>(config_.express_length);
    links.words_per_ps = config_.link_words_per_cycle / cycle_ps();
    links.hop_ps = std::llround(config_.hop_cycles * cycle_ps());
    links.wire_energy_pj_per_word = config_.wire_energy_pj_per_word;
    links.router_energy_pj_per_word = config_.router_energy_pj_per_word;
    links.provenance = "the recipe; defaults are assumptions";
    return links;
  }

  double cycle_ps() const noexcept { return config_.cycle_ns * 1000; }

  Config config_;
  std::vector<imbrex::StorageLevel> levels_;
  imbrex::ComputeUnit pe_;
  imbrex::ResourcePool pool_;
  Architecture architecture_;
};

constexpr imbrex::Component kComponents[] = {
    imbrex::component<PeArray, Config>(
        "imbrex.architecture.pe-array",
        "A two-dimensional array of processing elements under a hierarchy of storage levels",
        kParams)
        .provides(imbrex::Trait::weight_replacement | imbrex::Trait::mac_array |
                  imbrex::Trait::links)
        .cites("Garg et al., PipeOrgan, arXiv:2405.01736; specification pipeorgan section 2.1")};

}  // namespace

IMBREX_PLUGIN("imbrex.architecture.pe-array", "0.1.0", "Arrays of processing elements",
              "Apache-2.0", kComponents)
