// How far an analysis may be trusted: computed from what the analyzer says of the graphs, from what
// is read through the network, and from links, never declared by hand.
#pragma once

#include "run/component_place.hpp"

#include <imbrex/interfaces/cost_model.hpp>
#include <imbrex/interfaces/overlap_analyzer.hpp>
#include <imbrex/values/work_graph.hpp>

#include <string>
#include <vector>

namespace imbrex::run {

// The graphs of a design: one per segment that holds mapped operators, ascending; without a number
// when everything is resident.
struct SegmentGraph {
  std::int32_t segment = 0;
  WorkGraph graph;
};
// Both must outlive the result. Errors: as WorkGraph.
std::vector<SegmentGraph> segment_graphs(const Design& design, const Machine& machine,
                                         const AnalysisRequest& request);

struct Trust {
  Exactness exactness = Exactness::exact;
  std::vector<std::string> reasons;   // why not exact, each once
  Exactness said = Exactness::exact;  // the analyzer's own part
  bool serves_links = false;          // the analyzer times links itself
};
// Least exact of all graphs. Errors: InfeasibleError in the name of `place`, with the reasons, when
// the analyzer cannot model something that one of them holds.
Trust trust_in(const ComponentPlace& place, const OverlapAnalyzer& analyzer,
               const std::vector<SegmentGraph>& graphs);

}  // namespace imbrex::run
