// What a segment of layers that share the array takes, for partitioners that compare many of them.
#pragma once

#include "segment_memory.hpp"

#include <imbrex/values/segments.hpp>

#include <cstdint>
#include <span>

namespace imbrex::loop_nest {

// The longest of: the pipeline of multiply-accumulates, on whole columns of the array dealt so that
// the slowest layer is fastest, a row per interval; external memory; buffer. Energy:
// multiply-accumulates and these memories. Loops divide evenly and links are free, so a design laid
// out often takes longer; one that hands over in finer pieces, channel by channel, takes less.
//
// Several layers form a segment when each hands its result to the next row by row (column by column
// where all have one row), there are no more of them than columns, and weights, two rows of every
// hand-over, the rows that windows keep and what waits for skips fit the buffer together; otherwise
// the verdict is `infeasible`. Pairs that could only hand over channel by channel are among those.
//
// Units are those of `decompose` for the array: unit i is layer i of the memory model.
// O(layers + skips inside + columns + stages * intervals) per span.
void evaluate_segments(const SegmentMemoryModel& memory, const Architecture& architecture,
                       const UnitSequence& units, std::span<const UnitSpan> spans,
                       std::span<SegmentCost> out);

}  // namespace imbrex::loop_nest
