// Do two analyses of one design agree, as far as the first one claims to be right? Pure functions
// of two timelines.
#pragma once

#include <imbrex/interfaces/overlap_analyzer.hpp>
#include <imbrex/values/design.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace imbrex::run {

// What is asked of an analysis, beside a simulation that starts every job as early as it can:
//   exact         makespan, jobs and segments are as in the simulation, but for the tolerance;
//   conservative  nothing ends earlier; with a tolerance, the makespan is not later than that
//   either; estimate      the makespan is right within the tolerance; jobs are shown, not judged;
// and of an analysis that delays operators on purpose, whatever it claims, that nothing ends
// earlier than the tolerance allows.
struct AgreementRule {
  Exactness exactness = Exactness::exact;
  bool sequential = false;                  // delays on purpose (Trait::sequential)
  std::optional<double> tolerance_percent;  // of the simulated makespan; none: the default

  // The one in force: what was given, else 10 for an estimate and 0 for others.
  double tolerance() const noexcept;
};

// From when until when.
struct Stretch {
  std::int64_t start_ps = 0;
  std::int64_t end_ps = 0;
};

// A rule applied to times: one object per comparison.
class AgreementJudge {
 public:
  AgreementJudge(const AgreementRule& rule, std::int64_t simulated_makespan_ps) noexcept;

  bool makespan_agrees(std::int64_t analysed_ps, std::int64_t simulated_ps) const noexcept;
  // Of jobs, operators and segments.
  bool agrees(const Stretch& analysed, const Stretch& simulated) const noexcept;
  // Jobs of one operator on both sides, each ordered by server and step: those that do not agree,
  // or that only one side knows.
  std::int64_t differing_jobs(std::span<const JobRun> analysed,
                              std::span<const JobRun> simulated) const;

 private:
  AgreementRule rule_;
  std::int64_t allowed_ps_;
};

}  // namespace imbrex::run
