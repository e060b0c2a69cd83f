// The counts of a nest that names more than there is, level by level.
#pragma once

#include <imbrex/toolkit/nests/counts.hpp>
#include <imbrex/toolkit/nests/nest.hpp>

namespace imbrex::nests {

// Fills `counts.tensor` of these roles for the instance that has most to do, but not the tiles, and
// gives what all instances do; of other roles, as counted already. As `exact` counts. `nest` has
// been through `names_too_much`, which says where its loops go on beyond the operator.
AllWords count_existing(const Problem& problem, const Hierarchy& hierarchy, const Nest& nest,
                        KeepMask roles, NestCounts& counts);

}  // namespace imbrex::nests
