#include "counters.hpp"

#include <algorithm>

namespace imbrex::trace {
namespace {

// Work that begins and ends in an interval is added there; of what lies between, only the changes
// are kept, so that a long job costs no more than a short one.
class Sums {
 public:
  Sums(std::int64_t end_ps, std::int64_t count)
      : width_ps_((end_ps + count - 1) / count),
        end_ps_(end_ps),
        partial_(static_cast<std::size_t>((end_ps + width_ps_ - 1) / width_ps_) + 1),
        whole_(partial_.size()) {}

  void add(const TimedJob& job, double weight) {
    if (job.start_ps == job.end_ps) {
      return;
    }
    const std::size_t first = number_of(job.start_ps);
    const std::size_t last = number_of(job.end_ps);
    if (first == last) {
      partial_[first] += weight * static_cast<double>(job.end_ps - job.start_ps);
      return;
    }
    partial_[first] += weight * static_cast<double>(begin_ps(first + 1) - job.start_ps);
    partial_[last] += weight * static_cast<double>(job.end_ps - begin_ps(last));
    whole_[first + 1] += weight;
    whole_[last] -= weight;
  }

  std::vector<double> means() const {
    std::vector<double> out;
    double throughout = 0;
    for (std::size_t i = 0; begin_ps(i) < end_ps_; ++i) {
      throughout += whole_[i];
      const std::int64_t width_ps = std::min(end_ps_ - begin_ps(i), width_ps_);
      out.push_back(std::max(0.0, throughout + partial_[i] / static_cast<double>(width_ps)));
    }
    return out;
  }
  std::int64_t begin_ps(std::size_t i) const { return static_cast<std::int64_t>(i) * width_ps_; }

 private:
  std::size_t number_of(std::int64_t time_ps) const {
    return static_cast<std::size_t>(time_ps / width_ps_);
  }

  std::int64_t width_ps_;
  std::int64_t end_ps_;
  std::vector<double> partial_;  // picoseconds
  std::vector<double> whole_;    // change at the beginning
};

}  // namespace

std::vector<BusyInterval> busy_intervals(const Result& result, std::int64_t end_ps,
                                         std::int64_t count) {
  Sums servers(end_ps, count);
  Sums units(end_ps, count);
  for (const OperatorResult& op : result.operators) {
    const double share = static_cast<double>(op.units_per_copy * op.copies) /
                         static_cast<double>(std::max<std::int64_t>(op.times.servers, 1));
    for (const TimedJob job : JobRuns(result.jobs.runs_of(op.id))) {
      servers.add(job, 1);
      units.add(job, share);
    }
  }
  const std::vector<double> of_servers = servers.means();
  const std::vector<double> of_units = units.means();
  std::vector<BusyInterval> out;
  for (std::size_t i = 0; i < of_servers.size(); ++i) {
    out.push_back({servers.begin_ps(i), of_servers[i], of_units[i]});
  }
  return out;
}

}  // namespace imbrex::trace
