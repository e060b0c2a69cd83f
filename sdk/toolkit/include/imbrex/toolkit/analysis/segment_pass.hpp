// Segments run one after another (specification compass sections 7, 8.1): weights are loaded and
// written, the jobs of the segment run with everything older present, data moves to and from
// external memory. An analyzer that knows how to time one WorkGraph times any design through this.
#pragma once

#include <imbrex/interfaces/overlap_analyzer.hpp>
#include <imbrex/plugin/host.hpp>
#include <imbrex/values/work_graph.hpp>

#include <vector>

namespace imbrex::analysis {

// Times one graph from 0 on and reports its jobs, statistics and notes, if asked for.
using SegmentBody = FunctionRef<OverlapResult(const WorkGraph& graph, TimelineSink* detail)>;

// Calls `body` once per segment and puts the segments one behind the other: each takes
// `CostModel::segment_overhead` (weights before its jobs, data behind them) plus what `body` says.
// Jobs reach `detail` shifted, statistics of one name summed, notes of one name joined, and the
// segments' times. A design that is one segment without overhead is handed to `body` as it is.
// InfeasibleErrors of the body become an infeasible result and the note "infeasible".
OverlapResult analyze_segments(const Design& design, const Machine& machine,
                               const AnalysisRequest& request, TimelineSink* detail,
                               SegmentBody body);

// What `OverlapAnalyzer::analyze` has to do with a batch: one design after another.
// Requires: out.size() == designs.size(); with `detail`, one design.
using DesignBody = FunctionRef<OverlapResult(const Design& design, TimelineSink* detail)>;
void analyze_batch(std::span<const Design* const> designs, std::span<OverlapResult> out,
                   TimelineSink* detail, DesignBody body);

}  // namespace imbrex::analysis
