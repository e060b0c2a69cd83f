// Components that only have parameters and traits: what resolving a recipe needs, without a plugin.
#pragma once

#include "recipe/component_lookup.hpp"

#include <imbrex/toolkit/spatial/pipeline_granularity.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace imbrex::test {

struct WorkloadConfig {
  Path file;
  Path weights;
  std::vector<NamedInteger> bind;
};
inline constexpr ParamSpec kWorkloadParams[] = {
    param<&WorkloadConfig::file>("file", "The network").mandatory(),
    param<&WorkloadConfig::weights>("weights", "Weights kept in a file of their own"),
    param<&WorkloadConfig::bind>("bind", "Values of symbolic dimensions").range(0, 4096)};

struct ArchitectureConfig {
  std::int64_t rows = 256;
  std::int64_t extra_pes = 0;
  double clock_ghz = 1;
};
inline constexpr ParamSpec kArchitectureParams[] = {
    param<&ArchitectureConfig::rows>("rows", "Crossbar rows").unit("row").range(1, 65536),
    param<&ArchitectureConfig::extra_pes>("extra_pes", "PEs beyond the minimum")
        .unit("PE")
        .at_least(0),
    param<&ArchitectureConfig::clock_ghz>("clock_ghz", "Clock").unit("GHz").range(0.5, 10)};

enum class Solver : std::uint8_t { bottleneck_stop, bottleneck_skip, min_sum };
inline constexpr std::string_view kSolvers[] = {"bottleneck-stop", "bottleneck-skip", "min-sum"};
struct DuplicationConfig {
  Solver solver = Solver::bottleneck_stop;
};
inline constexpr ParamSpec kDuplicationParams[] = {
    choice<&DuplicationConfig::solver>("solver", "Which layers get copies", kSolvers)};

struct AnnealConfig {
  std::int64_t iterations = 1000;
  double temperature = 10;
  bool restart = false;
  std::string note = "none";
  std::vector<double> schedule{0.5, 0.25};
  std::vector<std::string> labels;
};
inline constexpr ParamSpec kAnnealParams[] = {
    param<&AnnealConfig::iterations>("iterations", "Moves").at_least(1),
    param<&AnnealConfig::temperature>("temperature", "Start").range(0, 100),
    param<&AnnealConfig::restart>("restart", "Start over when stuck"),
    param<&AnnealConfig::note>("note", "Anything"),
    param<&AnnealConfig::schedule>("schedule", "Cooling factors").range(0, 1),
    param<&AnnealConfig::labels>("labels", "Names of the runs")};

enum class Granularity : std::uint8_t { row, rows, block, pixel, layer };
inline constexpr std::string_view kGranularities[] = {"row", "rows", "block", "pixel", "layer"};
struct SetsConfig {
  Granularity granularity = Granularity::row;
  std::int64_t rows = 2;
  std::vector<std::int64_t> block{4, 4};
};
inline constexpr ParamSpec kSetsParams[] = {
    choice<&SetsConfig::granularity>("granularity", "What a job computes", kGranularities),
    param<&SetsConfig::rows>("rows", "Height of a job").unit("row").at_least(1),
    param<&SetsConfig::block>("block", "Height and width of a job").unit("pixel").at_least(1)};

template <class Config>
constexpr Component fake(Kind kind, std::string_view id, std::span<const ParamSpec> params = {}) {
  Component result;
  result.kind = kind;
  result.id = id;
  result.summary = "A fake";
  result.params = params;
  result.new_config = []() -> void* { return new Config(); };
  result.delete_config = [](void* config) noexcept { delete static_cast<Config*>(config); };
  return result;
}

// Sorted by id.
inline constexpr std::array kFakes = {
    fake<NoConfig>(Kind::cost_model, "acme.cost.roofline"),
    fake<NoConfig>(Kind::architecture_model, "imbrex.architecture.pe-array"),
    fake<ArchitectureConfig>(Kind::architecture_model, "imbrex.architecture.tiled-cim",
                             kArchitectureParams)
        .provides(Trait::crossbars | Trait::weight_stationary),
    fake<NoConfig>(Kind::cost_model, "imbrex.cost.crossbar")
        .requires_of_design(Trait::crossbars)
        .provides(Trait::copies),
    fake<SetsConfig>(Kind::overlap_analyzer, "imbrex.overlap.clsa-cim", kSetsParams)
        .provides(Trait::timeline),
    fake<NoConfig>(Kind::overlap_analyzer, "imbrex.overlap.layer-by-layer")
        .provides(Trait::timeline),
    fake<NoConfig>(Kind::overlap_analyzer, "imbrex.overlap.sets")
        .requires_of_design(Trait::mappings)
        .provides(Trait::timeline),
    fake<DuplicationConfig>(Kind::partitioner, "imbrex.partition.weight-duplication",
                            kDuplicationParams)
        .requires_of_design(Trait::copies | Trait::weight_stationary)
        .provides(Trait::placements),
    fake<NoConfig>(Kind::reporter, "imbrex.report.csv"),
    fake<AnnealConfig>(Kind::search_strategy, "imbrex.search.anneal", kAnnealParams)
        .provides(Trait::mappings),
    fake<WorkloadConfig>(Kind::workload_reader, "imbrex.workload.toml", kWorkloadParams),
};

class FakeLookup final : public recipe::ComponentLookup {
 public:
  FakeLookup() {
    for (const Component& component : kFakes) {
      components_.push_back(&component);
    }
  }
  const Component* find(std::string_view id) const override {
    const auto found = std::find_if(components_.begin(), components_.end(),
                                    [&](const Component* c) { return c->id == id; });
    return found == components_.end() ? nullptr : *found;
  }
  std::string not_found_message(std::string_view id) const override {
    std::vector<std::string_view> ids;
    for (const Component* component : components_) {
      ids.push_back(component->id);
    }
    const std::string_view nearest = nearest_name(id, ids);
    std::string message = "no component '" + std::string(id) + "'";
    return nearest.empty() ? message : message + "; did you mean '" + std::string(nearest) + "'?";
  }
  std::span<const Component* const> components() const override { return components_; }

 private:
  std::vector<const Component*> components_;
};

}  // namespace imbrex::test
