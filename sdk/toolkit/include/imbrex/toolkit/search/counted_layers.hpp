// What branch and bound (imbrex/toolkit/optimum) has to know of a design's layers. [any thread]
#pragma once

#include <imbrex/interfaces/evaluator.hpp>
#include <imbrex/toolkit/nests/problem.hpp>

#include <string>

namespace imbrex::search {

// Why nobody can count the mappings of an operator so placed; empty: the cost model says how.
std::string not_countable(const Evaluator& evaluator, const Placement& placement);

// The levels as the cost model counts them; `problem` is completed by what it says of partial sums.
// Requires: countable.
nests::Hierarchy counted_hierarchy(const Evaluator& evaluator, nests::Problem& problem);

// Does the cost model say what was counted?
bool is_same_cost(const LayerCost& said, const LayerCost& counted) noexcept;

// Do mappings cost the same for both? For operators of equal map spaces. O(1).
bool are_alike(const nests::Problem& one, const nests::Problem& other) noexcept;

}  // namespace imbrex::search
