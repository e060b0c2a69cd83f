#include "run/operator_audit.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>

#include <fmt/format.h>

namespace imbrex::run {
namespace {

// Later than every time there is, where the sum is.
std::int64_t later(std::int64_t at_ps, std::int64_t by_ps) noexcept {
  std::int64_t sum_ps = 0;
  return __builtin_add_overflow(at_ps, by_ps, &sum_ps) ? INT64_MAX : sum_ps;
}

bool is_at(const TimedJob& job, std::int64_t server, std::int64_t step) noexcept {
  return job.server == server && job.step == step;
}

JobRuns on_server(JobRuns jobs, std::int64_t server) {
  const auto before = [](const JobRun& run, std::int64_t wanted) {
    return run.first.server < wanted;
  };
  const auto behind = [](std::int64_t wanted, const JobRun& run) {
    return wanted < run.first.server;
  };
  const std::span<const JobRun> runs = jobs.runs();
  const auto first = std::lower_bound(runs.begin(), runs.end(), server, before);
  return JobRuns({first, std::upper_bound(first, runs.end(), server, behind)});
}

}  // namespace

OperatorAudit::OperatorAudit(std::string_view where, const WorkGraph& graph,
                             std::int64_t earliest_ps)
    : where_(where),
      graph_(graph),
      earliest_ps_(earliest_ps),
      end_ps_(earliest_ps),
      done_(graph.workload().operators().size()) {}

void OperatorAudit::blame(const std::string& text) const {
  throw BlamedError(where_, "timeline: " + text);
}

std::string OperatorAudit::job_text(OperatorId op, std::int64_t server, std::int64_t step) const {
  return fmt::format("job {} on server {} of operator '{}'", step, server,
                     graph_.workload().at(op).name);
}

void OperatorAudit::check(OperatorId op, std::span<const JobRun> runs, bool sources) {
  const JobRuns jobs(runs);
  const WorkOrder& order = graph_.order(op);
  check_set(op, order, jobs);
  if (runs_in_turn(order, jobs)) {
    // Nothing is too early.
  } else if (order.lock_step()) {
    check_lock_step(op, order, jobs);
  } else {
    check_apart(op, order, jobs);
  }
  if (sources) {
    check_sources(op, order, jobs);
  }
}

// Every job with work once, as long as it takes.
void OperatorAudit::check_set(OperatorId op, const WorkOrder& order, JobRuns jobs) {
  Done& done = done_[op];
  done.order = &order;
  done.jobs = jobs;
  if (check_equal(op, order, jobs)) {
    return;
  }
  if (order.tile_grid() != nullptr && check_grid(op, order, *order.tile_grid(), jobs)) {
    return;
  }
  auto next = jobs.begin();
  for (std::int64_t server = 0; server < order.server_count(); ++server) {
    const std::int64_t steps = order.step_count(server);
    for (std::int64_t step = 0; step < steps; ++step) {
      const Job job = order.job(step, server);
      const bool timed = next != jobs.end() && is_at(*next, server, step);
      if (job.box.empty() == timed) {
        blame(job_text(op, server, step) + (timed ? " has no work, but was timed" : " is missing"));
      }
      if (!timed) {
        continue;
      }
      check_length(op, job, *next);
      ++next;
      if (next != jobs.end() && is_at(*next, server, step)) {
        blame(job_text(op, server, step) + " was timed twice");
      }
    }
  }
}

// The same for the cells of a grid, of which there may be very many: jobs of equal extents take
// equally long, so that only the first of them is asked for. False: some job is not where it
// belongs.
bool OperatorAudit::check_grid(OperatorId op, const WorkOrder& order, const TileGrid& grid,
                               JobRuns jobs) {
  if (jobs.count() != static_cast<std::int64_t>(grid.server.size())) {
    return false;
  }
  IndexVector<std::int64_t, JobIterator> next;
  for (std::int64_t server = 0; server < order.server_count(); ++server) {
    next.push_back(on_server(jobs, server).begin());
  }
  const std::size_t columns = static_cast<std::size_t>(grid.columns());
  Job job;
  for (std::size_t line = 0; line * columns < grid.server.size(); ++line) {
    std::int64_t width = -1;  // rows and samples may differ in extent from line to line
    for (std::size_t column = 0; column < columns; ++column) {
      const std::size_t cell = line * columns + column;
      const std::int32_t server = grid.server[cell];
      const std::int32_t step = grid.step[cell];
      if (next[server] == jobs.end() || !is_at(*next[server], server, step)) {
        return false;  // also where cells do not ascend as steps do
      }
      const std::int64_t here = grid.column_cuts[column + 1] - grid.column_cuts[column];
      if (here != width) {
        job = order.job(step, server);
        width = here;
      }
      check_length(op, job, *next[server]);
      ++next[server];
    }
  }
  return true;
}

void OperatorAudit::check_length(OperatorId op, const Job& job, const TimedJob& timed) {
  std::int64_t usable_ps = 0;
  if (timed.end_ps - timed.start_ps != job.duration_ps) {
    blame(fmt::format("{} takes {} ps; its duration is {} ps",
                      job_text(op, timed.server, timed.step), timed.end_ps - timed.start_ps,
                      job.duration_ps));
  }
  if (__builtin_add_overflow(timed.end_ps, job.completion_ps, &usable_ps)) {
    throw InputError("the jobs of operator '" + graph_.workload().at(op).name +
                     "' end beyond 2^63 ps");
  }
  done_[op].usable_ps = std::max(done_[op].usable_ps, usable_ps);
  end_ps_ = std::max(end_ps_, timed.end_ps);
}

// Steps without work elapse where they stand in the server's order, behind its last job as well.
void OperatorAudit::check_apart(OperatorId op, const WorkOrder& order, JobRuns jobs) {
  auto next = jobs.begin();
  for (std::int64_t server = 0; server < order.server_count(); ++server) {
    std::int64_t free_ps = earliest_ps_;
    const std::int64_t steps = order.step_count(server);
    for (std::int64_t step = 0; step < steps; ++step) {
      if (next == jobs.end() || !is_at(*next, server, step)) {
        free_ps += order.job(step, server).duration_ps;
        continue;
      }
      const TimedJob timed = *next;
      if (timed.start_ps < free_ps) {
        blame(fmt::format("{} starts at {} ps; its server is free at {} ps",
                          job_text(op, server, step), timed.start_ps, free_ps));
      }
      free_ps = timed.end_ps;
      ++next;
    }
    end_ps_ = std::max(end_ps_, free_ps);
  }
}

// Jobs of one step start together, when the step before has ended on all servers.
void OperatorAudit::check_lock_step(OperatorId op, const WorkOrder& order, JobRuns jobs) {
  IndexVector<std::int64_t, JobIterator> next;
  IndexVector<std::int64_t, JobIterator> end;
  std::int64_t steps = 0;
  for (std::int64_t server = 0; server < order.server_count(); ++server) {
    next.push_back(on_server(jobs, server).begin());
    end.push_back(on_server(jobs, server).end());
    steps = std::max(steps, order.step_count(server));
  }
  std::int64_t free_ps = earliest_ps_;
  for (std::int64_t step = 0; step < steps; ++step) {
    std::optional<TimedJob> first;
    std::int64_t longest_ps = 0;
    for (std::int64_t server = 0; server < order.server_count(); ++server) {
      if (step >= order.step_count(server)) {
        continue;
      }
      longest_ps = std::max(longest_ps, order.job(step, server).duration_ps);
      if (next[server] == end[server] || (*next[server]).step != step) {
        continue;
      }
      const TimedJob job = *next[server];
      ++next[server];
      first = first ? first : job;
      if (job.start_ps < free_ps || job.start_ps != first->start_ps) {
        blame(
            fmt::format("{} starts at {} ps; in lock-step the step before ends at {} ps, and job "
                        "{} on server {} starts at {} ps",
                        job_text(op, server, step), job.start_ps, free_ps, step, first->server,
                        first->start_ps));
      }
    }
    free_ps = (first ? first->start_ps : free_ps) + longest_ps;
  }
  end_ps_ = std::max(end_ps_, free_ps);
}

const TileTimes& OperatorAudit::tiles_of(OperatorId op) {
  Done& done = done_[op];
  IMBREX_ASSERT(done.order != nullptr);  // workload order: producers were checked before
  if (!done.tiles) {
    done.tiles = std::make_unique<TileTimes>(graph_.workload().at(op), graph_.mapping(op),
                                             done.order->tile_grid());
    if (!raise_by_steps(op)) {
      for (const TimedJob timed : done.jobs) {
        const Job job = done.order->job(timed.step, timed.server);
        done.tiles->raise(job.box, timed.end_ps + job.completion_ps);
      }
    }
  }
  return *done.tiles;
}

std::int64_t OperatorAudit::ready_ps(const Source& source) {
  return later(tiles_of(source.producer).max_over(source.region), source.delay_ps);
}

// Operators that start behind everything that any of their jobs reads, as in analyses without
// overlap, need no look at every job.
bool OperatorAudit::starts_behind_all(OperatorId op, JobRuns jobs) {
  std::int64_t first_ps = INT64_MAX;
  for (const JobRun& run : jobs.runs()) {
    first_ps = std::min({first_ps, run.first.start_ps, run[run.count - 1].start_ps});
  }
  sources_.clear();
  graph_.trace(op, graph_.workload().at(op).bounds.whole(), scratch_, sources_);
  return std::all_of(sources_.begin(), sources_.end(), [&](const Source& source) {
    return source.producer != op &&
           first_ps >= later(done_[source.producer].usable_ps, source.delay_ps);
  });
}

void OperatorAudit::check_sources(OperatorId op, const WorkOrder& order, JobRuns jobs) {
  if (starts_behind_all(op, jobs) || steps_follow_sources(op, order, jobs)) {
    return;
  }
  for (const TimedJob timed : jobs) {
    sources_.clear();
    graph_.trace(op, order.job(timed.step, timed.server).box, scratch_, sources_);
    for (const Source& source : sources_) {
      const std::int64_t there_ps = ready_ps(source);
      if (timed.start_ps < there_ps) {
        blame(fmt::format("{} starts at {} ps; what it reads of '{}' is there at {} ps",
                          job_text(op, timed.server, timed.step), timed.start_ps,
                          graph_.workload().at(source.producer).name, there_ps));
      }
    }
  }
}

std::int64_t OperatorAudit::end_ps() {
  std::int64_t latest_ps = end_ps_;
  if (graph_.movement_is_free()) {
    return latest_ps;
  }
  for (const TensorId output : graph_.outputs()) {
    sources_.clear();
    graph_.trace(output, Region::whole(graph_.workload().at(output).shape), scratch_, sources_);
    for (const Source& source : sources_) {
      latest_ps = std::max(latest_ps, ready_ps(source));
    }
  }
  return latest_ps;
}

}  // namespace imbrex::run
