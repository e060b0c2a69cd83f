// Jobs that all take the same are checked by the ends of their runs.
#include "run/even_steps.hpp"
#include "run/operator_audit.hpp"

#include <algorithm>

namespace imbrex::run {
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

// True when one look at each step shows that none of its jobs starts before what it reads is there:
// what is there for all that a step reads together is there for each of its jobs. Only where that
// comes too late does every job of the step count.
bool OperatorAudit::steps_follow_sources(OperatorId op, const WorkOrder& order, JobRuns jobs) {
  if (!runs_evenly(graph_, op, jobs)) {
    return false;
  }
  for (const TimedJob timed : on_first_server(jobs)) {
    if (starts_behind(op, box_of_step(order, timed.step), timed.start_ps)) {
      continue;
    }
    for (std::int64_t server = 0; server < order.server_count(); ++server) {
      if (!starts_behind(op, order.job(timed.step, server).box, timed.start_ps)) {
        return false;
      }
    }
  }
  return true;
}

// The ends of an operator's jobs without a look at those that add to what another server writes at
// the same times. False: servers run apart.
bool OperatorAudit::raise_by_steps(OperatorId op) {
  Done& done = done_[op];
  if (!runs_evenly(graph_, op, done.jobs)) {
    return false;
  }
  for (const std::int64_t server : servers_that_differ_in_output(graph_, op)) {
    for (const TimedJob timed : on_first_server(done.jobs)) {
      done.tiles->raise(done.order->job(timed.step, server).box, timed.end_ps);
    }
  }
  return true;
}

bool OperatorAudit::starts_behind(OperatorId op, const DimBox& box, std::int64_t start_ps) {
  sources_.clear();
  graph_.trace(op, box, scratch_, sources_);
  return std::all_of(sources_.begin(), sources_.end(),
                     [&](const Source& source) { return start_ps >= ready_ps(source); });
}

}  // namespace imbrex::run
