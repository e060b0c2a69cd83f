// File: segment_pass.hpp
//
// Segments run one after another (specification compass sections 7, 8.1): weights are loaded and
// written, the jobs of the segment run with everything older present, data moves to and from
// external memory. An analyzer that knows how to time one WorkGraph times any design through this.
#pragma once

#include <imbrex/function_ref.hpp>
#include <imbrex/overlap_analyzer.hpp>
#include <imbrex/work_graph.hpp>

#include <vector>

namespace imbrex {

// The segment of every operator: its placement's for operators that the cost model maps, the latest
// producer's for all others, the first one's where no mapped operator comes before. O(operators).
IMBREX_API std::vector<std::int32_t> operator_segments(const Design& design, const CostModel& cost);

// Segments that hold mapped operators, ascending, each once.
IMBREX_API std::vector<std::int32_t> segment_numbers(const Design& design, const CostModel& cost);

// Times one graph from 0 on and reports its jobs, statistics and notes, if asked for.
using SegmentBody = FunctionRef<OverlapResult(const WorkGraph& graph, TimelineSink* detail)>;

// Calls `body` once per segment and puts the segments one behind the other: each takes
// `CostModel::segment_overhead` (weights before its jobs, data behind them) plus what `body` says.
// Jobs reach `detail` shifted, statistics of one name summed, notes of one name joined, and the
// segments' times. A design that is one segment without overhead is handed to `body` as it is.
// InfeasibleErrors of the body become an infeasible result and the note "infeasible".
IMBREX_API OverlapResult analyze_segments(const Design& design, const Machine& machine,
                                          const AnalysisRequest& request, TimelineSink* detail,
                                          SegmentBody body);

// What `OverlapAnalyzer::analyze` has to do with a batch: one design after another.
// Requires: out.size() == designs.size(); with `detail`, one design.
using DesignBody = FunctionRef<OverlapResult(const Design& design, TimelineSink* detail)>;
IMBREX_API void analyze_batch(std::span<const Design* const> designs, std::span<OverlapResult> out,
                              TimelineSink* detail, DesignBody body);

}  // namespace imbrex
