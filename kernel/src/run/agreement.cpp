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

std::int64_t AgreementJudge::differing_jobs(std::span<const TimedJob> analysed,
                                            std::span<const TimedJob> simulated) const {
  std::int64_t differing = 0;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < analysed.size() && j < simulated.size()) {
    if (job_key(analysed[i]) == job_key(simulated[j])) {
      differing += agrees(stretch_of(analysed[i++]), stretch_of(simulated[j++])) ? 0 : 1;
    } else {
      ++differing;
      ++(job_key(analysed[i]) < job_key(simulated[j]) ? i : j);
    }
  }
  return differing + static_cast<std::int64_t>(analysed.size() - i + simulated.size() - j);
}

}  // namespace imbrex::run
