// Which spatial loops a canonical mapping has.
#pragma once

#include "canonical.hpp"
#include "spread.hpp"

namespace imbrex::loop_nest {

// `spatial`: positions of the spatial slots in `spec.slots`, outermost first; shares are in this
// order. `elements_inside`: the last of them are the MACs inside a processing element, which take
// reductions first.
Spread canonical_spread(const Extents& job, const MapSpaceSpec& spec,
                        const std::vector<std::size_t>& spatial, bool elements_inside,
                        const CanonicalOptions& options);

}  // namespace imbrex::loop_nest
