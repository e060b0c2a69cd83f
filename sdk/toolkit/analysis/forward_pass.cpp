// Operators come in topological order and, chains aside, jobs of one operator never wait for one
// another's data, so operator by operator is an order in which every arrival is known when it is
// asked for.
#include "analysis/even_steps.hpp"
#include "analysis/operator_run.hpp"

#include <imbrex/toolkit/analysis/forward_pass.hpp>

#include <algorithm>

namespace imbrex::analysis {

ForwardPass::ForwardPass(const WorkGraph& graph, Completions& completions)
    : graph_(graph), completions_(completions) {}

std::int64_t ForwardPass::run(TimelineSink* detail) {
  for (const OperatorId op : graph_.mapped()) {
    if (completions_.asks_one_server() && has_even_steps(graph_, op)) {
      run_evenly(op, detail);
      continue;
    }
    OperatorPass pass = arrivals(op, graph_.order(op));
    run_in_order(pass);
    publish(pass);
    if (detail != nullptr) {
      report(pass, *detail);
    }
  }
  return std::max(end_ps_, outputs_ps());
}

// What the first server does is published, and reported once per server.
void ForwardPass::run_evenly(OperatorId op, TimelineSink* detail) {
  const WorkOrder& order = graph_.order(op);
  const std::vector<JobRun> runs =
      EvenSteps(graph_, op, [&](const DimBox& box) { return arrival_ps(op, box); }).run();
  OperatorPass first{op, &order, {}, 0};
  first.jobs.reserve(static_cast<std::size_t>(order.step_count(0)));
  for (const JobRun& run : runs) {
    for (std::int64_t i = 0; i < run.count; ++i) {
      const TimedJob timed = run[i];
      PassJob& job = first.jobs.emplace_back();
      job.step = timed.step;
      job.start_ps = timed.start_ps;
      job.end_ps = timed.end_ps;
      job.duration_ps = timed.end_ps - timed.start_ps;
      job.has_work = true;
    }
  }
  first.end_ps = first.jobs.back().end_ps;
  publish(first);
  jobs_ += order.job_count() - order.step_count(0);
  for (std::int64_t server = 0; detail != nullptr && server < order.server_count(); ++server) {
    for (JobRun run : runs) {
      run.first.server = static_cast<std::int32_t>(server);
      detail->jobs(run);
    }
  }
}

OperatorPass ForwardPass::arrivals(OperatorId op, const WorkOrder& order) {
  OperatorPass pass;
  pass.op = op;
  pass.order = &order;
  pass.jobs.reserve(static_cast<std::size_t>(order.job_count()));
  for (std::int64_t server = 0; server < order.server_count(); ++server) {
    for (std::int64_t step = 0; step < order.step_count(server); ++step) {
      const Job job = order.job(step, server);
      PassJob& timed = pass.jobs.emplace_back();
      timed.step = step;
      timed.server = server;
      timed.duration_ps = job.duration_ps;
      timed.completion_ps = job.completion_ps;
      timed.has_work = !job.box.empty();
      if (timed.has_work) {
        timed.arrival_ps = arrival_ps(op, job.box);
      }
    }
  }
  return pass;
}

void ForwardPass::run_in_order(OperatorPass& pass, std::int64_t earliest_ps) const {
  OperatorRun(graph_, pass, earliest_ps).run();
}

void ForwardPass::publish(const OperatorPass& done) {
  jobs_ += std::count_if(done.jobs.begin(), done.jobs.end(),
                         [](const PassJob& job) { return job.has_work; });
  end_ps_ = std::max(end_ps_, done.end_ps);
  completions_.publish(done);
}

void ForwardPass::report(const OperatorPass& done, TimelineSink& detail) {
  for (const PassJob& job : done.jobs) {
    if (job.has_work) {
      detail.job({done.op, static_cast<std::int32_t>(job.server), job.step, job.start_ps,
                  job.end_ps, job.waited_for});
    }
  }
}

// Without any delay the last job that ends is the last thing that happens.
std::int64_t ForwardPass::outputs_ps() {
  std::int64_t latest = 0;
  if (graph_.movement_is_free()) {
    return latest;
  }
  const Workload& workload = graph_.workload();
  for (const TensorId output : graph_.outputs()) {
    sources_.clear();
    graph_.trace(output, Region::whole(workload.at(output).shape), scratch_, sources_);
    latest = std::max(latest, latest_ps(OperatorId::none, {}));
  }
  return latest;
}

std::int64_t ForwardPass::arrival_ps(OperatorId op, const DimBox& box) {
  sources_.clear();
  graph_.trace(op, box, scratch_, sources_);
  return latest_ps(op, box);
}

// What an operator reads of itself is its chain, and left to `run_in_order`.
std::int64_t ForwardPass::latest_ps(OperatorId consumer, const DimBox& box) {
  std::int64_t latest = kNoNeed;
  for (const Source& source : sources_) {
    if (source.producer != consumer) {
      const std::int64_t ready_ps = completions_.ready_ps(source, consumer, box);
      latest =
          std::max(latest, later(ready_ps, source.delay_ps, graph_.workload().at(source.producer)));
    }
  }
  return latest;
}

Completions::~Completions() = default;

bool Completions::asks_one_server() const noexcept {
  return false;
}

}  // namespace imbrex::analysis
