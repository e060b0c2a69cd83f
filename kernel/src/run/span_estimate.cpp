#include "run/span_estimate.hpp"

#include <imbrex/toolkit/segments/weight_units.hpp>
#include <imbrex/values/segments.hpp>

#include <algorithm>

namespace imbrex::run {
namespace {

bool has_units(const Architecture& architecture) {
  return !architecture.units.empty() && (architecture.units.front().kind == UnitKind::crossbar ||
                                         architecture.units.front().kind == UnitKind::mac_array);
}

}  // namespace

std::int64_t segment_estimate_ps(const RunOutcome& outcome, std::int32_t segment) {
  if (!has_units(outcome.machine->architecture())) {
    return -1;
  }
  const Design& design = *outcome.design;
  UnitSequence units = segments::decompose(design.workload(), outcome.machine->architecture());
  UnitSpan span{-1, -1};
  for (std::size_t u = 0; u < units.units.size(); ++u) {
    const Placement& placement = design.placement(units.units[u].op);
    if (placement.segment == segment) {
      units.most_copies = std::max(units.most_copies, placement.copies);
      const auto here = static_cast<std::int32_t>(u);
      if (span.begin >= 0 && span.end != here) {
        return -1;  // no run of units
      }
      span.begin = span.begin < 0 ? here : span.begin;
      span.end = here + 1;
    }
  }
  SegmentCost cost;
  cost.verdict = Verdict::unsupported;
  if (span.begin >= 0) {
    outcome.machine->cost().evaluate_segments(units, {&span, 1}, {&cost, 1});
  }
  return cost.verdict == Verdict::feasible ? cost.latency_ps : -1;
}

}  // namespace imbrex::run
