// Designs with their jobs dealt anew, as `imbrex.search.deal-anew` tries it before it compares.
#pragma once

#include <imbrex/toolkit/search/design_dealing.hpp>

namespace imbrex::test {

// Wherever an operator ends earlier so, which the whole design need not.
inline Design dealt_anew(const Design& design, const Machine& machine,
                         const AnalysisRequest& request, const DealingCosts& costs = {}) {
  Design result = design;
  for (const search::DealtSegment& segment : search::deal_design(design, machine, request, costs)) {
    result = search::with_dealt(result, segment);
  }
  return result;
}

}  // namespace imbrex::test
