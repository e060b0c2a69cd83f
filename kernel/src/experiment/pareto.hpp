// Pareto dominance: which of many points no other one beats, and how much of the space they beat.
#pragma once

#include "experiment/point_record.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace imbrex::experiment {

// One number per metric, turned around where more is better: less is better in all of them.
using Costs = std::vector<double>;

// Nothing when the record is null or does not have all of the metrics as finite numbers.
std::optional<Costs> costs_of(const PointRecord* record, const std::vector<std::string>& metrics);

// As good in all, and better in one.
bool dominates(const Costs& one, const Costs& other) noexcept;

// Those that nobody dominates, by index; in lexicographic order of their costs, equal ones all and
// by index. Complexity: n log n + n times the front.
std::vector<std::size_t> front_of(const std::vector<Costs>& candidates);

// The volume between the points and `reference` that at least one of them dominates (Zitzler and
// Thiele, PPSN 1998); points that are worse than the reference in something count for nothing.
// Complexity: n log n for two objectives, n times as much for each one more.
double hypervolume(std::vector<Costs> points, const Costs& reference);

}  // namespace imbrex::experiment
