#include "segment_trial.hpp"

#include <imbrex/values/region.hpp>

namespace imbrex::pipeorgan {

SegmentTrial::SegmentTrial(const Design& design, const Evaluator& evaluator,
                           const segments::LayerSequence& sequence)
    : evaluator_(evaluator), sequence_(sequence), design_(design) {
  for (const OperatorId id : sequence.operators) {
    design_.placement(id) = {};
    design_.mapping(id).reset();
  }
}

const Stage& SegmentTrial::stage(OperatorId id, const JobShape& shape, std::int64_t units) {
  const auto [at, fresh] = stages_.try_emplace({id, shape.kind, shape.height, shape.width, units});
  Stage& result = at->second;
  if (!fresh) {
    return result;
  }
  Placement placement;
  placement.units = units;
  result.placed.units = units;
  result.placed.mapping = evaluator_.cost().canonical_mapping(id, placement, shape);
  const Mapping& mapping = result.placed.mapping;
  LayerCost cost;
  evaluator_.cost().evaluate(id, placement, {&mapping, 1}, {&cost, 1});
  if (cost.verdict != Verdict::feasible) {
    result.jobs = 0;
    return result;
  }
  for (const Loop& loop : mapping.outer_loops()) {
    result.jobs *= loop.bound;
  }
  result.job_ps = ceil_div(cost.latency_ps, result.jobs);
  result.energy_pj = cost.energy_pj;
  return result;
}

void SegmentTrial::enter(std::size_t begin, std::size_t end, std::int32_t segment) {
  for (std::size_t i = begin; i < end; ++i) {
    design_.placement(sequence_.operators[i]) = {};
    design_.placement(sequence_.operators[i]).segment = segment;
  }
}

SegmentOverhead SegmentTrial::memories(std::size_t begin, std::size_t end) {
  enter(begin, end, 1);
  design_.set_floor_plans({});
  const SegmentOverhead overhead = evaluator_.cost().segment_overhead(design_, 1);
  enter(begin, end, 0);
  return overhead;
}

SegmentOverhead SegmentTrial::memories(std::size_t begin, std::span<const Stage* const> stages,
                                       const FloorPlan& plan) {
  enter(begin, begin + stages.size(), 1);
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const OperatorId id = sequence_.operators[begin + i];
    design_.placement(id).units = stages[i]->placed.units;
    design_.mapping(id) = stages[i]->placed.mapping;
  }
  FloorPlan numbered = plan;
  numbered.segment = 1;
  design_.set_floor_plans({std::move(numbered)});
  const SegmentOverhead overhead = evaluator_.cost().segment_overhead(design_, 1);
  enter(begin, begin + stages.size(), 0);
  return overhead;
}

}  // namespace imbrex::pipeorgan
