// Jobs that all take the same are checked by the ends of their runs.
#include "run/operator_audit.hpp"

#include <algorithm>

namespace imbrex::run {
namespace {

bool at_the_same_times(const JobRun& a, const JobRun& b) noexcept {
  return a.first.step == b.first.step && a.first.start_ps == b.first.start_ps &&
         a.first.end_ps == b.first.end_ps && a.period_ps == b.period_ps && a.count == b.count;
}

bool same_on_all_servers(JobRuns jobs) {
  const std::span<const JobRun> runs = jobs.runs();
  const auto other = std::find_if(runs.begin(), runs.end(), [&](const JobRun& run) {
    return run.first.server != runs.front().first.server;
  });
  const auto each = static_cast<std::size_t>(other - runs.begin());
  for (std::size_t i = each; i < runs.size(); ++i) {
    if (!at_the_same_times(runs[i], runs[i - each])) {
      return false;
    }
  }
  return true;
}

}  // namespace

// `check_set` where all jobs take equally long, without a look at any but the ends of runs. False:
// they do not, or some job is not where it belongs.
bool OperatorAudit::check_equal(OperatorId op, const WorkOrder& order, JobRuns jobs) {
  const std::optional<std::int64_t> job_ps = order.equal_jobs_ps();
  if (!job_ps || jobs.count() != order.job_count()) {
    return false;
  }
  const TimedJob* before = nullptr;
  std::int64_t steps = 0;  // of the run before
  for (const JobRun& run : jobs.runs()) {
    const bool goes_on = before != nullptr && before->server == run.first.server;
    if (run.first.step != (goes_on ? before->step + steps : 0)) {
      return false;
    }
    before = &run.first;
    steps = run.count;
  }
  Job job;
  job.duration_ps = *job_ps;
  for (const JobRun& run : jobs.runs()) {
    check_length(op, job, run.first);
    check_length(op, job, run[run.count - 1]);
  }
  return true;
}

// True when the ends of runs alone show that every server does one job after another, and all
// servers the same where they advance together. For jobs that `check_equal` knows to be complete.
bool OperatorAudit::runs_in_turn(const WorkOrder& order, JobRuns jobs) {
  const std::optional<std::int64_t> job_ps = order.equal_jobs_ps();
  if (!job_ps) {
    return false;
  }
  std::int64_t free_ps = earliest_ps_;
  std::int32_t server = -1;
  for (const JobRun& run : jobs.runs()) {
    free_ps = run.first.server == server ? free_ps : earliest_ps_;
    server = run.first.server;
    if (run.first.start_ps < free_ps || (run.count > 1 && run.period_ps < *job_ps)) {
      return false;
    }
    free_ps = run[run.count - 1].end_ps;
  }
  return !order.lock_step() || same_on_all_servers(jobs);
}

}  // namespace imbrex::run
