// What a sequence of units is to any of its spans, found once for all of them. [any thread]
#pragma once

#include <imbrex/toolkit/segments/replication.hpp>
#include <imbrex/toolkit/segments/segment_traffic.hpp>
#include <imbrex/values/segments.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace imbrex::crossbar_cost {

class UnitFigures {
 public:
  // Of one unit; what stands for its operator is the same in all units of it.
  struct Unit {
    segments::ReplicatedLayer layer;  // of this unit alone
    std::int64_t weight_bits = 0;
    std::int64_t bus_bits = 0;  // of the operator
    std::int64_t products = 0;  // of the operator, windows of the whole batch
    bool continues = false;     // the operator of the unit before it
  };

  // Keeps no reference.
  explicit UnitFigures(const UnitSequence& sequence);

  bool are_of(std::span<const WeightUnit> units) const noexcept;
  const Unit& at(std::int32_t unit) const noexcept {
    return figures_[static_cast<std::size_t>(unit)];
  }
  const segments::SliceTraffic& traffic() const noexcept { return traffic_; }
  std::int64_t batch() const noexcept { return batch_; }

 private:
  std::vector<WeightUnit> units_;
  std::vector<Unit> figures_;
  segments::SliceTraffic traffic_;
  std::int64_t batch_ = 1;
};

// Samples of the batch.
std::int64_t batch_of(const UnitSequence& sequence) noexcept;
// A unit as the layer that it is a part of.
segments::ReplicatedLayer layer_of(const WeightUnit& unit, const Operator& op,
                                   std::int64_t batch) noexcept;

}  // namespace imbrex::crossbar_cost
