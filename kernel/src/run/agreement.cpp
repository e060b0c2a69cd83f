#include "run/agreement.hpp"

#include <cmath>
#include <cstdlib>
#include <tuple>

namespace imbrex::run {
namespace {

constexpr double kEstimateTolerancePercent = 10;

auto job_key(const TimedJob& job) {
  return std::tuple(job.server, job.step);
}

Stretch stretch_of(const TimedJob& job) noexcept {
  return {job.start_ps, job.end_ps};
}

}  // namespace

double AgreementRule::tolerance() const noexcept {
  return tolerance_percent.value_or(exactness == Exactness::estimate ? kEstimateTolerancePercent
                                                                     : 0);
}

AgreementJudge::AgreementJudge(const AgreementRule& rule,
                               std::int64_t simulated_makespan_ps) noexcept
    : rule_(rule),
      allowed_ps_(static_cast<std::int64_t>(
          std::floor(rule.tolerance() / 100 * static_cast<double>(simulated_makespan_ps)))) {}

bool AgreementJudge::makespan_agrees(std::int64_t analysed_ps,
                                     std::int64_t simulated_ps) const noexcept {
  const std::int64_t late_ps = analysed_ps - simulated_ps;
  if (rule_.sequential) {
    return late_ps >= (rule_.exactness == Exactness::estimate ? -allowed_ps_ : 0);
  }
  if (rule_.exactness == Exactness::conservative) {
    return late_ps >= 0 && (!rule_.tolerance_percent || late_ps <= allowed_ps_);
  }
  return std::abs(late_ps) <= allowed_ps_;
}

bool AgreementJudge::agrees(const Stretch& analysed, const Stretch& simulated) const noexcept {
  if (rule_.exactness == Exactness::estimate) {
    return true;
  }
  if (rule_.sequential || rule_.exactness == Exactness::conservative) {
    return analysed.end_ps >= simulated.end_ps;
  }
  return std::abs(analysed.start_ps - simulated.start_ps) <= allowed_ps_ &&
         std::abs(analysed.end_ps - simulated.end_ps) <= allowed_ps_;
}

std::int64_t AgreementJudge::differing_jobs(std::span<const JobRun> analysed,
                                            std::span<const JobRun> simulated) const {
  const JobRuns ours(analysed);
  const JobRuns theirs(simulated);
  std::int64_t differing = 0;
  auto a = ours.begin();
  auto b = theirs.begin();
  while (a != ours.end() || b != theirs.end()) {
    const bool take_a = b == theirs.end() || (a != ours.end() && job_key(*a) <= job_key(*b));
    const bool take_b = a == ours.end() || (b != theirs.end() && job_key(*b) <= job_key(*a));
    const bool same = take_a && take_b && agrees(stretch_of(*a), stretch_of(*b));
    differing += same ? 0 : 1;
    if (take_a) {
      ++a;
    }
    if (take_b) {
      ++b;
    }
  }
  return differing;
}

}  // namespace imbrex::run
