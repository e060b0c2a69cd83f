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

// What links add: per mapped operator of a graph the time that the busiest link on its ways needs
// per job, and how long the first word takes from one operator to another.
struct LinkDelays {
  struct Way {
    imbrex::OperatorId producer = imbrex::OperatorId::none;
    imbrex::OperatorId consumer = imbrex::OperatorId::none;
    std::int64_t first_word_ps = 0;
  };
  std::vector<std::int64_t> least_job_ps;
  std::vector<Way> ways;

  std::int64_t between(imbrex::OperatorId producer, imbrex::OperatorId consumer) const noexcept {
    for (const Way& way : ways) {
      if (way.producer == producer && way.consumer == consumer) {
        return way.first_word_ps;
      }
    }
    return 0;
  }
};

struct StageTotals {
  std::int64_t compute_ps = 0;  // busy time of its jobs alone
  std::int64_t stall_ps = 0;    // by which links lengthened them
};

class Recurrence {
 public:
  Recurrence(const imbrex::WorkGraph& graph, const imbrex::Design& design,
             const imbrex::CostModel& cost, const imbrex::JobShape& shape, const LinkDelays& links);

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
  const LinkDelays& links_;
  std::vector<std::optional<Completion>> completions_;  // by operator
  std::vector<imbrex::TimedJob> jobs_;
  std::vector<StageTotals> stages_;
  imbrex::WorkGraph::Scratch scratch_;
  std::vector<imbrex::Source> sources_;
  std::int64_t end_ps_ = 0;
};

}  // namespace pipeorgan
