// Cost models that estimate segments: partitioners keep what they are told, and ask in any order.
#include "checks.hpp"
#include "cost_trial.hpp"
#include "run/guarded_cost_model.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/segments/weight_units.hpp>

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace imbrex::conform {
namespace {

constexpr Kinds kCost = kinds_of({Kind::cost_model});
constexpr std::string_view kValues[] = {"errors/ordinary-networks-are-answered",
                                        "cost/demands-are-pure", "cost/values-are-in-range"};
constexpr std::size_t kMostSpans = 60;

// Units of the network on the architecture; none where it is cut into none.
std::optional<UnitSequence> units_of(const CostTrial& trial) {
  try {
    return segments::decompose(trial.workload(), trial.architecture());
  } catch (const InputError&) {
    return std::nullopt;
  }
}

std::vector<UnitSpan> drawn_spans(const UnitSequence& units, Random& random) {
  const auto count = static_cast<std::int32_t>(units.units.size());
  std::vector<UnitSpan> spans;
  for (std::int32_t begin = 0; begin < count; ++begin) {
    for (std::int32_t end = begin + 1; end <= count; ++end) {
      spans.push_back({begin, end});
    }
  }
  random.shuffle(std::span(spans));
  spans.resize(std::min(spans.size(), kMostSpans));
  return spans;
}

bool equal(const SegmentCost& one, const SegmentCost& other) noexcept {
  return one.verdict == other.verdict &&
         (one.verdict != Verdict::feasible ||
          (one.latency_ps == other.latency_ps && one.energy_pj == other.energy_pj &&
           one.weight_load_ps == other.weight_load_ps && one.drain_ps == other.drain_ps));
}

// Whether any of the spans has an estimate.
bool require_pure(const CostModel& cost, const UnitSequence& units,
                  const std::vector<UnitSpan>& spans) {
  std::vector<SegmentCost> together(spans.size());
  cost.evaluate_segments(units, spans, together);
  bool estimated = false;
  for (std::size_t i = spans.size(); i-- > 0;) {
    SegmentCost alone;
    cost.evaluate_segments(units, {&spans[i], 1}, {&alone, 1});
    estimated = estimated || alone.verdict != Verdict::unsupported;
    require(equal(alone, together[i]), [&] {
      return fmt::format(
          "evaluate_segments of units {} to {}: {} ps alone, {} ps as number {} of {}",
          spans[i].begin, spans[i].end, alone.latency_ps, together[i].latency_ps, i + 1,
          spans.size());
    });
    if (alone.verdict == Verdict::feasible) {
      std::vector<std::int64_t> copies(static_cast<std::size_t>(spans[i].end - spans[i].begin), 0);
      cost.segment_copies(units, spans[i], copies);  // the guard wants at least one each
    }
  }
  return estimated;
}

void estimates_are_pure(Examination& examination) {
  bool estimated = false;
  for_each_cost_trial(examination, [&](const CostTrial& trial, Random& random) {
    const std::optional<UnitSequence> units = units_of(trial);
    if (!units) {
      return;
    }
    const run::GuardedCostModel guarded(std::string(trial.component().id), trial.cost(),
                                        trial.workload());
    estimated = require_pure(guarded, *units, drawn_spans(*units, random)) || estimated;
  });
  if (!estimated) {
    throw Skipped("it estimates no segments");
  }
}

constexpr Check kChecks[] = {
    {"cost/segment-estimates-are-pure",
     "evaluate_segments gives each span the same, in any batch and order, within range, and "
     "segment_copies at least one copy.",
     kCost, estimates_are_pure, kValues, true},
};

}  // namespace

std::span<const Check> segment_checks() {
  return kChecks;
}

}  // namespace imbrex::conform
