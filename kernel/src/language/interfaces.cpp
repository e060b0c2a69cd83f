// Key functions of the plugin interfaces: their vtables and type information live in libimbrex.so
// and nowhere else, so every C++ runtime agrees on them (plugin specification, section 1.2).
#include <imbrex/plugin/descriptor.hpp>
#include <imbrex/values/segments.hpp>

#include <algorithm>
#include <limits>

namespace imbrex {

WorkloadReader::~WorkloadReader() = default;
ArchitectureModel::~ArchitectureModel() = default;
CostModel::~CostModel() = default;
Partitioner::~Partitioner() = default;
SearchStrategy::~SearchStrategy() = default;
OverlapAnalyzer::~OverlapAnalyzer() = default;
Reporter::~Reporter() = default;

MapSpaceSpec CostModel::map_space(OperatorId, const Placement&) const {
  return {};
}

std::optional<Shortfall> CostModel::shortfall(OperatorId, const Placement&, const Mapping&) const {
  return std::nullopt;
}
std::optional<LayerAccount> CostModel::account(OperatorId, const Placement&, const Mapping&) const {
  return std::nullopt;
}
void CostModel::evaluate_segments(const UnitSequence&, std::span<const UnitSpan>,
                                  std::span<SegmentCost> out) const {
  for (SegmentCost& cost : out) {
    cost.verdict = Verdict::unsupported;
  }
}
void CostModel::segment_copies(const UnitSequence&, UnitSpan, std::span<std::int64_t> out) const {
  std::fill(out.begin(), out.end(), 1);
}
SegmentOverhead CostModel::segment_overhead(const Design&, std::int32_t) const {
  return {};
}

TransferCost CostModel::most_transfer(std::int64_t) const {
  return {std::numeric_limits<std::int64_t>::max(), std::numeric_limits<double>::infinity()};
}

std::optional<NestCounting> CostModel::nest_counting() const {
  return std::nullopt;
}
bool CostModel::models_energy() const {
  return false;
}

Fidelity OverlapAnalyzer::fidelity(const WorkGraph&) const {
  return {};
}
void OverlapAnalyzer::analyze_pairs(const PairBatch&, std::span<PairResult> out) const {
  for (PairResult& result : out) {
    result.verdict = Verdict::unsupported;
  }
}

Host::~Host() = default;
Evaluator::~Evaluator() = default;
Objective Evaluator::objective() const noexcept {
  return Objective::latency;
}
double layer_objective(Objective objective, const Architecture& architecture,
                       const LayerCost& layer) noexcept {
  if (layer.verdict != Verdict::feasible) {
    return std::numeric_limits<double>::infinity();
  }
  const auto latency_ps = static_cast<double>(layer.latency_ps);
  const double energy_pj =
      layer.energy_pj + architecture.replacement.static_power_pj_per_ps * latency_ps;
  switch (objective) {
    case Objective::latency:
    case Objective::throughput:
      break;
    case Objective::energy:
      return energy_pj;
    case Objective::edp:
      return energy_pj * latency_ps * 1e-12;
  }
  return latency_ps;
}

TimelineSink::~TimelineSink() = default;
void TimelineSink::jobs(const JobRun& run) {
  for (std::int64_t i = 0; i < run.count; ++i) {
    job(run[i]);
  }
}
void TimelineSink::segment(const SegmentTimes&) {}
OutputFolder::~OutputFolder() = default;

}  // namespace imbrex
