#include "run/even_steps.hpp"

#include <imbrex/values/loop_nest.hpp>

#include <algorithm>

namespace imbrex::run {
namespace {

bool at_the_same_times(const JobRun& a, const JobRun& b) noexcept {
  return a.first.step == b.first.step && a.first.start_ps == b.first.start_ps &&
         a.first.end_ps == b.first.end_ps && a.period_ps == b.period_ps && a.count == b.count;
}

}  // namespace

JobRuns on_first_server(JobRuns jobs) {
  const std::span<const JobRun> runs = jobs.runs();
  const auto other = std::find_if(runs.begin(), runs.end(), [&](const JobRun& run) {
    return run.first.server != runs.front().first.server;
  });
  return JobRuns({runs.begin(), other});
}

bool same_on_all_servers(JobRuns jobs) {
  const std::span<const JobRun> runs = jobs.runs();
  const std::size_t each = on_first_server(jobs).runs().size();
  for (std::size_t i = each; i < runs.size(); ++i) {
    if (!at_the_same_times(runs[i], runs[i - each])) {
      return false;
    }
  }
  return true;
}

bool runs_evenly(const WorkGraph& graph, OperatorId op, JobRuns jobs) {
  const WorkOrder& order = graph.order(op);
  return order.server_count() > 1 && order.tile_grid() == nullptr && !order.dealt_anew() &&
         order.equal_jobs_ps() && !graph.workload().at(op).chain &&
         jobs.count() == order.job_count() && same_on_all_servers(jobs);
}

// Digits of the first server are all 0, those of the last one all as large as they get.
DimBox box_of_step(const WorkOrder& order, std::int64_t step) {
  DimBox box = order.job(step, 0).box;
  const DimBox last = order.job(step, order.server_count() - 1).box;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    box.dim[d].end = last.dim[d].end;
  }
  return box;
}

std::vector<std::int64_t> servers_that_differ_in_output(const WorkGraph& graph, OperatorId op) {
  const LoopNest nest(graph.workload().at(op).bounds, graph.mapping(op));
  const auto adds_to_another = [&](std::int64_t server) {
    return std::any_of(nest.digits().begin(), nest.digits().end(), [&](const LoopDigit& digit) {
      const bool reduces = digit.dim == Dim::C || digit.dim == Dim::R || digit.dim == Dim::S;
      return reduces && !digit.temporal && server / digit.index_stride % digit.bound > 0;
    });
  };
  std::vector<std::int64_t> servers;
  for (std::int64_t server = 0; server < nest.servers(); ++server) {
    if (!adds_to_another(server)) {
      servers.push_back(server);
    }
  }
  return servers;
}

}  // namespace imbrex::run
