// File: component_index.hpp
//
// Numbers that tell the components of one run apart when random streams are derived. Fixed per
// role, so that adding a stage or a report does not renumber the others' randomness.
#pragma once

#include <cstddef>
#include <cstdint>

namespace imbrex {

// The main chain and the baseline draw different numbers.
enum class ChainRole : std::uint32_t { main = 0, baseline = 0x10000 };

inline constexpr std::uint32_t kWorkloadIndex = 0;

constexpr std::uint32_t architecture_index(ChainRole role) noexcept {
  return static_cast<std::uint32_t>(role) + 1;
}
constexpr std::uint32_t cost_index(ChainRole role) noexcept {
  return static_cast<std::uint32_t>(role) + 2;
}
constexpr std::uint32_t stage_index(ChainRole role, std::size_t stage) noexcept {
  return static_cast<std::uint32_t>(role) + 16 + static_cast<std::uint32_t>(stage);
}
constexpr std::uint32_t report_index(std::size_t report) noexcept {
  return 0x20000 + static_cast<std::uint32_t>(report);
}

}  // namespace imbrex
