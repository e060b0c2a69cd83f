// File: canonical.hpp
//
// A mapping for operators nobody searched: spatial slots filled first, then as much as fits into
// the levels on chip, innermost level first, the rest as loops of the external memory.
#pragma once

#include "counts.hpp"

#include <imbrex/map_space.hpp>
#include <imbrex/mapping.hpp>

namespace imbrex::loop_nest {

// Jobs of the given shape: the outer loops are one temporal P and one temporal Q loop of the
// outermost level. `spec` says which dimensions each slot may have and how far it fans out.
// O(levels * dimensions * log bound) counts.
Mapping canonical_mapping(const Problem& problem, const Hierarchy& hierarchy,
                          const MapSpaceSpec& spec, const JobShape& shape);

}  // namespace imbrex::loop_nest
