// File: overlap_analyzer.hpp
#pragma once

#include <imbrex/design.hpp>

#include <span>
#include <string_view>

namespace imbrex {

struct OverlapResult {
  Verdict verdict = Verdict::feasible;
  std::int64_t makespan_ps = 0;
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
  // Ascending; designs with one free segment need not be reported. Default: not recorded.
  virtual void segment(const SegmentTimes& times);
  // Per-analyzer facts for result.json, e.g. ("sets", 1157); the order of calls is kept.
  virtual void statistic(std::string_view name, std::int64_t value) = 0;
  virtual void note(std::string_view name, std::string_view text) = 0;

 protected:
  virtual ~TimelineSink();
};

// When does everything happen? A function from a design's work orders to a timeline, nothing else.
// [any thread]
class IMBREX_API OverlapAnalyzer {
 public:
  virtual ~OverlapAnalyzer();
  virtual Exactness exactness() const noexcept = 0;
  // How this analyzer cuts unmapped operators into jobs.
  virtual JobShape job_shape() const noexcept = 0;
  // out.size() == designs.size(). `detail` may be null; when given, designs.size() == 1 and every
  // job with work is reported. Designs are not modified.
  virtual void analyze(std::span<const Design* const> designs, std::span<OverlapResult> out,
                       TimelineSink* detail) const = 0;
  // out.size() == batch.candidates.size(). Default: every verdict is `unsupported`, and searches
  // score whole designs instead.
  virtual void analyze_pairs(const PairBatch& batch, std::span<PairResult> out) const;
};

}  // namespace imbrex
