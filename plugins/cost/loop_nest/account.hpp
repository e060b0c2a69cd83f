// What a layer accesses and what bounds it, for results. [any thread]
#pragma once

#include "counting.hpp"

#include <imbrex/interfaces/cost_model.hpp>
#include <imbrex/toolkit/nests/counts.hpp>

#include <optional>

namespace imbrex::loop_nest {

// `accessed`: the whole hierarchy; `charged`: what costs the layer time, whose levels are the
// innermost of the former. Nothing for a mapping that is not feasible. O(count).
std::optional<LayerAccount> account_of(const Problem& problem, const Hierarchy& accessed,
                                       const Hierarchy& charged, const Mapping& mapping);

}  // namespace imbrex::loop_nest
