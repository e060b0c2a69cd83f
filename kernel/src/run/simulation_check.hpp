// The oracle of a finished run: its final design analysed again by another analyzer, normally the
// event-driven simulator, which is asked the same (design section 8).
#pragma once

#include "run/agreement.hpp"
#include "run/runner.hpp"

#include <optional>
#include <string>
#include <vector>

namespace imbrex::run {

struct OperatorAgreement {
  std::string name;
  Stretch analysed;  // by the recipe's analyzer
  Stretch simulated;
  std::int64_t differing_jobs = 0;  // jobs that do not agree, or that one side only knows
  bool agrees = false;
};

// One segment three ways: what a partitioner would estimate for it, what the recipe's analyzer
// found, and what the simulator found, with barriers between segments and, where it can, on
// resources that serve whatever comes first.
struct SegmentAgreement {
  std::int32_t segment = 0;
  std::int64_t estimate_ps = -1;  // CostModel::evaluate_segments; -1: not modelled
  // Both as reported, or, when one of the analyzers reported none, both of their jobs.
  SegmentTimes analysed;
  SegmentTimes simulated;
  std::optional<SegmentTimes> on_resources;
};

struct SimulationCheck {
  AgreementRule rule;
  std::int64_t makespan_ps = 0;
  std::int64_t simulated_makespan_ps = 0;
  std::vector<OperatorAgreement> operators;
  std::vector<SegmentAgreement> segments;  // empty when all weights are in place
  std::optional<std::int64_t> makespan_on_resources_ps;
  // What the simulator finds over the links of floor plans when the recipe asked to leave them out.
  std::optional<std::int64_t> makespan_with_links_ps;
  bool agrees = false;

  // How far the analysed makespan is off, in percent of the simulated one; above 0: late.
  double off_percent() const noexcept;
  // The operator whose end is off most, the first one of equals; null when all ends are equal.
  const OperatorAgreement* worst() const noexcept;
  // By how much, in percent of the simulated makespan.
  double off_percent(const OperatorAgreement& one) const noexcept;
};

// Does the analyzer that makes the final timeline delay operators on purpose (Trait::sequential)?
bool ends_sequential(const recipe::ResolvedPlan& plan) noexcept;

// `sequential` and `tolerance_percent` of the rule are the caller's; its exactness is that of the
// result. The simulator gets the request of the run's last analysis. Segment estimates, times on
// resources, and links that the recipe leaves out are measurements, not judged. Errors: InputError
// when `simulator` is no overlap analyzer; InfeasibleError when it finds no schedule.
SimulationCheck check_by_simulation(const RunOutcome& outcome, const Component& simulator,
                                    plugin::HostServices& services, AgreementRule rule = {});

}  // namespace imbrex::run
