// The cost model as everybody sees it, kernel and plugins alike: what the component returns is
// checked where it enters, and whatever is wrong is blamed on the cost model, also when another
// component called it.
#pragma once

#include <imbrex/interfaces/cost_model.hpp>
#include <imbrex/values/segments.hpp>

#include <string>
#include <vector>

namespace imbrex::run {

// Errors of every method: BlamedError naming `where`, the method, the operator and the value;
// errors that the cost model throws on purpose keep their type and get `where` in front;
// Error{failed} when the caller asks for an operator that the workload does not have, or with spans
// of different size. Asks for the demand of every operator once. [any thread]
class GuardedCostModel final : public CostModel {
 public:
  // `where` is the cost model's place in the recipe. `inner` and `workload` must outlive this.
  GuardedCostModel(std::string where, const CostModel& inner, const Workload& workload);

  Demand demand(OperatorId op) const override;
  bool models_energy() const override;
  void evaluate(OperatorId op, const Placement& placement, std::span<const Mapping> mappings,
                std::span<LayerCost> out) const override;
  std::optional<Shortfall> shortfall(OperatorId op, const Placement& placement,
                                     const Mapping& mapping) const override;
  std::optional<LayerAccount> account(OperatorId op, const Placement& placement,
                                      const Mapping& mapping) const override;
  Mapping canonical_mapping(OperatorId op, const Placement& placement,
                            const JobShape& shape) const override;
  MapSpaceSpec map_space(OperatorId op, const Placement& placement) const override;
  JobClock job_clock(OperatorId op, const Placement& placement,
                     const Mapping& mapping) const override;
  bool lock_step() const noexcept override;
  std::int64_t movement_ps(OperatorId op) const override;
  void transfer(std::span<const Transfer> transfers, std::span<TransferCost> out) const override;
  std::int64_t lower_bound_ps(OperatorId op, const Placement& placement) const override;
  void evaluate_segments(const UnitSequence& units, std::span<const UnitSpan> spans,
                         std::span<SegmentCost> out) const override;
  void segment_copies(const UnitSequence& units, UnitSpan span,
                      std::span<std::int64_t> out) const override;
  SegmentOverhead segment_overhead(const Design& design, std::int32_t segment) const override;
  TransferCost most_transfer(std::int64_t bits) const override;
  std::optional<NestCounting> nest_counting() const override;

 private:
  void require_operator(OperatorId op) const;
  // What a check failed on, e.g. "job_clock of operator 'conv1'".
  std::string asked(std::string_view method, OperatorId op) const;

  std::string where_;
  const CostModel& inner_;
  const Workload& workload_;
  IndexVector<OperatorId, Demand> demands_;  // of all operators
};

}  // namespace imbrex::run
