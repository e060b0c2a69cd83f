// How the layers of one segment are cut into intervals so that each can hand its result to the
// next: loop orders chosen together, tiles that match through strides, what waits meanwhile
// (specification pipeorgan sections 4.1 and 4.2).
#pragma once

#include <imbrex/toolkit/segments/layer_sequence.hpp>
#include <imbrex/toolkit/spatial/segment_layout.hpp>
#include <imbrex/values/mapping.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace imbrex::pipeorgan {

// Layers [begin, end) of the sequence; stage i is layer begin + i. The cuts between neighbours,
// then the skips inside.
std::vector<spatial::SegmentEdge> edges_of(const segments::LayerSequence& sequence,
                                           std::size_t begin, std::size_t end);

// What an edge keeps: hand-overs in flight in the elements of its producer, rows (or skipped
// intervals) in those of its consumer.
struct EdgeBuffers {
  std::int64_t words_per_interval = 0;
  std::int64_t kept_words = 0;
};

struct Dataflow {
  std::vector<JobShape> shapes;    // per stage
  std::int64_t intervals = 1;      // of the cut that has fewest
  std::vector<EdgeBuffers> edges;  // as `edges_of`
};

// All ways worth a look, finest first: rows (columns where there is one row), and, unless only
// positions may be outermost, channels for a pair. Empty when the layers cannot hand over in at
// least two intervals. One layer: the whole of it as one job. O(depth * tiles).
std::vector<Dataflow> dataflows(const Workload& workload, const segments::LayerSequence& sequence,
                                std::size_t begin, std::size_t end,
                                std::span<const spatial::SegmentEdge> edges, bool positions_only);

}  // namespace imbrex::pipeorgan
