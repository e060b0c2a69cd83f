#include "flows.hpp"

#include <algorithm>
#include <optional>
#include <tuple>

namespace imbrex::trace {
namespace {

struct Found {
  std::size_t position = 0;
  TimedJob job;
};

class Finder {
 public:
  explicit Finder(const Result& result) : jobs_(result.jobs) {}

  // The first that starts, of equal ones the first in the list.
  std::optional<Found> earliest(OperatorId op) const {
    return best(
        op, [](const JobRun& run) -> std::int64_t { return run.period_ps < 0 ? run.count - 1 : 0; },
        [](const TimedJob& a, const TimedJob& b) { return a.start_ps < b.start_ps; });
  }
  // The last that ends, of those that have ended at `time_ps`.
  std::optional<Found> latest_ended(OperatorId op, std::int64_t time_ps) const {
    return best(
        op, [time_ps](const JobRun& run) { return last_not_after(run, time_ps); },
        [](const TimedJob& a, const TimedJob& b) { return a.end_ps > b.end_ps; });
  }
  std::optional<Found> ending_at(OperatorId op, std::int64_t time_ps) const {
    const auto found = latest_ended(op, time_ps);
    return found && found->job.end_ps == time_ps ? found : std::nullopt;
  }
  std::optional<Found> starting_at(OperatorId op, std::int64_t time_ps) const {
    return best(
        op,
        [time_ps](const JobRun& run) -> std::int64_t {
          const std::int64_t behind_ps = time_ps - run.first.start_ps;
          const std::int64_t at = run.period_ps == 0 ? 0 : behind_ps / run.period_ps;
          return at >= 0 && at < run.count && run[at].start_ps == time_ps ? at : -1;
        },
        [](const TimedJob&, const TimedJob&) { return false; });
  }

 private:
  // Index in the run of its last job that has ended; -1: none has.
  static std::int64_t last_not_after(const JobRun& run, std::int64_t time_ps) {
    const std::int64_t left_ps = time_ps - run.first.end_ps;
    if (run.period_ps > 0) {
      return left_ps < 0 ? -1 : std::min(left_ps / run.period_ps, run.count - 1);
    }
    // Later steps end earlier, or all at once: the first of those that have ended.
    if (left_ps >= 0) {
      return 0;
    }
    const std::int64_t back_ps = -run.period_ps;
    const std::int64_t at = back_ps == 0 ? run.count : (back_ps - 1 - left_ps) / back_ps;
    return at < run.count ? at : -1;
  }

  // The best of what `index_in` picks in every run of the operator.
  template <class IndexIn, class Better>
  std::optional<Found> best(OperatorId op, const IndexIn& index_in, const Better& better) const {
    std::optional<Found> found;
    const std::span<const JobRun> runs = jobs_.runs_of(op);
    for (const JobRun& run : runs) {
      const std::int64_t at = index_in(run);
      if (at >= 0 && (!found || better(run[at], found->job))) {
        const auto number = static_cast<std::size_t>(&run - jobs_.runs().data());
        found = Found{jobs_.begin_of(number) + static_cast<std::size_t>(at), run[at]};
      }
    }
    return found;
  }

  const JobList& jobs_;
};

class Collector {
 public:
  void join(const std::optional<Found>& from, const std::optional<Found>& to, FlowKind kind) {
    if (from && to && takes_time(from->job) && takes_time(to->job) &&
        from->job.start_ps < to->job.start_ps) {
      ++id_;
      ends_.push_back({from->position, id_, kind, true});
      ends_.push_back({to->position, id_, kind, false});
    }
  }
  std::vector<FlowEnd> sorted() && {
    std::sort(ends_.begin(), ends_.end(), [](const FlowEnd& a, const FlowEnd& b) {
      return std::tuple(a.job, a.id) < std::tuple(b.job, b.id);
    });
    return std::move(ends_);
  }

 private:
  static bool takes_time(const TimedJob& job) { return job.start_ps < job.end_ps; }

  std::vector<FlowEnd> ends_;
  std::int64_t id_ = 0;
};

}  // namespace

std::vector<FlowEnd> flow_ends(const Result& result) {
  const Finder find(result);
  Collector flows;
  for (const EdgeTraffic& edge : result.edges) {
    const auto reads = find.earliest(edge.consumer);
    if (reads) {
      flows.join(find.latest_ended(edge.producer, reads->job.start_ps), reads, FlowKind::edge);
    }
  }
  for (std::size_t i = 1; i < result.critical_path.size(); ++i) {
    const CriticalStep& before = result.critical_path[i - 1];
    const CriticalStep& step = result.critical_path[i];
    flows.join(find.ending_at(before.op, before.end_ps), find.starting_at(step.op, step.start_ps),
               FlowKind::critical);
  }
  return std::move(flows).sorted();
}

std::span<const FlowEnd> ends_at(std::span<const FlowEnd> ends, std::size_t job) {
  const auto begin = std::partition_point(ends.begin(), ends.end(),
                                          [job](const FlowEnd& end) { return end.job < job; });
  const auto end =
      std::partition_point(begin, ends.end(), [job](const FlowEnd& one) { return one.job == job; });
  return {begin, end};
}

}  // namespace imbrex::trace
