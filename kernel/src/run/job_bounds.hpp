// Which jobs let a job of a finished timeline start when it did. The analyzer says what a job
// waited for (`TimedJob::waited_for`); this finds who that was. Where the analyzer does not say, it
// looks.
#pragma once

#include "run/timeline_index.hpp"

#include <utility>
#include <vector>

namespace imbrex::run {

struct JobBounds {
  // Jobs by position in the timeline: those of the job's own operator first, then ascending. Empty:
  // it started as early as time did.
  std::vector<std::uint32_t> jobs;
  Wait waited_for = Wait::nothing;
};

// [one thread]
class BoundFinder {
 public:
  // Keeps references to both. The timeline came from an analysis of the graph's design, with jobs.
  BoundFinder(const WorkGraph& graph, const Timeline& timeline);

  // The jobs after which nothing is left to wait for, with the delay to the network's outputs.
  JobBounds of_makespan();
  // The jobs that bound the start of a job: of its own operator where its servers do, else all that
  // are equally late. O(servers) plus one trace; once O(jobs log jobs).
  JobBounds of_start(std::uint32_t job);
  // The first of the jobs of one run up to this one that waited for nothing but one another, the
  // job itself where there is no other: what `of_start` would lead to one by one. O(log runs).
  std::uint32_t first_in_turn(std::uint32_t job) const;

 private:
  // Jobs that released something last, and when.
  struct Latest {
    std::int64_t time_ps = -1;
    std::vector<std::uint32_t> jobs;
    void offer(std::uint32_t job, std::int64_t release_ps);
    void join(const Latest& other);
  };

  Latest of_server(std::uint32_t job) const;
  void offer_previous(OperatorId op, std::int64_t server, std::int64_t step, Latest& latest) const;
  Latest of_sources(std::uint32_t job);
  bool first_reads_all(const TimedJob& timed);
  void offer_sources(Latest& latest);
  Latest stated(std::uint32_t job);
  JobBounds looked_for(std::uint32_t job);
  // Jobs that end when this one starts, began before it and pass the test.
  template <class Test>
  Latest ending_at_start_of(std::uint32_t job, Test&& test);
  Latest consumers_of(std::uint32_t job);
  Latest other_operators(std::uint32_t job);
  Latest segment_before(std::uint32_t job);
  bool reads_from(std::uint32_t job, OperatorId producer);
  // The job with the lowest step >= `step` on a server.
  std::uint32_t lower_bound(OperatorId op, std::int64_t server, std::int64_t step) const;
  void order_by_end();
  JobBounds sorted(Latest latest, OperatorId own, Wait waited_for) const;

  const WorkGraph& graph_;
  const Timeline& timeline_;
  TimelineIndex jobs_;
  WorkGraph::Scratch scratch_;
  std::vector<Source> sources_;
  std::vector<Source> together_;  // that the jobs of one step read
  // Of the operator that was asked about last: a path stays at one for many jobs.
  std::pair<OperatorId, bool> runs_evenly_{OperatorId::none, false};
  std::vector<std::uint32_t> found_;
  std::vector<std::uint32_t> by_end_;
};

}  // namespace imbrex::run
