// File: metrics.hpp
//
// The numbers of a finished design (specification clsa-cim section 7) and its table of operators.
#pragma once

#include "run/bound_machine.hpp"

#include <imbrex/result.hpp>

#include <vector>

namespace imbrex {

// Preconditions: the design has a timeline, with its jobs. Metrics that do not apply are left out.
IMBREX_API Metrics metrics_of(const Design& design, const BoundMachine& machine,
                              const JobShape& shape);

// Mapped operators, in workload order.
IMBREX_API std::vector<OperatorResult> operators_of(const Design& design,
                                                    const BoundMachine& machine);

}  // namespace imbrex
