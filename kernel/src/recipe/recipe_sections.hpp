// The places of a recipe that take components, and which kinds each of them takes.
#pragma once

#include <imbrex/plugin/component.hpp>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace imbrex::recipe {

struct Section {
  std::string_view key;     // as overrides write it
  std::string_view header;  // as the recipe writes it; "[[...]]": a list
  std::span<const Kind> kinds;

  constexpr bool takes(Kind kind) const noexcept {
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
  }
  constexpr bool is_list() const noexcept { return header.starts_with("[["); }
};

inline constexpr std::array kWorkloadKinds = {Kind::workload_reader};
inline constexpr std::array kArchitectureKinds = {Kind::architecture_model};
inline constexpr std::array kCostKinds = {Kind::cost_model};
inline constexpr std::array kStageKinds = {Kind::partitioner, Kind::search_strategy,
                                           Kind::overlap_analyzer};
inline constexpr std::array kReportKinds = {Kind::reporter};

inline constexpr Section kWorkloadSection = {"workload", "[workload]", kWorkloadKinds};
inline constexpr Section kArchitectureSection = {"architecture", "[architecture]",
                                                 kArchitectureKinds};
inline constexpr Section kCostSection = {"cost", "[cost]", kCostKinds};
inline constexpr Section kStageSection = {"stage", "[[stage]]", kStageKinds};
inline constexpr Section kReportSection = {"report", "[[report]]", kReportKinds};

inline constexpr std::array<Section, 5> kSections = {kWorkloadSection, kArchitectureSection,
                                                     kCostSection, kStageSection, kReportSection};

// Where a component of this kind stands.
constexpr const Section& section_of(Kind kind) noexcept {
  return *std::find_if(kSections.begin(), kSections.end(),
                       [kind](const Section& section) { return section.takes(kind); });
}

}  // namespace imbrex::recipe
