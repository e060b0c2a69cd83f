// When do the jobs of one operator run, whose arrivals are known? The recurrence of specification
// fast-overlapim section 3.5, of which pipeorgan section 7.1 is the case of independent servers.
#pragma once

#include <imbrex/toolkit/analysis/forward_pass.hpp>

#include <span>
#include <vector>

namespace imbrex::analysis {

// The sum of a time and what passes after it. Errors: InputError naming the operator.
std::int64_t later(std::int64_t time_ps, std::int64_t by_ps, const Operator& op);

// Jobs along a dimension that wait for all before them (`Operator::chain`). Jobs must be asked
// about in ascending order of their coordinate.
class JobChain {
 public:
  // Both must outlive it.
  JobChain(const WorkGraph& graph, const OperatorPass& pass);

  bool exists() const noexcept { return !coordinates_.empty(); }
  // Per job of the pass: where it begins along the dimension; of jobs without work, what the job
  // before on their server has.
  std::span<const std::int64_t> coordinates() const noexcept { return coordinates_; }
  // When the state that the job reads is there. Errors: InputError when the order of the jobs lets
  // it wait for ever.
  std::int64_t ready_ps(std::size_t job);
  void ended(std::size_t job);
  [[noreturn]] void refuse() const;

 private:
  std::int64_t delay_ps_of(const WorkGraph& graph) const;

  const OperatorPass& pass_;
  const Operator& op_;
  std::vector<std::int64_t> coordinates_;  // empty: no chain
  std::int64_t delay_ps_ = 0;              // what the graph says that the state takes
  std::int64_t at_ = 0;                    // coordinate of the jobs that run now
  std::int64_t before_ps_ = kNoNeed;       // all jobs with smaller coordinates are complete
  std::int64_t here_ps_ = kNoNeed;         // and those that ran at this one
};

class OperatorRun {
 public:
  // Fills starts, ends and what jobs waited for. Both must outlive it.
  OperatorRun(const WorkGraph& graph, OperatorPass& pass, std::int64_t earliest_ps);
  void run();

 private:
  void run_apart();
  void run_in_lock_step();
  void run_step(std::span<const std::size_t> jobs);
  std::vector<std::size_t> along_the_chain() const;
  void place(std::size_t job, std::int64_t start_ps, std::int64_t source_ps,
             std::int64_t server_ps);

  OperatorPass& pass_;
  const Operator& op_;
  const std::int64_t earliest_ps_;
  JobChain chain_;
};

}  // namespace imbrex::analysis
