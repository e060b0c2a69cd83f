// `imbrex sweep FILE`: every point of an experiment, each of them once.
#include "commands.hpp"
#include "experiment/command_line_axes.hpp"
#include "experiment/database.hpp"
#include "experiment/experiment_reader.hpp"
#include "experiment/render.hpp"
#include "experiment/sweep.hpp"
#include "interrupt.hpp"
#include "run_parts.hpp"
#include "session.hpp"
#include "sweep_progress.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <thread>

#include <fmt/format.h>

namespace imbrex::app {
namespace {

namespace fs = std::filesystem;
namespace ex = imbrex::experiment;

ex::Experiment experiment_of(const SweepOptions& options) {
  const fs::path path = options.recipe.recipe;
  if (!ex::is_experiment_file(path)) {
    return ex::experiment_of(recipe_source(options.recipe).path, options.recipe.edits);
  }
  ex::Experiment experiment = ex::read_experiment(path);
  ex::add_command_line(experiment, options.recipe.edits);
  return experiment;
}

int workers_of(int threads) {
  return threads > 0 ? threads
                     : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

// "3 points, 2 runs: 1 kept, 1 new".
std::string overview(const ex::ExperimentPlan& plan, const ex::Backlog& backlog) {
  std::map<std::string, std::size_t> reasons;
  for (const ex::Task& task : backlog.tasks()) {
    ++reasons[task.why];
  }
  std::string text = fmt::format("{} points, {} different runs: {} kept", plan.points.size(),
                                 plan.plans.size(), plan.plans.size() - backlog.tasks().size());
  for (const auto& [why, count] : reasons) {
    text +=
        why == "new" ? fmt::format(", {} new", count) : fmt::format(", {} again ({})", count, why);
  }
  return text;
}

std::string dry_run_text(const ex::ExperimentPlan& plan, const ex::Backlog& backlog) {
  std::string text = overview(plan, backlog) + "\n";
  std::map<std::size_t, std::string> why;
  for (const ex::Task& task : backlog.tasks()) {
    why.emplace(task.plan, task.why);
  }
  for (const ex::PlannedPoint& point : plan.points) {
    const auto at = why.find(point.plan);
    text += fmt::format("  {}: {}\n", ex::description_of(plan.experiment, point.point),
                        at == why.end() ? "kept" : at->second);
  }
  return text;
}

// Why points have no numbers, each reason once with the first point that has it.
void tell_reasons(const ex::ExperimentPlan& plan, const ex::Records& records) {
  std::map<std::string, std::pair<std::string, std::size_t>> reasons;
  for (const ex::PlannedPoint& point : plan.points) {
    const auto& record = records[point.plan];
    if (record && record->state != ex::PointState::done) {
      auto& [first, count] =
          reasons[fmt::format("{}: {}", to_string(record->state), record->message)];
      first = count++ == 0 ? ex::description_of(plan.experiment, point.point) : first;
    }
  }
  for (const auto& [reason, at] : reasons) {
    print_note(at.second == 1
                   ? fmt::format("{}: {}", at.first, reason)
                   : fmt::format("{} and {} more points: {}", at.first, at.second - 1, reason));
  }
}

int exit_code(const ex::Records& records) {
  bool any_done = false;
  bool all_ended = true;
  for (const auto& record : records) {
    any_done = any_done || (record && record->state == ex::PointState::done);
    if (record && !is_final(record->state)) {
      return kExitFailed;
    }
    all_ended = all_ended && record.has_value();
  }
  return !all_ended ? kExitInterrupted : any_done ? kExitDone : kExitInfeasible;
}

void write_files(const ex::ExperimentPlan& plan, const ex::Records& records,
                 const fs::path& folder) {
  ex::replace_file(folder, "points.csv", ex::points_csv(plan, records));
  ex::replace_file(folder, "experiment.json", ex::render(plan, records, ex::Format::json));
  ex::replace_file(folder, "tables.md", ex::render(plan, records, ex::Format::markdown));
  ex::write_database(plan, records, folder);
}

fs::path folder_of(const SweepOptions& options, const ex::ExperimentPlan& plan) {
  return options.out.empty() ? fs::path("results") / plan.experiment.name : fs::path(options.out);
}

}  // namespace

int sweep_command(const SweepOptions& options) {
  ex::Experiment experiment = experiment_of(options);
  const recipe::RecipeSource source{ex::recipe_of_first_point(experiment), experiment.edits};
  const auto registry = open_registry(options.common, &source);
  const ex::ExperimentPlan plan = ex::plan_experiment(std::move(experiment), *registry);
  const ex::Store store(folder_of(options, plan));
  const ex::Backlog backlog(plan, *registry, ex::provenance_of(*registry), store);
  if (options.dry_run) {
    fmt::print("{}", dry_run_text(plan, backlog));
    return kExitDone;
  }
  if (!options.common.quiet) {
    print_note(overview(plan, backlog));
  }
  store.open();
  const InterruptGuard interrupts;
  SweepProgress progress(options.common.quiet);
  ex::EngineOptions engine;
  engine.workers = workers_of(options.threads);
  engine.time_limit_s = options.time_limit_s ? options.time_limit_s : plan.experiment.time_limit_s;
  const ex::Records records =
      ex::run_backlog(plan, backlog, *registry, memory_checks(options.max_memory_bytes), store,
                      engine, options.stop_on_failure || plan.experiment.stop_on_failure, progress);
  progress.clear();
  write_files(plan, records, store.folder());
  fmt::print("{}", ex::render(plan, records, *ex::format_of(options.format)));
  if (!options.common.quiet) {
    tell_reasons(plan, records);
    print_note("experiment in " + store.folder().string());
  }
  return exit_code(records);
}

}  // namespace imbrex::app
