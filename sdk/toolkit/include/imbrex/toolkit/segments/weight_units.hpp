// From a network to the units that segments are cut from, and which spans of them fit the chip
// (specification compass sections 3 and 4). Pure. [any thread]
#pragma once

#include <imbrex/values/segments.hpp>

#include <string>
#include <vector>

namespace imbrex::segments {

// Cuts every operator with constant weights along its output channels into as few units as fit a
// core each: max(1, floor(per_core / row tiles)) column tiles per unit, so that a single column
// tile which exceeds a core still makes a unit (it straddles cores). Grouped operators are cut
// between groups, chains of jobs (`Operator::chain`) not at all. Units follow the workload's
// operator order. O(units). On an array of processing elements every operator with
// multiply-accumulates is one unit, as large as a column of the array: more layers than columns
// never share it. `fit_core` says nothing there. Errors: InputError when the architecture computes
// on something else or no operator has constant weights (multiply-accumulates); with `fit_core`,
// InfeasibleError naming the first unit larger than a core. The result views the workload.
UnitSequence decompose(const Workload& workload, const Architecture& architecture,
                       bool fit_core = false);

// Per first unit a, the largest b such that units [a, b) fit the chip together, one copy each;
// non-decreasing. O(units). Errors: InfeasibleError naming the first unit that exceeds the chip.
std::vector<std::int32_t> largest_ends(const UnitSequence& sequence);

// In how many ways the sequence can be cut into spans that fit, as a decimal number of any length.
// `ends` as from `largest_ends`. O(units) additions.
std::string number_of_groups(std::span<const std::int32_t> ends);

// What computes these channels of the unit's operator, as loop bounds of its own: K, or G and K.
DimBox unit_box(const Operator& op, const Interval& channels) noexcept;

}  // namespace imbrex::segments
