// File: cost_model.hpp
//
// What a piece of work costs on the architecture. Batches wherever a search calls it; nothing is
// allocated per item. All methods const and concurrent. [any thread]
#pragma once

#include <imbrex/architecture.hpp>
#include <imbrex/design.hpp>
#include <imbrex/map_space.hpp>
#include <imbrex/mapping.hpp>
#include <imbrex/work_order.hpp>

#include <span>

namespace imbrex {

struct LayerCost {
  Verdict verdict = Verdict::feasible;
  std::int64_t latency_ps = 0;  // alone, all inputs present
  double energy_pj = 0;         // 0: not modelled
};

// Resources that an operator owns: its slice, or what its copies need.
constexpr std::int64_t owned_units(const Placement& placement, const Demand& one_copy) noexcept {
  return placement.units > 0 ? placement.units : one_copy.units * placement.copies;
}

// Data on its way from one operator's resources to another's.
struct Transfer {
  OperatorId from = OperatorId::none;
  OperatorId to = OperatorId::none;
  std::int64_t from_tile = 0;  // index in the tile grid, row-major
  std::int64_t to_tile = 0;
  std::int64_t bits = 0;
};
struct TransferCost {
  std::int64_t latency_ps = 0;
  double energy_pj = 0;
};

class IMBREX_API CostModel {
 public:
  virtual ~CostModel();
  // Resources of one copy. `mappable == false`: a movement operator for this architecture.
  virtual Demand demand(OperatorId op) const noexcept = 0;
  // out.size() == mappings.size().
  virtual void evaluate(OperatorId op, const Placement& placement,
                        std::span<const Mapping> mappings, std::span<LayerCost> out) const = 0;
  // What the hardware does when nobody searched: the loop nest whose jobs have the given shape.
  virtual Mapping canonical_mapping(OperatorId op, const Placement& placement,
                                    const JobShape& shape) const = 0;
  // The space a search may choose mappings from. Default: no slots, that is, only the canonical
  // mapping exists (crossbars compute one way).
  virtual MapSpaceSpec map_space(OperatorId op, const Placement& placement) const;
  // Duration of the jobs of a mapping, and whether its servers advance together.
  virtual JobClock job_clock(OperatorId op, const Placement& placement,
                             const Mapping& mapping) const noexcept = 0;
  virtual bool lock_step() const noexcept = 0;
  // Delay a movement operator adds between its inputs and its output, per position.
  virtual std::int64_t movement_ps(OperatorId op) const noexcept = 0;
  virtual void transfer(std::span<const Transfer> transfers, std::span<TransferCost> out) const = 0;
  // Admissible: never above what `evaluate` gives for any mapping with this placement.
  virtual std::int64_t lower_bound_ps(OperatorId op, const Placement& placement) const noexcept = 0;
};

}  // namespace imbrex
