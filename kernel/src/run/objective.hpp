// File: objective.hpp
//
// What a recipe asks to make small: turns an analysed design into one number.
#pragma once

#include "run/machine.hpp"

#include <imbrex/design.hpp>
#include <imbrex/evaluator.hpp>

#include <string_view>

namespace imbrex {

// Errors: InputError listing the known names.
IMBREX_API Objective parse_objective(std::string_view name);

// Energy of one inference, compute only, from the cost model; 0 when it gives none.
IMBREX_API double energy_pj(const Design& design, const Machine& machine, const JobShape& shape);

// Busy time of the busiest server: the interval between inferences when they are pipelined.
// O(jobs).
IMBREX_API std::int64_t longest_server_ps(const Design& design, const Machine& machine,
                                          const JobShape& shape);

// Lower is better. latency: ps; throughput: ps between inferences; energy: pJ; edp: pJ * s.
IMBREX_API double objective_value(Objective objective, const Design& design, const Machine& machine,
                                  const JobShape& shape, std::int64_t makespan_ps);

}  // namespace imbrex
