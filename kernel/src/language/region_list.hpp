// Regions of one producer's output that a walk has collected, as few boxes as is easily found.
#pragma once

#include <imbrex/values/work_graph.hpp>

#include <vector>

namespace imbrex {

// Joins sources of one producer and of equal delay wherever their regions are one box together, and
// leaves the others: the same elements with the same delays, in an order that depends on nothing
// but the regions and delays. O(n log n) per pass over the axes; passes until nothing joins.
void join_regions(std::vector<Source>& sources);

}  // namespace imbrex
