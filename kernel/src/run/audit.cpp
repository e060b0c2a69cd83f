#include "run/audit.hpp"

#include "run/operator_audit.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>

#include <fmt/format.h>

namespace imbrex::run {
namespace {

class Audit {
 public:
  Audit(const AuditInput& input, const Timeline& timeline) : input_(input), timeline_(timeline) {}

  void run() {
    check_numbers();
    std::int64_t end_ps = 0;
    for (std::size_t i = 0; i < input_.graphs->size(); ++i) {
      end_ps = check_segment((*input_.graphs)[i], end_ps, i);
      latest_ps_ = std::max(latest_ps_, end_ps);
    }
    const std::int64_t least_ps = input_.said == Exactness::estimate ? last_job_ps_ : latest_ps_;
    if (timeline_.makespan_ps < least_ps || (is_exact() && timeline_.makespan_ps != latest_ps_)) {
      blame(fmt::format("the makespan is {} ps; the last thing that happens ends at {} ps",
                        timeline_.makespan_ps, latest_ps_));
    }
  }

 private:
  [[noreturn]] void blame(const std::string& text) const {
    throw BlamedError(input_.where, "timeline: " + text);
  }
  bool is_exact() const noexcept { return input_.said == Exactness::exact; }

  static SegmentOverhead overhead_of(const SegmentGraph& one) {
    return one.graph.machine().cost().segment_overhead(one.graph.design(), one.segment);
  }

  // A design that is one segment without overhead need not be reported.
  void check_numbers() const {
    const std::vector<SegmentGraph>& graphs = *input_.graphs;
    if (timeline_.segments.empty() && graphs.size() == 1 &&
        !overhead_of(graphs.front()).takes_time()) {
      return;
    }
    const bool same = std::equal(graphs.begin(), graphs.end(), timeline_.segments.begin(),
                                 timeline_.segments.end(),
                                 [](const SegmentGraph& graph, const SegmentTimes& times) {
                                   return graph.segment == times.segment;
                                 });
    if (!same) {
      blame(
          fmt::format("it has times of {} segments; the design has {}, and they must be told in "
                      "ascending order",
                      timeline_.segments.size(), graphs.size()));
    }
  }

  // Returns when the segment ends.
  std::int64_t check_segment(const SegmentGraph& one, std::int64_t before_ps, std::size_t number) {
    const SegmentTimes* const times =
        timeline_.segments.empty() ? nullptr : &timeline_.segments[number];
    OperatorAudit jobs(input_.where, one.graph, times == nullptr ? 0 : times->work_start_ps);
    for (const OperatorId op : one.graph.mapped()) {
      const std::span<const JobRun> mine = timeline_.jobs.runs_of(op);
      jobs.check(op, mine, input_.said != Exactness::estimate);
      for (const JobRun& run : mine) {
        last_job_ps_ = std::max({last_job_ps_, run.first.end_ps, run[run.count - 1].end_ps});
      }
    }
    const std::int64_t end_ps = jobs.end_ps();
    if (times == nullptr) {
      return end_ps;
    }
    if (input_.succession == SegmentSuccession::barrier) {
      check_barrier(one, *times, before_ps, end_ps);
    } else {
      check_bounds(*times, end_ps);
    }
    return times->end_ps;
  }

  void check_barrier(const SegmentGraph& one, const SegmentTimes& times, std::int64_t before_ps,
                     std::int64_t end_ps) const {
    const SegmentOverhead overhead = overhead_of(one);
    const std::int64_t work_start_ps =
        before_ps + overhead.weight_load_ps + overhead.weight_write_ps;
    const std::int64_t expected_ps =
        work_start_ps + overhead.work_ps(end_ps - times.work_start_ps) + overhead.data_ps;
    const bool right = times.start_ps == before_ps && times.work_start_ps == work_start_ps &&
                       (is_exact() ? times.end_ps == expected_ps : times.end_ps >= end_ps);
    if (!right) {
      blame(
          fmt::format("segment {} starts at {} ps, works from {} ps and ends at {} ps; behind the "
                      "segment before it, with its weights and data, that is {}, {} and {} ps",
                      times.segment, times.start_ps, times.work_start_ps, times.end_ps, before_ps,
                      work_start_ps, expected_ps));
    }
  }

  void check_bounds(const SegmentTimes& times, std::int64_t end_ps) const {
    if (times.start_ps < 0 || times.work_start_ps < times.start_ps || times.end_ps < end_ps) {
      blame(
          fmt::format("segment {} starts at {} ps, works from {} ps and ends at {} ps; its last "
                      "job or output is there at {} ps",
                      times.segment, times.start_ps, times.work_start_ps, times.end_ps, end_ps));
    }
  }

  const AuditInput& input_;
  const Timeline& timeline_;
  std::int64_t last_job_ps_ = 0;
  std::int64_t latest_ps_ = 0;
};

}  // namespace

void audit(const AuditInput& input, const Timeline& timeline) {
  Audit(input, timeline).run();
}

}  // namespace imbrex::run
