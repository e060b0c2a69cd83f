#include "recurrence.hpp"

#include <algorithm>

namespace pipeorgan {

using imbrex::OperatorId;

Completion::Completion(const imbrex::Workload& workload, OperatorId op,
                       const imbrex::Mapping& mapping, bool one_server, std::vector<Ended> jobs)
    : op_(&workload.at(op)) {
  if (one_server) {
    nest_.emplace(op_->bounds, mapping);
    for (const Ended& job : jobs) {
      step_end_ps_.resize(static_cast<std::size_t>(job.step) + 1, 0);
      step_end_ps_.back() = job.end_ps;
    }
    return;
  }
  for (const Ended& job : jobs) {
    if (!job.box.empty()) {
      regions_.push_back(workload.output_region(op, job.box));
      end_ps_.push_back(job.end_ps);
    }
  }
}

std::int64_t Completion::ready_ps(const imbrex::Region& region) const {
  if (nest_) {
    return step_end_ps_[static_cast<std::size_t>(nest_->ready_step(*op_, region))];
  }
  std::int64_t latest_ps = 0;
  for (std::size_t i = 0; i < regions_.size(); ++i) {
    if (end_ps_[i] > latest_ps && !regions_[i].intersect(region).empty()) {
      latest_ps = end_ps_[i];
    }
  }
  return latest_ps;
}

Recurrence::Recurrence(const imbrex::WorkGraph& graph, const imbrex::Design& design,
                       const imbrex::CostModel& cost, const imbrex::JobShape& shape,
                       const LinkDelays& links)
    : graph_(graph),
      design_(design),
      cost_(cost),
      shape_(shape),
      links_(links),
      completions_(graph.workload().operators().size()),
      stages_(graph.mapped().size()) {}

std::int64_t Recurrence::run() {
  for (std::size_t stage = 0; stage < graph_.mapped().size(); ++stage) {
    run_stage(stage);
  }
  return std::max(end_ps_, outputs_ps());
}

// Server by server, each in the order of its steps.
std::vector<Recurrence::Work> Recurrence::list_work(std::size_t stage) {
  const OperatorId op = graph_.mapped()[stage];
  const imbrex::WorkOrder& order = graph_.order(op);
  std::vector<Work> work;
  for (std::int64_t server = 0; server < order.server_count(); ++server) {
    for (std::int64_t step = 0; step < order.step_count(server); ++step) {
      Work item{order.job(step, server), server, step, 0, 0};
      if (!item.job.box.empty()) {
        item.arrival_ps = arrival_ps(op, item.job.box);
        const std::int64_t alone_ps = item.job.duration_ps;
        item.job.duration_ps = std::max(alone_ps, links_.least_job_ps[stage]);
        stages_[stage].compute_ps += alone_ps;
        stages_[stage].stall_ps += item.job.duration_ps - alone_ps;
      }
      work.push_back(item);
    }
  }
  return work;
}

std::int64_t Recurrence::arrival_ps(OperatorId op, const imbrex::DimBox& box) {
  sources_.clear();
  graph_.trace(op, box, scratch_, sources_);
  std::int64_t latest_ps = 0;
  for (const imbrex::Source& source : sources_) {
    const Completion& completion = *completions_[imbrex::index(source.producer)];
    latest_ps = std::max(latest_ps, completion.ready_ps(source.region) + source.delay_ps +
                                        links_.between(source.producer, op));
  }
  return latest_ps;
}

void Recurrence::run_apart(std::vector<Work>& work) {
  std::int64_t free_ps = 0;
  for (Work& item : work) {
    free_ps = item.step == 0 ? 0 : free_ps;
    item.start_ps = std::max(free_ps, item.arrival_ps);
    free_ps = item.start_ps + item.job.duration_ps;
  }
}

// Jobs of one step start together, when the step before has ended everywhere.
void Recurrence::run_in_lock_step(std::vector<Work>& work) {
  std::stable_sort(work.begin(), work.end(),
                   [](const Work& a, const Work& b) { return a.step < b.step; });
  std::int64_t end_ps = 0;
  for (auto first = work.begin(); first != work.end();) {
    const auto last =
        std::find_if(first, work.end(), [&](const Work& item) { return item.step != first->step; });
    std::int64_t start_ps = end_ps;
    for (auto item = first; item != last; ++item) {
      start_ps = std::max(start_ps, item->arrival_ps);
    }
    for (; first != last; ++first) {
      first->start_ps = start_ps;
      end_ps = std::max(end_ps, start_ps + first->job.duration_ps);
    }
  }
  std::stable_sort(work.begin(), work.end(),
                   [](const Work& a, const Work& b) { return a.server < b.server; });
}

void Recurrence::run_stage(std::size_t stage) {
  const OperatorId op = graph_.mapped()[stage];
  const imbrex::WorkOrder& order = graph_.order(op);
  std::vector<Work> work = list_work(stage);
  if (order.lock_step()) {
    run_in_lock_step(work);
  } else {
    run_apart(work);
  }
  std::vector<Completion::Ended> ended;
  ended.reserve(work.size());
  for (const Work& item : work) {
    const std::int64_t end_ps = item.start_ps + item.job.duration_ps;
    ended.push_back({item.step, item.job.box, end_ps});
    end_ps_ = std::max(end_ps_, end_ps);
    if (!item.job.box.empty()) {
      jobs_.push_back(
          {op, static_cast<std::int32_t>(item.server), item.step, item.start_ps, end_ps});
    }
  }
  const auto& searched = design_.mapping(op);
  const imbrex::Mapping mapping =
      searched ? *searched : cost_.canonical_mapping(op, design_.placement(op), shape_);
  completions_[imbrex::index(op)].emplace(graph_.workload(), op, mapping, order.server_count() == 1,
                                          std::move(ended));
}

// Movement behind the last operators delays what leaves.
std::int64_t Recurrence::outputs_ps() {
  std::int64_t latest_ps = 0;
  if (graph_.movement_is_free()) {
    return latest_ps;
  }
  for (const imbrex::TensorId output : graph_.outputs()) {
    sources_.clear();
    graph_.trace(output, imbrex::Region::whole(graph_.workload().at(output).shape), scratch_,
                 sources_);
    for (const imbrex::Source& source : sources_) {
      const Completion& completion = *completions_[imbrex::index(source.producer)];
      latest_ps = std::max(latest_ps, completion.ready_ps(source.region) + source.delay_ps);
    }
  }
  return latest_ps;
}

}  // namespace pipeorgan
