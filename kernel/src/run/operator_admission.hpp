// May one operator be placed and mapped as a design says? The part of admission that costs
// something, kept per (operator, placement, mapping), so that a search which changes one layer at a
// time pays for one layer.
#pragma once

#include "run/bound_machine.hpp"

#include <imbrex/values/design.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace imbrex::run {

// The first thing that is wrong; what comes before it is right.
enum class OperatorFault : std::uint8_t {
  none,
  copies,             // fewer than one
  segment,            // below 0
  dealing,            // no enumerator
  units,              // fewer than copies times demand
  range,              // resources that the chip does not have
  chain_copies,       // a recurrence cannot be shared
  loops,              // the mapping does not cover the operator
  nest_copies,        // several copies of a mapping that already deals its work
  chain_loops,        // the recurrence is not outermost, or spread over servers
  constraint,         // a mapping against a constraint of the recipe
  space,              // a mapping that is in no map space and not canonical
  refused,            // the cost model refuses the mapping
  canonical_missing,  // nobody mapped it, and there is no canonical mapping
  canonical_constraint,
  canonical_refused,
  dealt,  // jobs dealt anew that are not those of the mapping
};

// Some decision breaks the contract of stages; otherwise the hardware is too small for it.
bool breaks_contract(OperatorFault fault) noexcept;

// Verdicts depend on nothing but the arguments; memory is bounded. [any thread]
class OperatorAdmission {
 public:
  // `shape`: how operators are cut that nobody mapped. The machine must outlive this.
  OperatorAdmission(const BoundMachine& machine, const JobShape& shape);
  ~OperatorAdmission();

  // `whole` false: operators that nobody mapped yet are right. Requires: a mapped operator.
  // Errors: as the cost model.
  OperatorFault fault(const Design& design, OperatorId op, bool whole) const;
  // In words, with the operator's name, quantities and what would be right.
  std::string reason(const Design& design, OperatorId op, OperatorFault fault) const;

 private:
  struct Kept;
  OperatorFault placement_fault(OperatorId op, const Placement& placement) const;
  bool is_elastic(OperatorId op) const;
  OperatorFault kept_fault(const Design& design, OperatorId op) const;
  OperatorFault find_fault(const Design& design, OperatorId op) const;
  OperatorFault mapping_fault(OperatorId op, const Placement& placement,
                              const Mapping& mapping) const;
  OperatorFault canonical_fault(OperatorId op, const Placement& placement,
                                const Mapping& mapping) const;
  OperatorFault dealt_fault(const Design& design, OperatorId op, const Mapping& mapping) const;

  const BoundMachine& machine_;
  JobShape shape_;
  mutable IndexVector<OperatorId, std::atomic<std::uint8_t>>
      plain_;  // neither placed nor mapped: fault + 1
  mutable IndexVector<OperatorId, std::atomic<std::uint8_t>>
      elastic_;  // 0: not asked, 1: no, 2: yes
  mutable std::once_flag made_;
  mutable std::unique_ptr<Kept> kept_;  // megabytes: not before somebody decides something
};

}  // namespace imbrex::run
