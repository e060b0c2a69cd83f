// Jobs as an analyzer reports them, in any order and unchecked, becoming the runs of a timeline.
#pragma once

#include <imbrex/values/design.hpp>

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

namespace imbrex::run {

// [one thread]
class JobCollector {
 public:
  // Amortised O(log servers); O(1) while jobs of one server follow one another.
  void add(const TimedJob& job);
  // Requires: the run is not empty.
  void add(const JobRun& run);
  // As they came: operators, servers and steps may be any numbers, and may repeat.
  std::span<const JobRun> runs() const noexcept { return runs_; }
  // All of them by operator, server and step. O(runs log runs), or O(jobs log jobs) where runs
  // overlap.
  JobList sorted() &&;

 private:
  std::vector<JobRun> runs_;
  // Analyzers that follow time report operators and servers in turns, each with a run that is open.
  std::map<std::pair<OperatorId, std::int32_t>, std::size_t> open_;
  std::size_t last_ = 0;
};

}  // namespace imbrex::run
