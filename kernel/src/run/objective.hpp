// What a recipe asks to make small: turns an analysed design into one number.
#pragma once

#include "run/bound_machine.hpp"

#include <imbrex/interfaces/evaluator.hpp>
#include <imbrex/values/design.hpp>

#include <string_view>

namespace imbrex::run {

// Errors: InputError listing the known names.
Objective parse_objective(std::string_view name);
std::string_view to_string(Objective objective) noexcept;

// Energy of one run (all samples of a batch): compute, data between operators, weights and data of
// segments, and static power over the makespan; 0 when the cost model gives none.
double energy_pj(const Design& design, const BoundMachine& machine, const JobShape& shape,
                 std::int64_t makespan_ps);

// Busy time of the busiest server: the interval between inferences when they are pipelined.
// O(jobs).
std::int64_t longest_server_ps(const Design& design, const BoundMachine& machine,
                               const AnalysisRequest& request);

// Time from one sample to the next: of runs that follow one another in a pipeline, or of whole runs
// when weights are replaced during each (specification compass section 7).
double sample_interval_ps(const Design& design, const BoundMachine& machine,
                          std::int64_t longest_server_ps, std::int64_t makespan_ps);

// Lower is better. latency: ps; throughput: ps between samples; energy: pJ; edp: pJ * s, energy and
// delay of one sample of a batch each.
double objective_value(Objective objective, const Design& design, const BoundMachine& machine,
                       const AnalysisRequest& request, std::int64_t makespan_ps);

}  // namespace imbrex::run
