#include "analysis/operator_run.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <numeric>
#include <string>

namespace imbrex::analysis {

std::int64_t later(std::int64_t time_ps, std::int64_t by_ps, const Operator& op) {
  std::int64_t sum_ps = 0;
  if (__builtin_add_overflow(time_ps, by_ps, &sum_ps)) {
    throw InputError("the jobs of operator '" + op.name + "' end beyond 2^63 ps");
  }
  return sum_ps;
}

JobChain::JobChain(const WorkGraph& graph, const OperatorPass& pass)
    : pass_(pass), op_(graph.workload().at(pass.op)) {
  if (!op_.chain) {
    return;
  }
  coordinates_.reserve(pass.jobs.size());
  for (const PassJob& job : pass.jobs) {
    const bool first_of_server = coordinates_.empty() || job.step == 0;
    std::int64_t coordinate = first_of_server ? 0 : coordinates_.back();
    if (job.has_work) {
      coordinate = pass.order->job(job.step, job.server).box[*op_.chain].begin;
    }
    coordinates_.push_back(coordinate);
  }
  delay_ps_ = delay_ps_of(graph);
}

// The same for all jobs: the way from an operator to itself is one way.
std::int64_t JobChain::delay_ps_of(const WorkGraph& graph) const {
  WorkGraph::Scratch scratch;
  std::vector<Source> sources;
  for (std::size_t i = 0; i < pass_.jobs.size(); ++i) {
    const PassJob& job = pass_.jobs[i];
    if (!job.has_work || coordinates_[i] == 0) {
      continue;
    }
    graph.trace(pass_.op, pass_.order->job(job.step, job.server).box, scratch, sources);
    std::int64_t delay_ps = 0;
    for (const Source& source : sources) {
      delay_ps = source.producer == pass_.op ? std::max(delay_ps, source.delay_ps) : delay_ps;
    }
    return delay_ps;
  }
  return 0;
}

std::int64_t JobChain::ready_ps(std::size_t job) {
  if (!exists() || !pass_.jobs[job].has_work) {
    return kNoNeed;
  }
  if (coordinates_[job] < at_) {
    refuse();
  }
  if (coordinates_[job] > at_) {
    at_ = coordinates_[job];
    before_ps_ = std::max(before_ps_, here_ps_);
    here_ps_ = kNoNeed;
  }
  return before_ps_;
}

void JobChain::ended(std::size_t job) {
  const PassJob& timed = pass_.jobs[job];
  if (exists() && timed.has_work) {
    here_ps_ = std::max(here_ps_, later(timed.end_ps + timed.completion_ps, delay_ps_, op_));
  }
}

void JobChain::refuse() const {
  throw InputError("the jobs of operator '" + op_.name + "' are dealt against its chain along " +
                   std::string(kDimNames[index(*op_.chain)]) +
                   ": some job would wait for one behind it");
}

OperatorRun::OperatorRun(const WorkGraph& graph, OperatorPass& pass, std::int64_t earliest_ps)
    : pass_(pass),
      op_(graph.workload().at(pass.op)),
      earliest_ps_(earliest_ps),
      chain_(graph, pass) {}

void OperatorRun::run() {
  pass_.end_ps = earliest_ps_;
  pass_.order->lock_step() ? run_in_lock_step() : run_apart();
}

// Starts a job, whose own data are there at `source_ps` and whose server is free at `server_ps`.
void OperatorRun::place(std::size_t number, std::int64_t start_ps, std::int64_t source_ps,
                        std::int64_t server_ps) {
  PassJob& job = pass_.jobs[number];
  job.start_ps = start_ps;
  job.end_ps = later(start_ps, job.duration_ps, op_);
  static_cast<void>(later(job.end_ps, job.completion_ps, op_));  // whoever adds them later may
  job.waited_for = Wait::nothing;
  if (start_ps > earliest_ps_) {
    job.waited_for = (source_ps == start_ps ? Wait::source : Wait::nothing) |
                     (server_ps == start_ps ? Wait::server : Wait::nothing);
  }
  pass_.end_ps = std::max(pass_.end_ps, job.end_ps);
  chain_.ended(number);
}

void OperatorRun::run_apart() {
  IndexVector<std::int64_t, std::int64_t> free_ps(pass_.order->server_count(), earliest_ps_);
  const std::vector<std::size_t> order = along_the_chain();
  for (std::size_t i = 0; i < pass_.jobs.size(); ++i) {
    const std::size_t number = chain_.exists() ? order[i] : i;
    const PassJob& job = pass_.jobs[number];
    std::int64_t& server_ps = free_ps[job.server];
    const std::int64_t source_ps = std::max(job.arrival_ps, chain_.ready_ps(number));
    place(number, std::max(server_ps, source_ps), source_ps, server_ps);
    server_ps = job.end_ps;
  }
}

// All jobs by coordinate, on each server as it has them.
std::vector<std::size_t> OperatorRun::along_the_chain() const {
  std::vector<std::size_t> order;
  if (!chain_.exists()) {
    return order;
  }
  const auto coordinates = chain_.coordinates();
  for (std::size_t i = 1; i < coordinates.size(); ++i) {
    if (pass_.jobs[i].step > 0 && coordinates[i] < coordinates[i - 1]) {
      chain_.refuse();
    }
  }
  order.resize(coordinates.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return coordinates[a] < coordinates[b]; });
  return order;
}

void OperatorRun::run_in_lock_step() {
  const WorkOrder& order = *pass_.order;
  IndexVector<std::int64_t, std::int64_t> first;  // job of each server
  std::int64_t jobs = 0;
  std::int64_t steps = 0;
  for (std::int64_t server = 0; server < order.server_count(); ++server) {
    first.push_back(jobs);
    jobs += order.step_count(server);
    steps = std::max(steps, order.step_count(server));
  }
  std::vector<std::size_t> together;
  for (std::int64_t step = 0; step < steps; ++step) {
    together.clear();
    for (std::int64_t server = 0; server < order.server_count(); ++server) {
      if (step < order.step_count(server)) {
        together.push_back(static_cast<std::size_t>(first[server] + step));
      }
    }
    run_step(together);
  }
}

// Jobs of one step start together, when the step before has ended everywhere and everything that
// any of them reads is there; so all of them waited for the same.
void OperatorRun::run_step(std::span<const std::size_t> jobs) {
  std::int64_t source_ps = kNoNeed;
  for (const std::size_t number : jobs) {
    source_ps = std::max({source_ps, pass_.jobs[number].arrival_ps, chain_.ready_ps(number)});
  }
  const std::int64_t server_ps = pass_.end_ps;
  for (const std::size_t number : jobs) {
    place(number, std::max(server_ps, source_ps), source_ps, server_ps);
  }
}

}  // namespace imbrex::analysis
