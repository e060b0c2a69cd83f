#include "run/job_collector.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace imbrex::run {
namespace {

auto key_of(const TimedJob& job) noexcept {
  return std::tuple(job.id, job.server, job.step);
}

bool comes_first(const TimedJob& a, const TimedJob& b) noexcept {
  return key_of(a) < key_of(b);
}

bool overlap(const JobRun& earlier, const JobRun& later) noexcept {
  return comes_first(later.first, earlier[earlier.count - 1]);
}

std::vector<TimedJob> jobs_of(const std::vector<JobRun>& runs) {
  std::vector<TimedJob> jobs;
  for (const JobRun& run : runs) {
    for (std::int64_t i = 0; i < run.count; ++i) {
      jobs.push_back(run[i]);
    }
  }
  return jobs;
}

}  // namespace

void JobCollector::add(const TimedJob& job) {
  const std::pair key(job.id, job.server);
  if (!runs_.empty() && runs_[last_].extend(job)) {
    return;
  }
  if (const auto open = open_.find(key); open != open_.end() && open->second != last_) {
    last_ = open->second;
    if (runs_[last_].extend(job)) {
      return;
    }
  }
  last_ = runs_.size();
  runs_.push_back({job});
  open_[key] = last_;
}

void JobCollector::add(const JobRun& run) {
  last_ = runs_.size();
  runs_.push_back(run);
  open_[{run.first.id, run.first.server}] = last_;
}

JobList JobCollector::sorted() && {
  const auto before = [](const JobRun& a, const JobRun& b) {
    return comes_first(a.first, b.first);
  };
  if (!std::is_sorted(runs_.begin(), runs_.end(), before)) {
    std::stable_sort(runs_.begin(), runs_.end(), before);
  }
  JobList list;
  if (std::adjacent_find(runs_.begin(), runs_.end(), overlap) == runs_.end()) {
    for (const JobRun& run : runs_) {
      run.count == 1 ? list.add(run.first) : list.add(run);
    }
    return list;
  }
  std::vector<TimedJob> jobs = jobs_of(runs_);
  std::stable_sort(jobs.begin(), jobs.end(), comes_first);
  for (const TimedJob& job : jobs) {
    list.add(job);
  }
  return list;
}

}  // namespace imbrex::run
