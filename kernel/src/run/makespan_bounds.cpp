#include "run/makespan_bounds.hpp"

#include "run/latest_ends.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace imbrex::run {
namespace {

struct Period {
  std::int64_t start_ps = 0;
  std::int64_t end_ps = 0;
};

// The same times, no two of them touching.
std::vector<Period> united(std::vector<Period> periods) {
  std::sort(periods.begin(), periods.end(),
            [](const Period& a, const Period& b) { return a.start_ps < b.start_ps; });
  std::vector<Period> out;
  for (const Period& period : periods) {
    if (!out.empty() && period.start_ps <= out.back().end_ps) {
      out.back().end_ps = std::max(out.back().end_ps, period.end_ps);
    } else {
      out.push_back(period);
    }
  }
  return out;
}

// Since when an operator's servers could have worked.
std::int64_t work_start_ps(const WorkGraph& graph, const Timeline& timeline, OperatorId op) {
  const std::int32_t segment = graph.design().placement(op).segment;
  for (const SegmentTimes& times : timeline.segments) {
    if (times.segment == segment) {
      return times.work_start_ps;
    }
  }
  return 0;
}

void add_stalls(std::span<const JobRun> runs, std::int64_t begin_ps, OperatorBounds& bounds) {
  const JobRun* before = nullptr;
  for (const JobRun& run : runs) {
    const bool goes_on = before != nullptr && before->first.server == run.first.server;
    const std::int64_t free_ps = goes_on ? (*before)[before->count - 1].end_ps : begin_ps;
    const std::int64_t first_ps = std::max<std::int64_t>(0, run.first.start_ps - free_ps);
    const std::int64_t each_ps =
        std::max<std::int64_t>(0, run.period_ps - (run.first.end_ps - run.first.start_ps));
    const std::int64_t all_ps = first_ps + each_ps * (run.count - 1);
    if (all_ps > 0) {
      bounds.stalls_ps[run.first.waited_for] += all_ps;
    }
    before = &run;
  }
}

// Slack of one operator, and when it had none. `latest`: of its jobs, by position among them.
std::vector<Period> add_slack(std::span<const JobRun> runs, std::span<const std::int64_t> latest,
                              OperatorBounds& bounds) {
  std::int64_t last_end_ps = 0;
  std::int64_t slack_ps = 0;
  std::vector<Period> critical;
  std::size_t position = 0;
  for (const TimedJob job : JobRuns(runs)) {
    const std::int64_t spare_ps = std::max<std::int64_t>(0, latest[position++] - job.end_ps);
    if (job.end_ps >= last_end_ps) {
      slack_ps = job.end_ps > last_end_ps ? spare_ps : std::min(slack_ps, spare_ps);
      last_end_ps = job.end_ps;
    }
    if (spare_ps == 0 && job.end_ps > job.start_ps) {
      critical.push_back({job.start_ps, job.end_ps});
    }
  }
  bounds.slack_ps = slack_ps;
  critical = united(std::move(critical));
  for (const Period& period : critical) {
    bounds.critical_ps += period.end_ps - period.start_ps;
  }
  return critical;
}

// Cuts time wherever an operator begins or ceases to be critical.
class SetClock {
 public:
  void add(OperatorId op, const std::vector<Period>& critical) {
    for (const Period& period : critical) {
      events_.push_back({period.start_ps, op, true});
      events_.push_back({period.end_ps, op, false});
    }
  }

  std::vector<CriticalSet> sets() {
    std::sort(events_.begin(), events_.end(),
              [](const Event& a, const Event& b) { return a.time_ps < b.time_ps; });
    std::set<OperatorId> now;
    std::map<std::vector<OperatorId>, std::int64_t> times;
    std::int64_t since_ps = 0;
    for (const Event& event : events_) {
      if (event.time_ps > since_ps && !now.empty()) {
        times[{now.begin(), now.end()}] += event.time_ps - since_ps;
      }
      since_ps = event.time_ps;
      if (event.begins) {
        now.insert(event.op);
      } else {
        now.erase(event.op);
      }
    }
    std::vector<CriticalSet> out;
    for (auto& [operators, time_ps] : times) {
      out.push_back({operators, time_ps});
    }
    std::stable_sort(out.begin(), out.end(), [](const CriticalSet& a, const CriticalSet& b) {
      return a.time_ps > b.time_ps;
    });
    return out;
  }

 private:
  struct Event {
    std::int64_t time_ps;
    OperatorId op;
    bool begins;
  };
  std::vector<Event> events_;
};

}  // namespace

MakespanBounds makespan_bounds(const WorkGraph& graph, const Timeline& timeline) {
  MakespanBounds out;
  if (timeline.jobs.empty()) {
    return out;
  }
  const std::vector<std::int64_t> latest = latest_ends(graph, timeline);
  const TimelineIndex index(graph, timeline);
  SetClock clock;
  for (const OperatorId op : graph.mapped()) {
    OperatorBounds& bounds = out.operators.emplace_back();
    bounds.id = op;
    bounds.links_ps = graph.link_stall_ps(op);
    const std::span<const JobRun> runs = timeline.jobs.runs_of(op);
    add_stalls(runs, work_start_ps(graph, timeline, op), bounds);
    const std::size_t first = index.first(op);
    clock.add(op,
              add_slack(runs, std::span(latest).subspan(first, index.last(op) - first), bounds));
  }
  out.sets = clock.sets();
  return out;
}

SegmentBound segment_bound(const SegmentResult& segment) noexcept {
  const SegmentOverhead& overhead = segment.overhead;
  const std::int64_t work_ps =
      segment.times.end_ps - segment.times.work_start_ps - overhead.data_ps;
  if (work_ps > 0 && work_ps == overhead.external_ps) {
    return SegmentBound::external_memory;
  }
  return work_ps > 0 && work_ps == overhead.buffer_ps ? SegmentBound::shared_buffer
                                                      : SegmentBound::layers;
}

std::vector<const FloorPlanResult::Load*> busiest_links(const FloorPlanResult& plan) {
  constexpr double kRounding = 1e-6;
  double most = 0;
  for (const FloorPlanResult::Load& load : plan.links) {
    most = std::max(most, load.words);
  }
  std::vector<const FloorPlanResult::Load*> links;
  for (const FloorPlanResult::Load& load : plan.links) {
    if (load.words > 0 && load.words >= most * (1 - kRounding)) {
      links.push_back(&load);
    }
  }
  return links;
}

}  // namespace imbrex::run
