#include "analysis/even_steps.hpp"

#include "analysis/operator_run.hpp"

#include <imbrex/toolkit/analysis/order_completions.hpp>

#include <algorithm>
#include <utility>

namespace imbrex::analysis {

bool has_even_steps(const WorkGraph& graph, OperatorId op) {
  const WorkOrder& order = graph.order(op);
  return (order.lock_step() || order.server_count() == 1) && order.equal_jobs_ps().has_value() &&
         digits_number_steps(graph, op) && !graph.workload().at(op).chain;
}

EvenSteps::EvenSteps(const WorkGraph& graph, OperatorId op, Arrival arrival)
    : op_(graph.workload().at(op)),
      id_(op),
      order_(graph.order(op)),
      nest_(op_.bounds, graph.mapping(op)),
      arrival_(std::move(arrival)),
      job_ps_(*order_.equal_jobs_ps()),
      last_server_(order_.server_count() - 1) {}

// More and more steps are asked about together as long as nothing holds them up.
std::vector<JobRun> EvenSteps::run() {
  std::int64_t most = 1;
  while (step_ < order_.step_count(0)) {
    const std::int64_t steps = steps_at_once(most);
    const std::int64_t source_ps = arrival_ps(steps, 0, order_.server_count());
    if (source_ps < free_ps_) {
      for (std::int64_t i = 0; i < steps; ++i) {
        append(source_ps);
      }
      most = 2 * steps;
      continue;
    }
    if (steps == 1) {
      append(latest_ps());
    }
    most = 1;
  }
  return std::move(runs_);
}

// As many steps from the next one on as are a box of digits: some values of one of them, all values
// of those inside it.
std::int64_t EvenSteps::steps_at_once(std::int64_t most) const noexcept {
  std::int64_t steps = 1;
  const std::span<const LoopDigit> digits = nest_.digits();
  for (std::size_t i = digits.size(); i-- > 0;) {
    const LoopDigit& digit = digits[i];
    if (!digit.temporal) {
      continue;
    }
    const std::int64_t inside = digit.index_stride;
    if (step_ % inside != 0 || inside > most) {
      break;
    }
    steps = inside * std::min(digit.bound - step_ / inside % digit.bound, most / inside);
  }
  return steps;
}

std::int64_t EvenSteps::arrival_ps(std::int64_t steps, std::int64_t server,
                                   std::int64_t servers) const {
  DimBox box = nest_.box(step_, server);
  const DimBox last = nest_.box(step_ + steps - 1, server + servers - 1);
  for (std::size_t d = 0; d < kDimCount; ++d) {
    box.dim[d].end = last.dim[d].end;
  }
  return arrival_(box);
}

// Of what any server reads in the next step.
std::int64_t EvenSteps::latest_ps() {
  std::int64_t latest_ps = arrival_ps(1, last_server_, 1);
  raise(0, order_.server_count(), latest_ps);
  return latest_ps;
}

void EvenSteps::raise(std::int64_t server, std::int64_t servers, std::int64_t& latest_ps) {
  const std::int64_t bound_ps = arrival_ps(1, server, servers);
  if (bound_ps <= latest_ps) {
    return;
  }
  if (servers == 1) {
    latest_ps = bound_ps;
    last_server_ = server;
    return;
  }
  const std::int64_t half = half_of(servers);
  raise(server + half, servers - half, latest_ps);
  raise(server, half, latest_ps);
}

// Both parts are boxes of digits again.
std::int64_t EvenSteps::half_of(std::int64_t servers) const noexcept {
  for (const LoopDigit& digit : nest_.digits()) {
    if (!digit.temporal && digit.index_stride < servers) {
      return servers / digit.index_stride / 2 * digit.index_stride;
    }
  }
  return 0;  // never: one server is not cut
}

// The next step, whose data are there at `source_ps`; one run for as many jobs as are alike.
void EvenSteps::append(std::int64_t source_ps) {
  const std::int64_t start_ps = std::max(free_ps_, source_ps);
  TimedJob job{id_, 0, step_, start_ps, later(start_ps, job_ps_, op_)};
  if (start_ps > 0) {
    job.waited_for = (source_ps == start_ps ? Wait::source : Wait::nothing) |
                     (free_ps_ == start_ps ? Wait::server : Wait::nothing);
  }
  if (runs_.empty() || !runs_.back().extend(job)) {
    runs_.push_back({job});
  }
  free_ps_ = job.end_ps;
  ++step_;
}

}  // namespace imbrex::analysis
