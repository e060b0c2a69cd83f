// What the instance of a level that moves most of a tensor moves: a port is as slow as its busiest
// instance. [any thread]
#pragma once

#include <imbrex/toolkit/nests/dim_loops.hpp>
#include <imbrex/toolkit/nests/problem.hpp>

namespace imbrex::nests {

// Do all instances of the level do the same with the tensor? Not where some are cut off, by the end
// of a dimension or by that of the data. `nest` has been through `names_too_much`. O(loops).
bool are_alike(const TensorRanks& tensor, const Nest& nest, std::size_t level) noexcept;

// The largest of `entering_words` (existing.hpp) over the single instances of level `merged`. The
// first instance has the most steps; but its windows may lie in the padding, so where some other
// one's never do, that one counts, and else all are looked at. O(entering_words), times the
// instances along windows that all reach into the padding.
double most_entering_words(const TensorRanks& tensor, const LoopBounds& bounds,
                           const DimLoops& loops, std::size_t levels, std::size_t child,
                           std::size_t merged);

}  // namespace imbrex::nests
