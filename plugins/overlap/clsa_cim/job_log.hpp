// What both implementations of the analysis hand back: the makespan and how much there was to
// schedule; and, for availability maps, when every job ran if somebody listens.
#pragma once

#include <imbrex/values/design.hpp>
#include <imbrex/values/work_graph.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

namespace imbrex::clsa {

// "No job makes this": data of the network's inputs. Far below every time, so that adding delays to
// it never makes it look like one; clamped to 0 where a job waits for it.
inline constexpr std::int64_t kAlwaysThere = std::numeric_limits<std::int64_t>::min() / 4;

struct Schedule {
  std::int64_t makespan_ps = 0;
  std::int64_t jobs = 0;   // with work: the sets of specification clsa-cim section 6.1
  std::int64_t edges = 0;  // distinct (producing job, consuming job) pairs; explicit graph only
};

// Times of all jobs with work, kept only when `enabled`; ordered by operator, server, step.
class JobLog {
 public:
  explicit JobLog(bool enabled) noexcept : enabled_(enabled) {}
  bool enabled() const noexcept { return enabled_; }

  void add(const TimedJob& job) {
    if (enabled_) {
      of_operator_.push_back(job);
    }
  }
  // To be called after the last job of an operator, operators ascending; puts its jobs in order.
  void finish_operator() {
    const auto by_server = [](const TimedJob& a, const TimedJob& b) {
      return a.server != b.server ? a.server < b.server : a.step < b.step;
    };
    if (!std::is_sorted(of_operator_.begin(), of_operator_.end(), by_server)) {
      std::sort(of_operator_.begin(), of_operator_.end(), by_server);
    }
    for (const TimedJob& job : of_operator_) {
      jobs_.add(job);
    }
    of_operator_.clear();
  }
  const JobList& jobs() const noexcept { return jobs_; }

 private:
  bool enabled_;
  std::vector<TimedJob> of_operator_;
  JobList jobs_;
};

}  // namespace imbrex::clsa
