#pragma once

#include <imbrex/values/design.hpp>
#include <imbrex/values/work_graph.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex {

class WorkGraph;

struct OverlapResult {
  Verdict verdict = Verdict::feasible;
  std::int64_t makespan_ps = 0;
};

// What it costs to run a job on another server than its mapping's (specification fast-overlapim,
// section 4.2).
struct DealingCosts {
  bool whole_tiles = false;       // jobs of one output tile stay together
  bool move_weights = true;       // false: weights are replicated on all servers
  double bits_per_ps = 0;         // between servers; 0: free
  std::int64_t merge_add_ps = 0;  // one addition of two partial sums
  friend constexpr bool operator==(const DealingCosts&, const DealingCosts&) = default;
};

// One edge of the graph with one end fixed and many candidate mappings for the other (specification
// fast-overlapim sections 3.5 and 5.1). The producer runs on the affine clock
// fin(t) = producer_start_ps + (t+1) * duration of its jobs.
struct PairBatch {
  const Design* design = nullptr;  // placements; mappings of neither end are looked at
  OperatorId producer = OperatorId::none;
  OperatorId consumer = OperatorId::none;
  bool candidates_are_producers = false;
  const Mapping* fixed = nullptr;  // mapping of the other end
  std::span<const Mapping> candidates;
  std::int64_t producer_start_ps = 0;
  const DealingCosts* dealing = nullptr;  // null: `transformed_end_ps` is `end_ps`
};
struct PairResult {
  Verdict verdict = Verdict::feasible;
  std::int64_t end_ps = 0;              // when the consumer ends, overlapped
  std::int64_t transformed_end_ps = 0;  // the same with its data spaces dealt anew, overhead paid
  std::int64_t offset_ps = 0;           // no-stall: smallest start of consumer minus producer
};

// Receives what a person may want to see of one analysis. Only called when asked for. [one thread]
class IMBREX_API TimelineSink {
 public:
  virtual void job(const TimedJob& job) = 0;
  // Many at once. Default: one after another.
  virtual void jobs(const JobRun& run);
  // Ascending; designs with one free segment need not be reported. Default: not recorded.
  virtual void segment(const SegmentTimes& times);
  // Per-analyzer facts for result.json, e.g. ("sets", 1157); the order of calls is kept.
  virtual void statistic(std::string_view name, std::int64_t value) = 0;
  virtual void note(std::string_view name, std::string_view text) = 0;

 protected:
  virtual ~TimelineSink();
};

// What an analyzer says of one graph before it times it. The kernel takes the least of this, of the
// backward maps on the way and of links that are only rates, and lists all reasons in the result.
struct Fidelity {
  // `unsupported`: the graph holds something that the analyzer cannot model; `reasons` say what.
  Verdict verdict = Verdict::feasible;
  Exactness exactness = Exactness::exact;
  std::vector<std::string> reasons;  // why not exact, e.g. "method digit-walk on several servers"
  // The analyzer serves packets on links itself instead of taking the graph's rates: it builds its
  // graphs with `AnalysisRequest::links` false.
  bool serves_links = false;
};

// When does everything happen? A function from a design's work orders to a timeline, nothing else.
// [any thread]
class IMBREX_API OverlapAnalyzer {
 public:
  virtual ~OverlapAnalyzer();
  // What the recipe asks, as far as this analyzer's parameters say it.
  virtual AnalysisRequest request() const noexcept = 0;
  // Of the graph of one segment, or of the whole design when all is resident. Default: exact.
  virtual Fidelity fidelity(const WorkGraph& graph) const;
  // out.size() == designs.size(). `detail` may be null; when given, designs.size() == 1 and every
  // job with work is reported. Designs are not modified. The request may be another one than
  // `request()`.
  virtual void analyze(const AnalysisRequest& request, std::span<const Design* const> designs,
                       std::span<OverlapResult> out, TimelineSink* detail) const = 0;
  // out.size() == batch.candidates.size(). Default: every verdict is `unsupported`, and searches
  // score whole designs instead.
  virtual void analyze_pairs(const PairBatch& batch, std::span<PairResult> out) const;
};

}  // namespace imbrex
