// File: recurrence.hpp
//
// The recurrence of specification pipeorgan section 7.1 on jobs instead of numbered intervals: a
// job starts when its server is free and the jobs of its predecessors that it reads have finished.
// What an interval lacks of its predecessor (the halo) is in the regions it reads.
#pragma once

#include <imbrex/cost_model.hpp>
#include <imbrex/loop_nest.hpp>
#include <imbrex/work_graph.hpp>

#include <optional>
#include <span>
#include <vector>

namespace pipeorgan {

// When regions of one operator's output are complete.
class Completion {
 public:
  // Jobs in the order they were timed.
  struct Ended {
    std::int64_t step = 0;
    imbrex::DimBox box;
    std::int64_t end_ps = 0;
  };
  // One server: the digits of the loop nest give the step. Several: every job is looked at.
  Completion(const imbrex::Workload& workload, imbrex::OperatorId op,
             const imbrex::Mapping& mapping, bool one_server, std::vector<Ended> jobs);
  // O(loops), or O(jobs) with several servers.
  std::int64_t ready_ps(const imbrex::Region& region) const;

 private:
  const imbrex::Operator* op_;
  std::optional<imbrex::LoopNest> nest_;
  std::vector<std::int64_t> step_end_ps_;
  std::vector<imbrex::Region> regions_;
  std::vector<std::int64_t> end_ps_;
};

struct StageTotals {
  std::int64_t compute_ps = 0;  // busy time of its jobs alone
  std::int64_t stall_ps = 0;    // by which links lengthened them
};

class Recurrence {
 public:
  // least_job_ps: per mapped operator of the graph, what its links need per job.
  Recurrence(const imbrex::WorkGraph& graph, const imbrex::Design& design,
             const imbrex::CostModel& cost, const imbrex::JobShape& shape,
             std::span<const std::int64_t> least_job_ps);

  // Times everything; returns the end of the last job (and of movement behind it).
  std::int64_t run();
  const std::vector<imbrex::TimedJob>& jobs() const noexcept { return jobs_; }
  const std::vector<StageTotals>& stages() const noexcept { return stages_; }

 private:
  struct Work {
    imbrex::Job job;
    std::int64_t server = 0;
    std::int64_t step = 0;
    std::int64_t arrival_ps = 0;
    std::int64_t start_ps = 0;
  };
  void run_stage(std::size_t stage);
  std::vector<Work> list_work(std::size_t stage);
  std::int64_t arrival_ps(imbrex::OperatorId op, const imbrex::DimBox& box);
  static void run_apart(std::vector<Work>& work);
  static void run_in_lock_step(std::vector<Work>& work);
  std::int64_t outputs_ps();

  const imbrex::WorkGraph& graph_;
  const imbrex::Design& design_;
  const imbrex::CostModel& cost_;
  const imbrex::JobShape shape_;
  const std::span<const std::int64_t> least_job_ps_;
  std::vector<std::optional<Completion>> completions_;  // by operator
  std::vector<imbrex::TimedJob> jobs_;
  std::vector<StageTotals> stages_;
  imbrex::WorkGraph::Scratch scratch_;
  std::vector<imbrex::Source> sources_;
  std::int64_t end_ps_ = 0;
};

}  // namespace pipeorgan
