#include "experiment/sweep.hpp"

#include <utility>

namespace imbrex::experiment {
namespace {

PointRecord cut_short(PointRecord record, TaskEnd end, const std::string& why) {
  record.state = end == TaskEnd::timed_out ? PointState::timed_out : PointState::crashed;
  record.message = why;
  return record;
}

}  // namespace

Backlog::Backlog(const ExperimentPlan& plan, const plugin::Registry& registry,
                 const std::string& imbrex_sha256, const Store& store, Records known)
    : kept_(std::move(known)), begun_(kept_.size()) {
  for (std::size_t i = kept_.size(); i < plan.plans.size(); ++i) {
    begun_.push_back(
        begin_record(plan.plans[i], plan.sha256[i], registry, imbrex_sha256, store.folder()));
    auto record = store.find(plan.sha256[i]);
    const std::string why = record ? why_again(*record, begun_.back()) : "new";
    if (!why.empty()) {
      tasks_.push_back({i, why});
    }
    // Numbers of another imbrex, or of other plugins, are in no table.
    if (!why.empty() && record && is_final(record->state)) {
      record.reset();
    }
    kept_.push_back(std::move(record));
  }
}

void Backlog::keep_only(FunctionRef<bool(std::size_t)> keep) {
  std::erase_if(tasks_, [&](const Task& task) { return !keep(task.plan); });
}

Records run_backlog(const ExperimentPlan& plan, const Backlog& backlog,
                    const plugin::Registry& registry, run::Checks checks, const Store& store,
                    const EngineOptions& engine, bool stop_on_failure, SweepListener& listener) {
  Records records = backlog.kept();
  const std::vector<Task>& tasks = backlog.tasks();
  std::size_t over = 0;
  const auto run = [&](std::size_t task) {
    PointRecord record = backlog.begun(tasks[task].plan);
    run_point(plan.plans[tasks[task].plan], registry, checks, record);
    store.put(record);
  };
  const auto ended = [&](std::size_t task, TaskEnd end, const std::string& why) {
    const std::size_t at = tasks[task].plan;
    if (end == TaskEnd::ended) {
      records[at] = store.find(plan.sha256[at]);
    } else {
      records[at] = cut_short(backlog.begun(at), end, why);
      store.put(*records[at]);
    }
    ++over;
    if (!records[at]) {
      return true;
    }
    listener.ended(*records[at], over, tasks.size());
    return is_final(records[at]->state) || !stop_on_failure;
  };
  if (!tasks.empty()) {
    LocalEngine(engine, run).run_all(tasks.size(), ended, [&] { return listener.stop(); });
  }
  store.sync();
  return records;
}

}  // namespace imbrex::experiment
