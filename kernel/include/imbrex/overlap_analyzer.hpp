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

// Receives what a person may want to see of one analysis. Only called when asked for. [one thread]
class IMBREX_API TimelineSink {
 public:
  virtual void job(const TimedJob& job) = 0;
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
  // out.size() == designs.size(). `detail` may be null; when given, designs.size() == 1 and every job
  // with work is reported. Designs are not modified.
  virtual void analyze(std::span<const Design* const> designs, std::span<OverlapResult> out,
                       TimelineSink* detail) const = 0;
};

}  // namespace imbrex
