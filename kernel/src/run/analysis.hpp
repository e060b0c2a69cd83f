// File: analysis.hpp
//
// One detailed analysis of one design: the timeline with all jobs, and what the analyzer said about
// it.
#pragma once

#include "run/bound_machine.hpp"

#include <imbrex/overlap_analyzer.hpp>
#include <imbrex/result.hpp>

#include <string_view>
#include <vector>

namespace imbrex {

struct Analysis {
  Timeline timeline;        // with jobs
  std::vector<Fact> facts;  // in the order the analyzer gave them
};

// `where` names the stage in messages. The request may be another one than the analyzer's own.
// Errors: InfeasibleError quoting the analyzer's notes; Error when the analyzer failed or reported
// an impossible timeline.
IMBREX_API Analysis analyze_in_detail(std::string_view where, const OverlapAnalyzer& analyzer,
                                      const AnalysisRequest& request, const Design& design,
                                      const BoundMachine& machine);

}  // namespace imbrex
