// imbrex.architecture.pe-array: a two-dimensional array of processing elements under a hierarchy of
// storage levels (specification pipeorgan section 2.1). Levels are given outermost first as lists
// of equal length; presets live in configs/architectures.
#include "pe_array_config.hpp"
#include "pe_array_levels.hpp"

#include <imbrex/plugin.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace imbrex::pe_array {
namespace {

class PeArray final : public ArchitectureModel {
 public:
  PeArray(const Config& config, const Context& context)
      : config_(config), levels_(pe_array::levels_of(config_)) {
    const std::string warning = pe_array::instances_warning(config_);
    if (!warning.empty() && context.host != nullptr) {
      context.host->log(LogLevel::warning, warning);
    }
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
  void describe_pe() {
    pe_.name = "PE";
    pe_.kind = UnitKind::mac_array;
    pe_.rows = config_.rows;
    pe_.columns = config_.columns * config_.macs_per_pe;
    pe_.period_ps = cycle_ps() * static_cast<double>(config_.cycles_per_mac);
    pe_.operation_ps = std::max<std::int64_t>(1, std::llround(pe_.period_ps));
    pe_.operation_energy_pj = config_.mac_energy_pj;
    pe_.provenance = "the recipe; 32 x 32 PEs of 8 MACs: PipeOrgan (recalled)";
  }

  ElementLinks links() const {
    ElementLinks links;
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
  std::vector<StorageLevel> levels_;
  ComputeUnit pe_;
  ResourcePool pool_;
  Architecture architecture_;
};

constexpr Component kComponents[] = {
    component<PeArray, Config>(
        "imbrex.architecture.pe-array",
        "A two-dimensional array of processing elements under a hierarchy of storage levels",
        pe_array::kParams)
        .provides(Trait::weight_replacement | Trait::mac_array | Trait::links)
        .cites("Garg et al., PipeOrgan, arXiv:2405.01736")};

}  // namespace

IMBREX_PLUGIN("imbrex.architecture.pe-array", "0.1.0", "Arrays of processing elements",
              "Apache-2.0", kComponents)

}  // namespace imbrex::pe_array
