// Where a network is cut into segments (specification pipeorgan section 4.3): by the heuristic, by
// the fewest words to and from external memory, by the least estimated time, or as somebody else
// did.
#pragma once

#include "segment_planner.hpp"

#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/segments/layer_sequence.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace imbrex::pipeorgan {

enum class Depth : std::uint8_t { greedy, exact, fastest, one, given };
inline constexpr std::string_view kDepthNames[] = {"greedy", "exact", "fastest", "one", "given"};

struct CutOptions {
  Depth depth = Depth::greedy;
  bool undo_slower = true;
  double words_per_weight = 1;
  double resident_share = 0.5;
  std::int64_t most_layers = 0;
  double utilisation_drop = 0.05;
  std::int64_t share_unit = 8;
};

// Layers [begin, end) as one segment.
struct PlannedSegment {
  std::size_t begin = 0;
  std::size_t end = 0;
  SegmentChoice choice;
};

// How many layers a segment may have at most: skips that reach further do not matter. The fewest
// words to and from external memory depend on all of them.
std::int64_t longest_reach(const Design& design, const Architecture& array,
                           const CutOptions& options);

// `sequence`: with skips as far as `longest_reach`. Ascending, together all layers. Errors:
// InputError (given segments that are no runs of layers), InfeasibleError (a layer that fits
// nowhere; given segments that cannot be pipelined). Once the host says that the run is
// interrupted, what is not yet planned stays layer by layer; `host` may be null.
std::vector<PlannedSegment> cut_network(const Design& design, const Evaluator& evaluator,
                                        const segments::LayerSequence& sequence,
                                        const CutOptions& options, SegmentPlanner& planner,
                                        const Host* host);

// Words of the architecture that wait on the chip between segments.
std::int64_t retained_words(const Architecture& array) noexcept;

}  // namespace imbrex::pipeorgan
