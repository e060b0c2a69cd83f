// All checks, by group, in the order in which they are listed. Constant data.
#pragma once

#include "check.hpp"

#include <span>
#include <vector>

namespace imbrex::conform {

std::span<const Check> library_checks();
std::span<const Check> metadata_checks();
std::span<const Check> parameter_checks();
std::span<const Check> lifecycle_checks();
std::span<const Check> determinism_checks();
std::span<const Check> error_checks();
std::span<const Check> workload_checks();
std::span<const Check> architecture_checks();
std::span<const Check> cost_checks();
std::span<const Check> cost_time_checks();
std::span<const Check> mapping_checks();
std::span<const Check> segment_checks();
std::span<const Check> decision_checks();
std::span<const Check> overlap_checks();
std::span<const Check> report_checks();
std::span<const Check> performance_checks();

std::vector<const Check*> all_checks();

// Does it ask what only components of some kind promise, rather than what all do?
bool is_law(const Check& check) noexcept;

}  // namespace imbrex::conform
