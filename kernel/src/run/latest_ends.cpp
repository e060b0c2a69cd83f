#include "run/latest_ends.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

namespace imbrex::run {
namespace {

// What later jobs ask of one operator: a region of its output by a time.
struct NeededBy {
  Region region;
  std::int64_t by_ps = 0;
};

class BackwardPass {
 public:
  BackwardPass(const WorkGraph& graph, const Timeline& timeline)
      : graph_(graph),
        timeline_(timeline),
        index_(graph, timeline),
        finder_(graph, timeline),
        latest_(timeline.jobs.size(), timeline.makespan_ps),
        needs_(graph.workload().operators().size()),
        next_step_(graph.workload().operators().size()) {}

  std::vector<std::int64_t> run() {
    set_deadlines();
    const std::vector<std::uint32_t> order = latest_start_first();
    for (std::size_t at = 0; at < order.size();) {
      std::size_t behind = at + 1;
      while (behind < order.size() && start_together(order[at], order[behind])) {
        ++behind;
      }
      settle(std::span(order).subspan(at, behind - at));
      at = behind;
    }
    return std::move(latest_);
  }

 private:
  // The next step of an operator in lock-step: every server waits for its start.
  struct Step {
    std::int64_t step = -1;
    std::int64_t latest_start_ps = 0;
  };

  void set_deadlines() {
    if (timeline_.segments.size() <= 1 || graph_.request().segments != SegmentSuccession::barrier) {
      const std::int64_t end_ps = timeline_.segments.size() == 1
                                      ? deadline(timeline_.segments.front())
                                      : timeline_.makespan_ps;
      std::fill(latest_.begin(), latest_.end(), end_ps);
      ask_for_outputs(graph_, end_ps);
      return;
    }
    for (const SegmentTimes& times : timeline_.segments) {
      set_deadline(times);
    }
  }

  // When the jobs of a segment and what they yield have to be there.
  std::int64_t deadline(const SegmentTimes& times) const {
    return times.end_ps -
           graph_.machine().cost().segment_overhead(graph_.design(), times.segment).data_ps;
  }

  void set_deadline(const SegmentTimes& times) {
    const WorkGraph segment(graph_.design(), graph_.machine(), graph_.request(), times.segment);
    const std::int64_t end_ps = deadline(times);
    for (const OperatorId op : segment.mapped()) {
      std::fill(latest_.begin() + index_.first(op), latest_.begin() + index_.last(op), end_ps);
    }
    ask_for_outputs(segment, end_ps);
  }

  void ask_for_outputs(const WorkGraph& graph, std::int64_t end_ps) {
    sources_.clear();
    for (const TensorId output : graph.outputs()) {
      graph.trace(output, Region::whole(graph.workload().at(output).shape), scratch_, sources_);
    }
    ask_for_sources(end_ps);
  }

  // So that whatever waits for a job comes before it.
  std::vector<std::uint32_t> latest_start_first() const {
    using Key = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::uint32_t>;
    std::vector<Key> keys;
    keys.reserve(latest_.size());
    std::uint32_t number = 0;
    for (const TimedJob job : timeline_.jobs) {
      keys.emplace_back(job.start_ps, static_cast<std::int64_t>(index(job.id)), job.step, number++);
    }
    std::sort(keys.begin(), keys.end(), std::greater<>());
    std::vector<std::uint32_t> order;
    order.reserve(keys.size());
    for (const Key& key : keys) {
      order.push_back(std::get<3>(key));
    }
    return order;
  }

  bool start_together(std::uint32_t a, std::uint32_t b) const {
    const TimedJob one = index_.at(a);
    const TimedJob other = index_.at(b);
    return one.id == other.id && one.step == other.step && one.start_ps == other.start_ps &&
           graph_.order(one.id).lock_step();
  }

