// The one forward pass over a WorkGraph that analyzers share: operator by operator in workload
// order, when does what each job reads arrive, when do the jobs run (specification fast-overlapim
// section 3.5, pipeorgan section 7.1), when is their output complete. An analyzer brings only its
// own way of remembering completions; one that schedules differently takes the steps one by one.
//
//   class Mine final : public Completions { ... publish, ready_ps ... };
//   Mine mine(graph);
//   const std::int64_t makespan_ps = ForwardPass(graph, mine).run(detail);
#pragma once

#include <imbrex/interfaces/overlap_analyzer.hpp>
#include <imbrex/toolkit/analysis/overlap_math.hpp>
#include <imbrex/values/work_graph.hpp>

#include <span>
#include <vector>

namespace imbrex::analysis {

// One job of an operator with its times.
struct PassJob {
  std::int64_t step = 0;
  std::int64_t server = 0;
  std::int64_t arrival_ps = kNoNeed;  // of everything it reads from other operators
  std::int64_t duration_ps = 0;
  std::int64_t completion_ps = 0;  // Job::completion_ps
  std::int64_t start_ps = 0;
  std::int64_t end_ps = 0;
  bool has_work = false;
  Wait waited_for = Wait::nothing;
};

// All jobs of one operator, by server, then step.
struct OperatorPass {
  OperatorId op = OperatorId::none;
  const WorkOrder* order = nullptr;
  std::vector<PassJob> jobs;
  std::int64_t end_ps = 0;  // of the last job
};

// How an analysis remembers when outputs are complete. [one thread]
class Completions {
 public:
  virtual ~Completions();
  // All jobs of an operator have their times; a job's output is complete at end_ps + completion_ps.
  virtual void publish(const OperatorPass& done) = 0;
  // When `source.region` of a published operator's output is complete, its delay not counted;
  // `consumer` and `box` are who asks. Exactly the maximum over the jobs that make the region, or,
  // for a conservative analysis, later.
  virtual std::int64_t ready_ps(const Source& source, OperatorId consumer, const DimBox& box) = 0;
  // True: `publish` makes do with the jobs of the first server where all servers do the same at the
  // same times, and `ready_ps` depends on the source alone and is never earlier for a region that
  // holds another. Then nobody looks at every job of such operators. Default: false.
  virtual bool asks_one_server() const noexcept;
};

// Times are sums with checked additions. Errors: InputError naming the operator whose jobs end
// beyond 2^63 ps. [one thread]
class ForwardPass {
 public:
  // Both must outlive the pass.
  ForwardPass(const WorkGraph& graph, Completions& completions);

  // Everything: times and publishes all operators and waits for the outputs. With `detail`, jobs
  // with work are reported, by operator, server, step. Returns the makespan.
  std::int64_t run(TimelineSink* detail);

  // The same step by step, operators in workload order, each once.
  // Jobs of an order of `op` (the graph's, or another one) with their arrivals.
  OperatorPass arrivals(OperatorId op, const WorkOrder& order);
  // Starts and ends of the jobs of an operator that may start at `earliest_ps`: each waits for its
  // arrival, for its server (in lock-step for all servers of its step), in a chain for the jobs
  // before it.
  void run_in_order(OperatorPass& pass, std::int64_t earliest_ps = 0) const;
  void publish(const OperatorPass& done);
  // Reports the jobs with work.
  static void report(const OperatorPass& done, TimelineSink& detail);
  // When the outputs that the graph waits for are there; 0 where nothing is late.
  std::int64_t outputs_ps();
  // When everything that a box of an operator reads is there; kNoNeed: it reads nothing.
  std::int64_t arrival_ps(OperatorId op, const DimBox& box);
  // Jobs with work that were timed so far, and when the last of them ends.
  std::int64_t jobs() const noexcept { return jobs_; }
  std::int64_t end_ps() const noexcept { return end_ps_; }

 private:
  std::int64_t latest_ps(OperatorId consumer, const DimBox& box);
  void run_evenly(OperatorId op, TimelineSink* detail);

  const WorkGraph& graph_;
  Completions& completions_;
  WorkGraph::Scratch scratch_;
  std::vector<Source> sources_;
  std::int64_t jobs_ = 0;
  std::int64_t end_ps_ = 0;
};

}  // namespace imbrex::analysis
