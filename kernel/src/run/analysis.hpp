// One detailed analysis of one design: the timeline with all jobs, and what the analyzer said about
// it.
#pragma once

#include "run/bound_machine.hpp"
#include "run/component_place.hpp"

#include <imbrex/interfaces/overlap_analyzer.hpp>
#include <imbrex/values/result.hpp>

#include <string>
#include <vector>

namespace imbrex::run {

struct Analysis {
  Timeline timeline;        // with jobs
  std::vector<Fact> facts;  // in the order the analyzer gave them
  Exactness exactness = Exactness::exact;
  std::vector<std::string> exactness_reasons;
};

// Whether the timeline is compared with the graphs it is a timeline of (audit.hpp). Off only to
// measure what it costs.
enum class Audited : bool { no, yes };

// `place` names the analyzer in messages. The request may be another one than the analyzer's own.
// The design must be admitted. Errors: InfeasibleError quoting the analyzer's notes, or when it
// cannot model something in the design; BlamedError when the analyzer failed, stated a fact that it
// does not declare, or reported a timeline that is not one of the design.
Analysis analyze_in_detail(const ComponentPlace& place, const OverlapAnalyzer& analyzer,
                           const AnalysisRequest& request, const Design& design,
                           const BoundMachine& machine, Audited audited = Audited::yes);

}  // namespace imbrex::run
