#include "unit_figures.hpp"

#include "segment_estimate.hpp"

#include <imbrex/toolkit/segments/weight_units.hpp>
#include <imbrex/values/region.hpp>

#include <algorithm>

namespace imbrex::crossbar_cost {
namespace {

std::int64_t positions(const Operator& op) noexcept {
  return op.bounds[Dim::N] * op.bounds[Dim::P] * op.bounds[Dim::Q];
}

}  // namespace

std::int64_t batch_of(const UnitSequence& sequence) noexcept {
  std::int64_t batch = 1;
  for (const WeightUnit& unit : sequence.units) {
    batch = std::max(batch, sequence.workload->at(unit.op).bounds[Dim::N]);
  }
  return batch;
}

segments::ReplicatedLayer layer_of(const WeightUnit& unit, const Operator& op,
                                   std::int64_t batch) noexcept {
  return {ceil_div(positions(op), batch), unit.size, op.chain ? 1 : 0};
}

UnitFigures::UnitFigures(const UnitSequence& sequence)
    : units_(sequence.units), traffic_(sequence), batch_(batch_of(sequence)) {
  figures_.reserve(units_.size());
  for (std::size_t u = 0; u < units_.size(); ++u) {
    const Operator& op = sequence.workload->at(units_[u].op);
    const DimBox box = segments::unit_box(op, units_[u].channels);
    Unit unit;
    unit.layer = layer_of(units_[u], op, batch_);
    unit.weight_bits = op.bounds[Dim::C] * op.bounds[Dim::R] * op.bounds[Dim::S] *
                       box[Dim::K].extent() * box[Dim::G].extent() * op.weight_bits_per_element;
    unit.bus_bits = window_bits(*sequence.workload, op);
    unit.products = positions(op);
    unit.continues = u > 0 && units_[u - 1].op == units_[u].op;
    figures_.push_back(unit);
  }
}

bool UnitFigures::are_of(std::span<const WeightUnit> units) const noexcept {
  return std::equal(units.begin(), units.end(), units_.begin(), units_.end());
}

}  // namespace imbrex::crossbar_cost
