// File: uneven_nest.hpp
//
// Nests whose tiles do not divide a dimension evenly: 18 channels in tiles of 16 and 2. Where a
// slot is imperfect, map spaces hold one nest for each number of tiles, the one with the most even
// tiles (9 and 9), because that is all a search needs; a nest that somebody gives may cut
// elsewhere.
#pragma once

#include <imbrex/abi.hpp>
#include <imbrex/map_space.hpp>

namespace imbrex {

// In the map space but for where imperfect slots cut: loops of every dimension cover it, from the
// outermost on with no iteration too many, and everything else is as the space wants it. O(loops *
// slots).
IMBREX_API bool is_uneven_nest(const MapSpaceSpec& space, const Mapping& mapping);

}  // namespace imbrex
