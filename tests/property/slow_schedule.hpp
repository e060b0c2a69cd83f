// A schedule from its definition, job by job, in which the ends of some jobs may be delayed.
#pragma once

#include <imbrex/values/work_graph.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

namespace imbrex::property {

using JobName = std::tuple<OperatorId, std::int64_t, std::int64_t>;  // step, server
using Delays = std::map<JobName, std::int64_t>;

// The schedule of one graph from its definition: operators in order, steps in order, a step when
// the servers it needs and everything that it reads are there.
class SlowSchedule {
 public:
  SlowSchedule(const WorkGraph& graph, Delays delays) : graph_(graph), delays_(std::move(delays)) {
    for (const OperatorId op : graph.mapped()) {
      place(op);
    }
    for (const TensorId output : graph.outputs()) {
      std::vector<Source> sources;
      graph.trace(output, Region::whole(graph.workload().at(output).shape), scratch_, sources);
      makespan_ps_ = std::max(makespan_ps_, ready_ps(sources));
    }
  }

  std::int64_t makespan_ps() const { return makespan_ps_; }
  const std::map<JobName, std::int64_t>& ends_ps() const { return ends_ps_; }

 private:
  void place(OperatorId op) {
    const WorkOrder& order = graph_.order(op);
    std::int64_t steps = 0;
    for (std::int64_t server = 0; server < order.server_count(); ++server) {
      steps = std::max(steps, order.step_count(server));
    }
    std::vector<std::int64_t> free_ps(static_cast<std::size_t>(order.server_count()), 0);
    for (std::int64_t step = 0; step < steps; ++step) {
      if (order.lock_step()) {
        place_together(op, order, step, free_ps);
      } else {
        for (std::int64_t server = 0; server < order.server_count(); ++server) {
          place_one(op, order, step, server, free_ps[static_cast<std::size_t>(server)]);
        }
      }
    }
  }

  void place_one(OperatorId op, const WorkOrder& order, std::int64_t step, std::int64_t server,
                 std::int64_t& free_ps) {
    if (step >= order.step_count(server)) {
      return;
    }
    const Job job = order.job(step, server);
    const std::int64_t start_ps =
        job.box.empty() ? free_ps : std::max(free_ps, ready_ps(sources_of(op, job)));
    free_ps = end(op, job, step, server, start_ps);
  }

  void place_together(OperatorId op, const WorkOrder& order, std::int64_t step,
                      std::vector<std::int64_t>& free_ps) {
    std::int64_t start_ps = *std::max_element(free_ps.begin(), free_ps.end());
    for (std::int64_t server = 0; server < order.server_count(); ++server) {
      if (step < order.step_count(server) && !order.job(step, server).box.empty()) {
        start_ps = std::max(start_ps, ready_ps(sources_of(op, order.job(step, server))));
      }
    }
    std::int64_t end_ps = start_ps;
    for (std::int64_t server = 0; server < order.server_count(); ++server) {
      if (step < order.step_count(server)) {
        end_ps = std::max(end_ps, end(op, order.job(step, server), step, server, start_ps));
      }
    }
    std::fill(free_ps.begin(), free_ps.end(), end_ps);
  }

  std::vector<Source> sources_of(OperatorId op, const Job& job) {
    std::vector<Source> sources;
    graph_.trace(op, job.box, scratch_, sources);
    return sources;
  }

  std::int64_t ready_ps(const std::vector<Source>& sources) const {
    std::int64_t time_ps = 0;
    for (const Source& source : sources) {
      for (const auto& [name, end_ps] : ends_ps_) {
        const auto& [op, step, server] = name;
        if (op != source.producer) {
          continue;
        }
        const Job job = graph_.order(op).job(step, server);
        if (!source.region.intersect(graph_.workload().output_region(op, job.box)).empty()) {
          time_ps = std::max(time_ps, end_ps + job.completion_ps + source.delay_ps);
        }
      }
    }
    return time_ps;
  }

  std::int64_t end(OperatorId op, const Job& job, std::int64_t step, std::int64_t server,
                   std::int64_t start_ps) {
    const JobName name(op, step, server);
    const auto delay = delays_.find(name);
    const std::int64_t end_ps =
        start_ps + job.duration_ps + (delay == delays_.end() ? 0 : delay->second);
    if (!job.box.empty()) {
      ends_ps_[name] = end_ps;
      makespan_ps_ = std::max(makespan_ps_, end_ps);
    }
    return end_ps;
  }

  const WorkGraph& graph_;
  Delays delays_;
  WorkGraph::Scratch scratch_;
  std::map<JobName, std::int64_t> ends_ps_;
  std::int64_t makespan_ps_ = 0;
};

}  // namespace imbrex::property
