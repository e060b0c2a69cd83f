// The records of an experiment, found by the levels of their points.
#pragma once

#include "experiment/tables.hpp"

#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace imbrex::experiment {

// The records by the levels of their points.
class RecordLookup {
 public:
  RecordLookup(const ExperimentPlan& plan, const Records& records) {
    for (const PlannedPoint& point : plan.points) {
      const auto& record = records[point.plan];
      by_levels_.emplace(point.point.levels, record ? &*record : nullptr);
    }
  }

  const PointRecord* at(const std::vector<std::size_t>& levels) const {
    const auto found = by_levels_.find(levels);
    return found == by_levels_.end() ? nullptr : found->second;
  }

 private:
  std::map<std::vector<std::size_t>, const PointRecord*> by_levels_;
};

// Nothing for a null record, an absent quantity, or a text.
inline std::optional<double> number_of(const PointRecord* record, std::string_view metric) {
  const Quantity* const quantity = record == nullptr ? nullptr : record->find(metric);
  if (quantity == nullptr) {
    return std::nullopt;
  }
  if (const auto* const integer = std::get_if<std::int64_t>(quantity)) {
    return static_cast<double>(*integer);
  }
  const auto* const real = std::get_if<double>(quantity);
  return real == nullptr ? std::nullopt : std::optional(*real);
}

}  // namespace imbrex::experiment
