#include "segment_overhead.hpp"

#include <imbrex/toolkit/extents/bounded_times.hpp>
#include <imbrex/toolkit/segments/crossbar.hpp>
#include <imbrex/values/work_order.hpp>

#include <algorithm>
#include <span>

namespace imbrex::crossbar_cost {
namespace {

bool is_free(const ReplacementCosts& costs) noexcept {
  return costs.weight_bits_per_ps == 0 && costs.write_ps == 0 && costs.data_ps_per_bit == 0 &&
         costs.bus_ps_per_bit == 0 && costs.weight_energy_pj_per_bit == 0 &&
         costs.data_energy_pj_per_bit == 0 && costs.bus_energy_pj_per_bit == 0;
}

// Is nothing but this segment on the crossbars?
bool is_alone(const Design& design, std::int32_t segment) {
  const std::span<const Operator> operators = design.workload().operators();
  for (std::size_t i = 0; i < operators.size(); ++i) {
    if (segments::runs_on_crossbars(operators[i]) &&
        design.placement(operator_id(i)).segment != segment) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::int64_t window_bits(const Workload& workload, const Operator& op) noexcept {
  const LoopBounds& bounds = op.bounds;
  return bounds[Dim::N] * bounds[Dim::P] * bounds[Dim::Q] * bounds[Dim::G] * bounds[Dim::C] *
         bounds[Dim::R] * bounds[Dim::S] * workload.at(op.inputs.front()).bits_per_element;
}

SegmentOverhead overhead(const Surroundings& volumes, const Architecture& architecture) noexcept {
  const ReplacementCosts& costs = architecture.replacement;
  const auto weights = static_cast<double>(volumes.weight_bits);
  const auto data = static_cast<double>(volumes.load_bits + volumes.store_bits);
  const auto bus = static_cast<double>(volumes.bus_bits);
  SegmentOverhead result;
  result.weight_bits = volumes.weight_bits;
  result.load_bits = volumes.load_bits;
  result.store_bits = volumes.store_bits;
  result.weight_load_ps =
      costs.weight_bits_per_ps > 0 ? extents::nearest_ps(weights / costs.weight_bits_per_ps) : 0;
  result.weight_write_ps = costs.write_ps;
  result.data_ps = extents::nearest_ps(data * costs.data_ps_per_bit + bus * costs.bus_ps_per_bit);
  result.energy_pj =
      weights * costs.weight_energy_pj_per_bit + data * costs.data_energy_pj_per_bit +
      bus * costs.bus_energy_pj_per_bit +
      static_cast<double>(volumes.written_crossbars) * architecture.units.front().write_energy_pj;
  return result;
}

bool DesignTraffic::Known::is_of(const Design& design) const {
  return workload == design.shared_workload() &&
         std::all_of(homes.begin(), homes.end(), [&](const segments::ChannelHome& home) {
           return design.placement(home.op).segment == home.position;
         });
}

std::shared_ptr<const DesignTraffic::Known> DesignTraffic::known(const Design& design) const {
  {
    const std::lock_guard lock(mutex_);
    if (last_ && last_->is_of(design)) {
      return last_;
    }
  }
  auto fresh = std::make_shared<Known>();
  fresh->workload = design.shared_workload();
  for (std::size_t i = 0; i < design.workload().operators().size(); ++i) {
    const Operator& op = design.workload().operators()[i];
    if (segments::runs_on_crossbars(op)) {
      const std::int32_t segment = design.placement(operator_id(i)).segment;
      fresh->homes.push_back({operator_id(i), {0, op.bounds[Dim::G] * op.bounds[Dim::K]}, segment});
      fresh->operators[segment].push_back(operator_id(i));
    }
  }
  fresh->traffic = std::make_unique<segments::SliceTraffic>(design.workload(), fresh->homes);
  const std::lock_guard lock(mutex_);
  last_ = fresh;
  return fresh;
}

SegmentOverhead DesignTraffic::overhead(const Design& design, std::int32_t segment,
                                        const Architecture& architecture) const {
  if (is_free(architecture.replacement) && is_alone(design, segment)) {
    return {};
  }
  const std::shared_ptr<const Known> traffic = known(design);
  const auto mine = traffic->operators.find(segment);
  if (mine == traffic->operators.end()) {
    return {};  // nobody works in it, and nobody counts its traffic
  }
  Surroundings volumes;
  for (const OperatorId id : mine->second) {
    const Operator& op = design.workload().at(id);
    volumes.weight_bits += op.weight_bits();
    volumes.bus_bits += window_bits(design.workload(), op);
    volumes.written_crossbars += segments::crossbars_of_one_copy(op, architecture.units.front()) *
                                 design.placement(id).copies;
  }
  volumes.load_bits = traffic->traffic->load_bits({segment, segment + 1});
  volumes.store_bits = traffic->traffic->store_bits({segment, segment + 1});
  return crossbar_cost::overhead(volumes, architecture);
}

}  // namespace imbrex::crossbar_cost
