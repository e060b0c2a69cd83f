// What of an operator's jobs can be seen at the size of a figure.
#pragma once

#include "drawing.hpp"

#include <imbrex/values/design.hpp>

#include <functional>
#include <span>
#include <vector>

namespace imbrex::svg {

struct Span {
  Coordinate from = 0;
  Coordinate to = 0;
  friend bool operator==(const Span&, const Span&) = default;
};

// No gap is drawn narrower: below it, jobs are joined.
inline constexpr Coordinate kNarrowest = 5;
// What is left is at least so wide, as far as that leaves gaps, so that single jobs can be seen.
inline constexpr Coordinate kVisible = 25;
// No lane is drawn lower: servers share lanes where they are too many.
inline constexpr Coordinate kLowest = 35;

// Per lane the spans in which any of its servers works, ascending, apart from one another. As many
// lanes as the runs have servers, when each gets `kLowest` of the height. `x` ascends. At most
// (width / kNarrowest) spans per lane, however many jobs. O(jobs log jobs).
std::vector<std::vector<Span>> lanes_of(std::span<const JobRun> runs, Coordinate height,
                                        const std::function<Coordinate(std::int64_t)>& x);

}  // namespace imbrex::svg
