// Directed steps in a map space, beside the random ones of `MapSpace::neighbour`.
#pragma once

#include <imbrex/toolkit/mapspace/map_space.hpp>

namespace imbrex::search {

// The mapping with the sample, row and column loops of ordered outer slots outermost and, where
// rows (else columns, else samples) are left inside the jobs, a random part of them turned into
// steps: fills and drains its neighbours sooner. The mapping itself where the space allows neither.
Mapping row_by_row(const mapspace::MapSpace& space, const Mapping& mapping, Random& random);

}  // namespace imbrex::search
