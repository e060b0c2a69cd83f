// Servers that do equal jobs one step after another and all together, as the banks of a memory do:
// when do the steps run? One server tells of all of them, so that nobody looks at every job.
#pragma once

#include <imbrex/toolkit/analysis/forward_pass.hpp>
#include <imbrex/values/loop_nest.hpp>

#include <functional>
#include <vector>

namespace imbrex::analysis {

// Does every server of the graph's order of an operator do a job of the same length in every step,
// all of them together, in the order of the mapping's digits and for no job before it in a chain?
bool has_even_steps(const WorkGraph& graph, OperatorId op);

// Jobs of several steps, or servers, whose digits are a box have data spaces that fill a box as
// well: the one from the first job's lower to the last job's upper corner. What is there for that
// box is there for each of them, which most often is all that has to be known; where it is not, the
// box is cut in two. [one thread]
class EvenSteps {
 public:
  // When everything that a box reads is there. Must not be earlier for a box that holds another.
  using Arrival = std::function<std::int64_t(const DimBox& box)>;

  // Requires: `has_even_steps`. The graph must outlive it.
  EvenSteps(const WorkGraph& graph, OperatorId op, Arrival arrival);

  // The jobs of the first server, with the times and waits that those of every other have too.
  // Errors: InputError naming the operator when they end beyond 2^63 ps.
  std::vector<JobRun> run();

 private:
  std::int64_t steps_at_once(std::int64_t most) const noexcept;
  std::int64_t arrival_ps(std::int64_t steps, std::int64_t server, std::int64_t servers) const;
  std::int64_t latest_ps();
  void raise(std::int64_t server, std::int64_t servers, std::int64_t& latest_ps);
  std::int64_t half_of(std::int64_t servers) const noexcept;
  void append(std::int64_t source_ps);

  const Operator& op_;
  const OperatorId id_;
  const WorkOrder& order_;
  const LoopNest nest_;
  const Arrival arrival_;
  const std::int64_t job_ps_;
  std::int64_t step_ = 0;     // that runs next
  std::int64_t free_ps_ = 0;  // when all before it have ended
  std::int64_t last_server_;  // whose data came last in the step that was cut last
  std::vector<JobRun> runs_;
};

}  // namespace imbrex::analysis
