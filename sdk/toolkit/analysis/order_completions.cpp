#include <imbrex/toolkit/analysis/order_completions.hpp>

#include <algorithm>

namespace imbrex::analysis {
namespace {

bool digits_number(const WorkGraph& graph, OperatorId op, const WorkOrder& order) noexcept {
  return !order.dealt_anew() &&
         (order.tile_grid() == nullptr || graph.design().placement(op).copies == 1);
}

// Do all jobs of every step that have work end together?
bool one_clock(const OperatorPass& pass) {
  if (pass.order->server_count() == 1) {
    return true;
  }
  if (!pass.order->lock_step()) {
    return false;
  }
  IndexVector<std::int64_t, std::int64_t> ends;
  for (const PassJob& job : pass.jobs) {
    ends.resize(std::max(std::ssize(ends), job.step + 1), kNoNeed);
    std::int64_t& end_ps = ends[job.step];
    if (job.has_work && end_ps != kNoNeed && end_ps != job.end_ps) {
      return false;
    }
    end_ps = job.has_work ? job.end_ps : end_ps;
  }
  return true;
}

// When each step and all before it are complete.
IndexVector<std::int64_t, std::int64_t> step_ends(const OperatorPass& pass) {
  IndexVector<std::int64_t, std::int64_t> ends;
  for (const PassJob& job : pass.jobs) {
    ends.resize(std::max(std::ssize(ends), job.step + 1), 0);
    ends[job.step] = std::max(ends[job.step], job.end_ps);
  }
  for (std::int64_t step = 1; step < std::ssize(ends); ++step) {
    ends[step] = std::max(ends[step], ends[step - 1]);
  }
  return ends;
}

bool completes_at_the_end(const OperatorPass& pass) noexcept {
  return std::all_of(pass.jobs.begin(), pass.jobs.end(),
                     [](const PassJob& job) { return job.completion_ps == 0; });
}

}  // namespace

bool digits_number_steps(const WorkGraph& graph, OperatorId op) noexcept {
  return digits_number(graph, op, graph.order(op));
}

bool writes_with_gaps(const WorkGraph& graph, OperatorId op) noexcept {
  const LoopBounds& bounds = graph.workload().at(op).bounds;
  const Mapping& mapping = graph.mapping(op);
  return bounds[Dim::G] > 1 && mapping.job_extent[index(Dim::G)] > 1 &&
         mapping.job_extent[index(Dim::K)] < bounds[Dim::K];
}

std::string gaps_in_regions(const WorkGraph& graph) {
  std::string names;
  for (const OperatorId op : graph.mapped()) {
    if (writes_with_gaps(graph, op)) {
      names += (names.empty() ? "" : ", ") + graph.workload().at(op).name;
    }
  }
  return names.empty() ? names : "jobs over several groups and some of their channels in " + names;
}

OrderCompletions::OrderCompletions(const WorkGraph& graph, const Options& options)
    : graph_(graph), options_(options), completions_(graph.workload().operators().size()) {}

OrderCompletions::~OrderCompletions() = default;

void OrderCompletions::publish(const OperatorPass& done) {
  const Operator& op = graph_.workload().at(done.op);
  const Mapping& mapping = graph_.mapping(done.op);
  const bool exact = one_clock(done);
  if (digits_number(graph_, done.op, *done.order) && completes_at_the_end(done) &&
      (exact || options_.always_digits)) {
    conservative_ |= !exact;
    completions_[done.op] = std::make_unique<const Completion>(
        FinishIndex(op, mapping, options_.tables), step_ends(done));
    return;
  }
  TileTimes tiles(op, mapping, done.order->tile_grid());
  for (const PassJob& job : done.jobs) {
    if (job.has_work) {
      tiles.raise(done.order->job(job.step, job.server).box, job.end_ps + job.completion_ps);
    }
  }
  completions_[done.op] = std::make_unique<const Completion>(std::move(tiles));
}

std::int64_t OrderCompletions::ready_ps(const Source& source, OperatorId, const DimBox&) {
  return completion(source.producer).ready_ps(source.region);
}

Fidelity fidelity_by_regions(const WorkGraph& graph) {
  Fidelity result;
  if (std::string gaps = gaps_in_regions(graph); !gaps.empty()) {
    result.exactness = Exactness::conservative;
    result.reasons.push_back(std::move(gaps));
  }
  return result;
}

}  // namespace imbrex::analysis
