// File: even_windows.hpp
//
// Windows along one coordinate whose loops end where their dimensions do: all tiles are alike but
// for what the borders of the tensor cut off, so only tiles at the borders are looked at. The quick
// twin of the walk in axis_walk.hpp. [any thread]
#pragma once

#include "axis_walk.hpp"

#include <optional>

namespace imbrex::loop_nest {

// Equal to `walked_window_sums`. Nothing where factors do not divide, or where a tile's points are
// neither without holes nor of one dimension. O(places of `second` + tiles at the borders).
std::optional<AxisSums> even_window_sums(const AxisSide& first, const AxisSide& second,
                                         const Rank& rank) noexcept;

}  // namespace imbrex::loop_nest
