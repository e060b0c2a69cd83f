#include <imbrex/plugin/error.hpp>
#include <imbrex/values/design.hpp>

#include <algorithm>
#include <tuple>

namespace imbrex {
namespace {

auto key_of(const TimedJob& job) noexcept {
  return std::tuple(job.id, job.server, job.step);
}

bool lies_behind(const TimedJob& job, const JobRun& run) noexcept {
  return key_of(run[run.count - 1]) <= key_of(job);
}

}  // namespace

bool JobRun::extend(const TimedJob& job) noexcept {
  JobRun longer = *this;
  std::int64_t step = 0;
  if ((count == 1 && __builtin_sub_overflow(job.start_ps, first.start_ps, &longer.period_ps)) ||
      __builtin_add_overflow(first.step, count, &step)) {
    return false;
  }
  ++longer.count;
  if (longer[count] != job) {
    return false;
  }
  *this = longer;
  return true;
}

void JobList::add(const TimedJob& job) {
  IMBREX_ASSERT(runs_.empty() || lies_behind(job, runs_.back()));
  if (runs_.empty() || !runs_.back().extend(job)) {
    runs_.push_back({job});
    begins_.push_back(begins_.back());
  }
  ++begins_.back();
}

void JobList::add(const JobRun& run) {
  IMBREX_ASSERT(run.count > 0 && (runs_.empty() || lies_behind(run.first, runs_.back())));
  runs_.push_back(run);
  begins_.push_back(begins_.back() + static_cast<std::size_t>(run.count));
}

std::size_t JobList::run_of(std::size_t i) const noexcept {
  IMBREX_ASSERT(i < size());
  const auto behind = std::upper_bound(begins_.begin(), begins_.end(), i);
  return static_cast<std::size_t>(behind - begins_.begin()) - 1;
}

TimedJob JobList::operator[](std::size_t i) const noexcept {
  const std::size_t run = run_of(i);
  return runs_[run][static_cast<std::int64_t>(i - begins_[run])];
}

std::int64_t JobRuns::count() const noexcept {
  std::int64_t count = 0;
  for (const JobRun& run : runs_) {
    count += run.count;
  }
  return count;
}

std::span<const JobRun> JobList::runs_of(OperatorId id) const noexcept {
  const auto before = [](const JobRun& run, OperatorId wanted) { return run.first.id < wanted; };
  const auto behind = [](OperatorId wanted, const JobRun& run) { return wanted < run.first.id; };
  const auto first = std::lower_bound(runs_.begin(), runs_.end(), id, before);
  return {first, std::upper_bound(first, runs_.end(), id, behind)};
}

}  // namespace imbrex
