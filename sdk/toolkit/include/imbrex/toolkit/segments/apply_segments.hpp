// From a cut sequence of weight units to a design that every analyzer understands (specification
// compass sections 3 to 5). Pure. [any thread]
#pragma once

#include <imbrex/values/segments.hpp>

#include <span>

namespace imbrex::segments {

// Makes units [ends[s-1], ends[s]) segment s of the design. An operator whose units lie in several
// segments is split (`split_channels`), one slice per segment, and the design then is one of
// another workload: slices keep the copies and the dealing of the whole, but neither its resources
// nor its mapping; all other operators keep theirs. Operators without units, movement among them,
// join their latest producer. The timeline is cleared.
// `units.workload` is the design's; the units cover each of their operators in order; `ends` ascend
// strictly and end with the number of units.
// Errors: as `split_channels`. O(operators + units).
void apply_segments(Design& design, const UnitSequence& units, std::span<const std::int32_t> ends);

}  // namespace imbrex::segments
