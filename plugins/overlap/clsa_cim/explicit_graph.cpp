// File: explicit_graph.cpp
//
// Operators come in topological order and jobs of one operator never wait for each other's data, so
// one forward pass per operator is a topological order of the whole set graph (section 6.4).
#include "explicit_graph.hpp"

#include "job_index.hpp"

#include <algorithm>
#include <optional>

namespace imbrex::clsa {
namespace {

// What later operators ask of a scheduled one.
struct Producer {
  JobIndex index;
  std::vector<std::int64_t> end_ps;       // per cell: all its jobs are done
  std::vector<std::int64_t> jobs;         // per cell
  std::vector<std::int64_t> counted_for;  // per cell: last consuming job that was counted
};

class ExplicitPass {
 public:
  ExplicitPass(const WorkGraph& graph, bool count_edges, JobLog& log)
      : graph_(graph),
        count_edges_(count_edges),
        log_(log),
        producers_(graph.workload().operators().size()) {}

  Schedule run() {
    for (const OperatorId op : graph_.mapped()) {
      const WorkOrder& order = graph_.order(op);
      begin_operator(op, order);
      if (order.lock_step()) {
        run_lock_step(op, order);
      } else {
        run_servers(op, order);
      }
      log_.finish_operator();
    }
    wait_for_outputs();
    return result_;
  }

 private:
  void begin_operator(OperatorId op, const WorkOrder& order) {
    std::optional<Producer>& mine = producers_[index(op)];
    mine.emplace(Producer{JobIndex(graph_.workload(), op, order), {}, {}, {}});
    const std::size_t cells = static_cast<std::size_t>(mine->index.cell_count());
    mine->end_ps.assign(cells, kAlwaysThere);
    if (count_edges_) {
      mine->jobs.assign(cells, 0);
      mine->counted_for.assign(cells, -1);
    }
  }

  // Copies of a crossbar: each server runs on as soon as the input of its own next job is there.
  void run_servers(OperatorId op, const WorkOrder& order) {
    std::int64_t number = 0;
    for (std::int64_t server = 0; server < order.server_count(); ++server) {
      std::int64_t free_ps = 0;
      for (std::int64_t step = 0; step < order.step_count(server); ++step, ++number) {
        const Job job = order.job(step, server);
        const std::int64_t start_ps = std::max(free_ps, ready_ps(op, job.box));
        free_ps = start_ps + job.duration_ps;
        finish_job(op, number, job, server, step, start_ps);
      }
    }
  }

  // Banks: a step starts when the inputs of all servers are there, the next one when all have
  // ended.
  void run_lock_step(OperatorId op, const WorkOrder& order) {
    std::vector<std::int64_t> first_number;
    std::int64_t jobs = 0;
    std::int64_t steps = 0;
    for (std::int64_t server = 0; server < order.server_count(); ++server) {
      first_number.push_back(jobs);
      jobs += order.step_count(server);
      steps = std::max(steps, order.step_count(server));
    }
    std::int64_t start_ps = 0;
    for (std::int64_t step = 0; step < steps; ++step) {
      for_each_server(order, step, [&](std::int64_t, const Job& job) {
        start_ps = std::max(start_ps, ready_ps(op, job.box));
      });
      std::int64_t end_ps = start_ps;
      for_each_server(order, step, [&](std::int64_t server, const Job& job) {
        const std::int64_t number = first_number[static_cast<std::size_t>(server)] + step;
        finish_job(op, number, job, server, step, start_ps);
        end_ps = std::max(end_ps, start_ps + job.duration_ps);
      });
      start_ps = end_ps;
    }
  }

  template <class Visit>
  static void for_each_server(const WorkOrder& order, std::int64_t step, Visit&& visit) {
    for (std::int64_t server = 0; server < order.server_count(); ++server) {
      if (step < order.step_count(server)) {
        visit(server, order.job(step, server));
      }
    }
  }

  // When everything that a job of `op` on `box` reads exists; an empty box reads nothing.
  std::int64_t ready_ps(OperatorId op, const DimBox& box) {
    if (box.empty()) {
      return 0;
    }
    sources_.clear();
    graph_.trace(op, box, scratch_, sources_);
    return std::max<std::int64_t>(0, latest_source_ps(true));
  }

  std::int64_t latest_source_ps(bool counted) {
    std::int64_t latest = kAlwaysThere;
    for (const Source& source : sources_) {
      Producer& producer = *producers_[index(source.producer)];
      producer.index.for_each_cell(source.region, [&](std::int64_t cell) {
        const std::size_t c = static_cast<std::size_t>(cell);
        latest = std::max(latest, producer.end_ps[c] + source.delay_ps);
        // Regions that reach the same producer on different paths may overlap.
        if (count_edges_ && counted && producer.counted_for[c] != result_.jobs) {
          producer.counted_for[c] = result_.jobs;
          result_.edges += producer.jobs[c];
        }
      });
    }
    return latest;
  }

  void finish_job(OperatorId op, std::int64_t number, const Job& job, std::int64_t server,
                  std::int64_t step, std::int64_t start_ps) {
    if (job.box.empty()) {
      return;
    }
    const std::int64_t end_ps = start_ps + job.duration_ps;
    Producer& mine = *producers_[index(op)];
    const std::size_t cell = static_cast<std::size_t>(mine.index.cell_of(number));
    mine.end_ps[cell] = std::max(mine.end_ps[cell], end_ps);
    if (count_edges_) {
      ++mine.jobs[cell];
    }
    ++result_.jobs;
    result_.makespan_ps = std::max(result_.makespan_ps, end_ps);
    log_.add(op, server, step, start_ps, end_ps);
  }

  // Movement behind the last operators delays what leaves.
  void wait_for_outputs() {
    if (graph_.movement_is_free()) {
      return;
    }
    for (const TensorId output : graph_.outputs()) {
      sources_.clear();
      graph_.trace(output, Region::whole(graph_.workload().at(output).shape), scratch_, sources_);
      result_.makespan_ps = std::max(result_.makespan_ps, latest_source_ps(false));
    }
  }

  const WorkGraph& graph_;
  const bool count_edges_;
  JobLog& log_;
  std::vector<std::optional<Producer>> producers_;
  WorkGraph::Scratch scratch_;
  std::vector<Source> sources_;
  Schedule result_;
};

}  // namespace

Schedule schedule_explicitly(const WorkGraph& graph, bool count_edges, JobLog& log) {
  return ExplicitPass(graph, count_edges, log).run();
}

}  // namespace imbrex::clsa
