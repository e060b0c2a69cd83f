// Regions are boxes, what a job really reads may have holes: every second row of a dilated window,
// the rows between strides. Where the producer's jobs see the difference, an analysis of regions
// may wait for a row that nobody needs; then it is conservative, and these are the reasons.
#pragma once

#include <imbrex/values/work_graph.hpp>

#include <string>
#include <vector>

namespace imbrex::run {

// What makes regions larger than needs on the ways between the mapped operators of the graph, each
// reason once, by consumer: "dilation in conv5", "resize up2". Empty when the regions are exact:
//   - backward maps that say so themselves (reshapes that move elements between axes are exact for
//     consumers that read all);
//   - dilation and strides that leave gaps in what one job reads of an axis that the producer's
//     jobs cut, or that is so short that it may lie in such a gap as a whole.
// O(mapped operators * operators).
std::vector<std::string> reading_holes(const WorkGraph& graph);

}  // namespace imbrex::run
