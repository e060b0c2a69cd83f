// File: simulation_check.hpp
//
// The oracle of a finished run: its final design analysed again by another analyzer, normally the
// event-driven simulator, on the same jobs (design section 8).
#pragma once

#include "run/runner.hpp"

#include <optional>
#include <string>
#include <vector>

namespace imbrex {

struct OperatorAgreement {
  std::string name;
  std::int64_t start_ps = 0;  // by the recipe's analyzer
  std::int64_t end_ps = 0;
  std::int64_t simulated_start_ps = 0;
  std::int64_t simulated_end_ps = 0;
  std::int64_t differing_jobs = 0;  // jobs with another start or end, or known to one side only
  bool agrees = false;
};

// One segment three ways: what a partitioner would estimate for it, what the recipe's analyzer
// found, and what the simulator found, with barriers between segments and, where it can, on
// resources that serve whatever comes first.
struct SegmentAgreement {
  std::int32_t segment = 0;
  std::int64_t estimate_ps = -1;  // CostModel::evaluate_segments; -1: not modelled
  SegmentTimes analysed;
  SegmentTimes simulated;
  std::optional<SegmentTimes> on_resources;
};

struct SimulationCheck {
  Exactness exactness = Exactness::exact;  // of the recipe's analyzer: what agreement means
  std::int64_t makespan_ps = 0;
  std::int64_t simulated_makespan_ps = 0;
  std::vector<OperatorAgreement> operators;
  std::vector<SegmentAgreement> segments;  // empty when all weights are in place
  std::optional<std::int64_t> makespan_on_resources_ps;
  // What the simulator adds for the links of floor plans; where the recipe's analyzer knows them,
  // or the design has no plans, there is nothing to add.
  std::optional<std::int64_t> makespan_with_links_ps;
  bool agrees = false;
};

// Tells before a run that its answer could not be checked. Errors: InputError when the analyzer
// that makes the final timeline delays operators on purpose (Trait::sequential): an event-driven
// simulation starts every job as early as it can, so the two are not comparable.
IMBREX_API void require_comparable(const ResolvedPlan& plan);

// An exact analysis agrees when makespan and every job are equal to the picosecond; a conservative
// one when nothing ends earlier than in the simulation. Segments must agree in the same way; their
// estimates, their times on resources, and links that only the simulator knows are measurements.
// Errors: InputError when `simulator` is no overlap analyzer or cannot cut jobs as the run did.
IMBREX_API SimulationCheck check_by_simulation(const RunOutcome& outcome,
                                               const Component& simulator, HostServices& services);

}  // namespace imbrex
