// The jobs of one operator of a timeline against its work order: each once, as long as it takes,
// one at a time, after everything it reads.
#pragma once

#include <imbrex/values/completion.hpp>
#include <imbrex/values/work_graph.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex::run {

// Walks one segment's graph in workload order. The twin of ForwardPass: that one finds the earliest
// times, this one is given times and checks that none is too early. [one thread]
class OperatorAudit {
 public:
  // `where` is the analyzer's place. Nothing may start before `earliest_ps`. Both references must
  // outlive this.
  OperatorAudit(std::string_view where, const WorkGraph& graph, std::int64_t earliest_ps);

  // `jobs`: those of one mapped operator, by server, then step, all of servers and steps that
  // exist. Operators in workload order, each once. Errors: BlamedError naming job, operator, what
  // was expected and what was found. With `sources` false, starts are not compared with sources.
  void check(OperatorId op, std::span<const JobRun> jobs, bool sources);
  // When the last step has elapsed and the outputs that the graph waits for are there; at least
  // `earliest_ps`. After all operators.
  std::int64_t end_ps();

 private:
  // An operator that was checked.
  struct Done {
    const WorkOrder* order = nullptr;
    JobRuns jobs;
    std::int64_t usable_ps = 0;        // all of its output
    std::unique_ptr<TileTimes> tiles;  // once somebody asks about a part of it; large
  };
  void check_set(OperatorId op, const WorkOrder& order, JobRuns jobs);
  bool check_equal(OperatorId op, const WorkOrder& order, JobRuns jobs);
  bool check_grid(OperatorId op, const WorkOrder& order, const TileGrid& grid, JobRuns jobs);
  void check_length(OperatorId op, const Job& job, const TimedJob& timed);
  bool runs_in_turn(const WorkOrder& order, JobRuns jobs);
  void check_apart(OperatorId op, const WorkOrder& order, JobRuns jobs);
  void check_lock_step(OperatorId op, const WorkOrder& order, JobRuns jobs);
  bool starts_behind_all(OperatorId op, JobRuns jobs);
  bool steps_follow_sources(OperatorId op, const WorkOrder& order, JobRuns jobs);
  bool starts_behind(OperatorId op, const DimBox& box, std::int64_t start_ps);
  void check_sources(OperatorId op, const WorkOrder& order, JobRuns jobs);
  const TileTimes& tiles_of(OperatorId op);
  bool raise_by_steps(OperatorId op);
  std::int64_t ready_ps(const Source& source);
  std::string job_text(OperatorId op, std::int64_t server, std::int64_t step) const;
  [[noreturn]] void blame(const std::string& text) const;

  std::string where_;
  const WorkGraph& graph_;
  std::int64_t earliest_ps_;
  std::int64_t end_ps_;
  IndexVector<OperatorId, Done> done_;  // per operator
  WorkGraph::Scratch scratch_;
  std::vector<Source> sources_;
};

}  // namespace imbrex::run
