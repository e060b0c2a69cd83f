// Windows along one coordinate: all tiles are alike but for what the borders of the tensor cut off
// and for the last ones of loops that go on beyond their dimension, so only those are looked at.
// The quick twin of the walk in axis_walk.hpp. [any thread]
#pragma once

#include <imbrex/toolkit/nests/axis_walk.hpp>

#include <optional>

namespace imbrex::nests {

// Equal to `walked_window_sums`. Nothing where a tile's points are neither without holes nor of one
// dimension, or where tiles of different lengths are shared. O(places of `second` times the tiles
// of `first` at borders), and all places of `first` for those of `second` that are cut off.
std::optional<AxisSums> border_window_sums(const AxisSide& first, const AxisSide& second,
                                           const Rank& rank) noexcept;

}  // namespace imbrex::nests
