// Analyzers take designs in batches; most tests have one.
#pragma once

#include <imbrex/interfaces/overlap_analyzer.hpp>

namespace imbrex::test {

inline OverlapResult analyze_one(const OverlapAnalyzer& analyzer, const AnalysisRequest& request,
                                 const Design& design, TimelineSink* detail = nullptr) {
  const Design* const designs[] = {&design};
  OverlapResult result;
  analyzer.analyze(request, designs, {&result, 1}, detail);
  return result;
}
// What the analyzer's own parameters ask.
inline OverlapResult analyze_one(const OverlapAnalyzer& analyzer, const Design& design,
                                 TimelineSink* detail = nullptr) {
  return analyze_one(analyzer, analyzer.request(), design, detail);
}

}  // namespace imbrex::test
