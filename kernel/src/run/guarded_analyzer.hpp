// An overlap analyzer whose answers are checked where they enter: verdicts are verdicts, makespans
// at least 0, every answer written. What is wrong is blamed on the analyzer, also when a search or
// partitioner called it.
#pragma once

#include <imbrex/interfaces/overlap_analyzer.hpp>

#include <string>

namespace imbrex::run {

// Errors that the analyzer throws on purpose keep their type and get `where` in front; others
// become a BlamedError. Error{failed} when the caller breaks the contract. [any thread]
class GuardedAnalyzer final : public OverlapAnalyzer {
 public:
  // `inner` must outlive this. An analyzer that is guarded already stays so.
  GuardedAnalyzer(std::string where, const OverlapAnalyzer& inner);

  AnalysisRequest request() const noexcept override;
  Fidelity fidelity(const WorkGraph& graph) const override;
  void analyze(const AnalysisRequest& request, std::span<const Design* const> designs,
               std::span<OverlapResult> out, TimelineSink* detail) const override;
  void analyze_pairs(const PairBatch& batch, std::span<PairResult> out) const override;

 private:
  std::string where_;
  const OverlapAnalyzer& inner_;
};

}  // namespace imbrex::run
