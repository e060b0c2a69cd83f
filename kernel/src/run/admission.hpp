// The one place that decides whether a design may be scored, analysed or published. Scores of a
// design that is not admitted are infeasible; a stage that leaves one ends the run in its name.
#pragma once

#include "run/operator_admission.hpp"

#include <imbrex/values/design.hpp>

#include <optional>
#include <string>
#include <vector>

namespace imbrex::run {

// Why a design is not admitted.
struct Refusal {
  // A decision that no stage may make; otherwise the design does not fit the hardware or the
  // recipe's constraints.
  bool breaks_contract = false;
  bool lacks_room = false;  // right in itself, but more than the chip holds
  std::string reason;       // names the operator or segment, what it has and what would be right
};

// Is the workload of the design the machine's network: the workload itself, or the registered split
// of it?
bool same_network(const Design& design, const Workload& workload) noexcept;

// One machine and one way of cutting unmapped operators. The machine must outlive it. [any thread]
class Admission {
 public:
  Admission(const BoundMachine& machine, const JobShape& shape);

  // May the design be analysed? O(operators), nearly free for operators that nobody touched.
  // Requires: the design is of the machine's workload.
  bool admits(const Design& design) const;
  // Why not; no value when it may.
  std::optional<Refusal> refusal(const Design& design) const;
  // The same for a design that later stages still work on: what is decided must be right, whether
  // everything fits is not asked yet.
  std::optional<Refusal> refusal_so_far(const Design& design) const;

 private:
  std::optional<Refusal> operator_refusal(const Design& design, bool whole) const;
  std::optional<Refusal> structure_refusal(const Design& design) const;
  bool ranges_overlap(const Design& design, OperatorId& one, OperatorId& other) const;

  const BoundMachine& machine_;
  OperatorAdmission operators_;
  std::vector<OperatorId> mapped_;
};

}  // namespace imbrex::run
