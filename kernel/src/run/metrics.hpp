// The numbers of a finished design (specification clsa-cim section 7) and its table of operators.
#pragma once

#include "run/bound_machine.hpp"

#include <imbrex/interfaces/evaluator.hpp>
#include <imbrex/values/result.hpp>

#include <vector>

namespace imbrex::run {

// Preconditions: the design has a timeline, with its jobs. Metrics that do not apply are left out.
Metrics metrics_of(const Design& design, const BoundMachine& machine, const JobShape& shape);

// Mapped operators, in workload order.
std::vector<OperatorResult> operators_of(const Design& design, const BoundMachine& machine);

// How much better a run is than its baseline in what the recipe asks for: baseline over run, or, of
// rates, run over baseline; energy and delay of one sample. 0: one of them does not know.
double improvement_of(Objective objective, const Metrics& run, const Metrics& baseline);

}  // namespace imbrex::run