  // One job, or those of one step in lock-step: they start when the last of them can.
  void settle(std::span<const std::uint32_t> jobs) {
    const TimedJob first = index_.at(jobs.front());
    flush(first.id);
    std::int64_t latest_start_ps = INT64_MAX;
    for (const std::uint32_t job : jobs) {
      latest_[job] = std::min(latest_[job], before_next_on_server(job));
      const TimedJob timed = index_.at(job);
      latest_start_ps = std::min(latest_start_ps, latest_[job] - (timed.end_ps - timed.start_ps));
    }
    next_step_[index(first.id)] = {first.step, latest_start_ps};
    for (const std::uint32_t job : jobs) {
      sources_.clear();
      graph_.trace(first.id, index_.job(job).box, scratch_, sources_);
      ask_for_sources(latest_start_ps);
      ask_who_let_it_go(job, latest_start_ps);
    }
  }

  std::int64_t before_next_on_server(std::uint32_t job) const {
    const TimedJob timed = index_.at(job);
    if (graph_.order(timed.id).lock_step()) {
      const Step& next = next_step_[index(timed.id)];
      return next.step < 0 ? INT64_MAX : next.latest_start_ps - idle_steps_ps(timed, next.step);
    }
    if (job + 1 >= index_.last(timed.id) || index_.at(job + 1).server != timed.server) {
      return INT64_MAX;
    }
    const TimedJob next = index_.at(job + 1);
    return latest_[job + 1] - (next.end_ps - next.start_ps) - idle_steps_ps(timed, next.step);
  }

  // Steps without work are not in the timeline, but they may take time.
  std::int64_t idle_steps_ps(const TimedJob& job, std::int64_t next_step) const {
    const WorkOrder& order = graph_.order(job.id);
    const std::int64_t behind = std::min(next_step, order.step_count(job.server));
    std::int64_t time_ps = 0;
    for (std::int64_t step = job.step + 1; step < behind; ++step) {
      time_ps += order.job(step, job.server).duration_ps;
    }
    return time_ps;
  }

  void ask_for_sources(std::int64_t by_ps) {
    for (Source& source : sources_) {
      std::vector<NeededBy>& needs = needs_[index(source.producer)];
      const std::int64_t end_ps = by_ps - source.delay_ps;
      // Jobs that read the same come one after another.
      if (!needs.empty() && needs.back().region == source.region) {
        needs.back().by_ps = std::min(needs.back().by_ps, end_ps);
      } else {
        needs.push_back({source.region, end_ps});
      }
    }
  }

  // Nobody who starts later asks for more than what is known now.
  void flush(OperatorId producer) {
    for (const NeededBy& need : needs_[index(producer)]) {
      index_.find(producer, need.region, found_);
      for (const std::uint32_t job : found_) {
        latest_[job] = std::min(latest_[job], need.by_ps - index_.job(job).completion_ps);
      }
    }
    needs_[index(producer)].clear();
  }

  void ask_who_let_it_go(std::uint32_t job, std::int64_t latest_start_ps) {
    const TimedJob timed = index_.at(job);
    if (has(timed.waited_for, Wait::source) || has(timed.waited_for, Wait::server) ||
        starts_a_segment(timed.start_ps)) {
      return;
    }
    for (const std::uint32_t other : finder_.of_start(job).jobs) {
      const std::int64_t distance_ps = timed.start_ps - index_.at(other).end_ps;
      latest_[other] = std::min(latest_[other], latest_start_ps - distance_ps);
    }
  }

  bool starts_a_segment(std::int64_t start_ps) const {
    return start_ps == 0 || std::any_of(timeline_.segments.begin(), timeline_.segments.end(),
                                        [start_ps](const SegmentTimes& times) {
                                          return times.work_start_ps == start_ps;
                                        });
  }

  const WorkGraph& graph_;
  const Timeline& timeline_;
  TimelineIndex index_;
  BoundFinder finder_;
  std::vector<std::int64_t> latest_;
  std::vector<std::vector<NeededBy>> needs_;  // by operator
  std::vector<Step> next_step_;               // by operator
  WorkGraph::Scratch scratch_;
  std::vector<Source> sources_;
  std::vector<std::uint32_t> found_;
};

}  // namespace

std::vector<std::int64_t> latest_ends(const WorkGraph& graph, const Timeline& timeline) {
  return BackwardPass(graph, timeline).run();
}

}  // namespace imbrex::run
