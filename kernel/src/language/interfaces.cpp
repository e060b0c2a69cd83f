// Key functions of the plugin interfaces: their vtables and type information live in libimbrex.so
// and nowhere else, so every C++ runtime agrees on them (plugin specification, section 1.2).
#include <imbrex/plugin/descriptor.hpp>
#include <imbrex/values/segments.hpp>

#include <algorithm>

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
TimelineSink::~TimelineSink() = default;
void TimelineSink::segment(const SegmentTimes&) {}
OutputFolder::~OutputFolder() = default;

}  // namespace imbrex
