// `imbrex sweep FILE`: every point of an experiment, each of them once.
#include "base/files.hpp"
#include "command_parts.hpp"
#include "commands.hpp"
#include "experiment/chunks.hpp"
#include "experiment/command_line_axes.hpp"
#include "experiment/experiment_reader.hpp"
#include "experiment/frozen_plan.hpp"
#include "experiment/render.hpp"
#include "experiment/search.hpp"
#include "interrupt.hpp"
#include "locked_run.hpp"
#include "messages.hpp"
#include "plugin/host_services.hpp"
#include "run_parts.hpp"
#include "sweep_output.hpp"
#include "sweep_progress.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
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

// Of the runs of one part.
int exit_code(const ex::Records& records, const ex::Chunk& chunk) {
  bool any_done = false;
  bool all_ended = true;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (!chunk.has(i)) {
      continue;
    }
    const auto& record = records[i];
    any_done = any_done || (record && record->state == ex::PointState::done);
    if (record && !is_final(record->state)) {
      return kExitFailed;
    }
    all_ended = all_ended && record.has_value();
  }
  return !all_ended ? kExitInterrupted : any_done ? kExitDone : kExitInfeasible;
}

// Of everything that computes beside the plugins.
std::string imbrex_digest() {
  const result::Build build = this_build();
  return sha256_hex(build.library_build_id + build.command_build_id);
}

// One call of the command.
class Sweep {
 public:
  explicit Sweep(const SweepOptions& options) : options_(options) {
    if (fs::exists(fs::path(options.recipe.recipe) / ex::kFrozenName)) {
      open_folder(options.recipe.recipe);
    } else {
      open_file();
    }
  }

  int run() {
    if (searched_) {
      return run_search();
    }
    ex::Backlog backlog(plan_, *registry_, imbrex_sha256_, *store_);
    if (options_.dry_run) {
      fmt::print("{}", dry_run_text(plan_, backlog));
      return kExitDone;
    }
    if (!options_.common.quiet) {
      print_note(sweep_overview(plan_, backlog));
    }
    if (options_.collect) {
      return finish(backlog.kept());
    }
    store_->open();
    if (!options_.chunk.empty()) {
      const ex::Chunk chunk = ex::read_chunk(options_.chunk);
      backlog.keep_only([&](std::size_t plan) { return chunk.has(plan); });
      return exit_code(run_here(plan_, backlog, {}), chunk);
    }
    freeze();
    return options_.engine == "local" ? finish(run_here(plan_, backlog, {})) : hand_over(backlog);
  }

 private:
  void open_folder(const fs::path& folder) {
    if (!options_.recipe.edits.empty() || !options_.out.empty()) {
      throw InputError(
          fmt::format("'{}' is an experiment whose points are frozen: --set, --unset, "
                      "--profile and --out belong to the file that it was made of",
                      folder.string()));
    }
    registry_ = open_registry(options_.common, nullptr);
    plan_ = ex::read_frozen(folder, *registry_);
    store_.emplace(folder);
  }

  void open_file() {
    ex::Experiment experiment = experiment_of(options_);
    const recipe::RecipeSource source{ex::recipe_of_first_point(experiment), experiment.edits};
    registry_ = open_registry(options_.common, &source);
    store_.emplace(options_.out.empty() ? fs::path("results") / experiment.name
                                        : fs::path(options_.out));
    if (ex::runs_every_point(experiment)) {
      plan_ = ex::plan_experiment(std::move(experiment), *registry_);
      tell_notes();
    } else {
      ex::require_levels(experiment, *registry_);
      searched_ = std::move(experiment);
    }
  }

  void tell_notes() const {
    for (const std::string& note : plan_.notes) {
      if (!options_.common.quiet) {
        tell(note, Severity::note);
      }
    }
  }

  void freeze() const {
    ex::replace_file(store_->folder(), ex::kFrozenName, ex::frozen_text(plan_, store_->folder()));
  }

  int run_search() {
    const std::string overview = ex::search_overview(*searched_);
    if (options_.engine != "local" || options_.collect || !options_.chunk.empty()) {
      throw InputError(
          "NSGA-II asks for runs by the results of others, so this search cannot be cut into "
          "parts: "
          "leave --engine, --chunk and --collect out, or run every point: method = \"exhaustive\"");
    }
    if (options_.dry_run) {
      fmt::print("{}\n", overview);
      return kExitDone;
    }
    if (!options_.common.quiet) {
      print_note(overview);
    }
    store_->open();
    bool complete = true;
    const auto run = [&](const ex::ExperimentPlan& plan, ex::Records& records) {
      return complete = run_generation(plan, records);
    };
    ex::SearchOutcome found =
        ex::search_front(std::move(*searched_), *registry_, ex::open_nsga2(), run);
    plan_ = std::move(found.plan);
    tell_notes();
    freeze();
    const int code = finish(found.records);
    return complete || code == kExitFailed ? code : kExitInterrupted;
  }

  bool run_generation(const ex::ExperimentPlan& plan, ex::Records& records) {
    const ex::Backlog backlog(plan, *registry_, imbrex_sha256_, *store_, std::move(records));
    records = run_here(plan, backlog, fmt::format("generation {}: ", plan.generations.size() + 1));
    const bool stopped = plugin::HostServices::cancel_requested();
    return !stopped && std::all_of(records.begin(), records.end(), [&](const auto& record) {
      return record && (is_final(record->state) || !stops_on_failure(plan));
    });
  }

  bool stops_on_failure(const ex::ExperimentPlan& plan) const {
    return options_.stop_on_failure || plan.experiment.stop_on_failure;
  }

  ex::Records run_here(const ex::ExperimentPlan& plan, const ex::Backlog& backlog,
                       std::string about) {
    const InterruptGuard interrupts;
    SweepProgress progress(progress_mode(options_.common), std::move(about));
    ex::EngineOptions engine;
    engine.workers = workers_of(options_.threads);
    engine.time_limit_s =
        options_.time_limit_s ? options_.time_limit_s : plan.experiment.time_limit_s;
    ex::Records records =
        ex::run_backlog(plan, backlog, *registry_, memory_checks(options_.max_memory_bytes),
                        *store_, engine, stops_on_failure(plan), progress);
    progress.clear();
    return records;
  }

  int finish(const ex::Records& records) const {
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    write_sweep_files(plan_, records, store_->folder(),
                      result::describe_environment(options_.threads, seconds));
    fmt::print("{}", ex::render(plan_, records, *ex::format_of(options_.format), stdout_style()));
    if (!options_.common.quiet) {
      tell_reasons(plan_, records);
      print_note("experiment in " + store_->folder().string());
    }
    return exit_code(records, {});
  }

  int hand_over(const ex::Backlog& backlog) const {
    const std::size_t count =
        ex::chunk_count(plan_.plans.size(), static_cast<std::size_t>(options_.runs_per_task));
    const std::vector<ex::Chunk> chunks = ex::chunks_to_run(backlog, count);
    if (chunks.empty()) {
      return finish(backlog.kept());
    }
    return options_.engine == "slurm" ? submit(chunks) : print_commands(chunks);
  }

  int print_commands(const std::vector<ex::Chunk>& chunks) const {
    const ex::ClusterCommand command = cluster_command();
    for (const ex::Chunk& chunk : chunks) {
      fmt::print("{}\n", command.run_text(fmt::format("{}/{}", chunk.index, chunk.count)));
    }
    if (!options_.common.quiet) {
      print_note("and when all of them have ended: " + command.collect_text());
    }
    return kExitDone;
  }

  int submit(const std::vector<ex::Chunk>& chunks) const {
    const ex::ClusterCommand command = cluster_command();
    const ex::SlurmJob job{"imbrex-" + plan_.experiment.name, options_.slurm_options};
    fs::create_directories(command.folder / "slurm");
    ex::replace_file(command.folder, "runs.sbatch", ex::slurm_array_script(command, job, chunks));
    ex::replace_file(command.folder, "collect.sbatch", ex::slurm_collect_script(command, job));
    const auto [array, collect] =
        ex::submit_to_slurm(command.folder / "runs.sbatch", command.folder / "collect.sbatch");
    fmt::print("{}\n", collect);
    print_note(fmt::format("{} tasks are job {}; job {} collects their points in {}", chunks.size(),
                           array, collect, store_->folder().string()));
    return kExitDone;
  }

  ex::ClusterCommand cluster_command() const {
    ex::ClusterCommand command;
    command.program = fs::read_symlink("/proc/self/exe").string();
    command.folder = fs::absolute(store_->folder()).lexically_normal();
    for (const std::string& file : options_.common.plugin_files) {
      command.arguments.insert(command.arguments.end(), {"--plugin", fs::absolute(file).string()});
    }
    if (options_.time_limit_s) {
      command.arguments.insert(command.arguments.end(),
                               {"--time-limit", fmt::format("{}", *options_.time_limit_s)});
    }
    if (options_.max_memory_bytes > 0) {
      command.arguments.insert(command.arguments.end(),
                               {"--max-memory", fmt::format("{}B", options_.max_memory_bytes)});
    }
    return command;
  }

  const SweepOptions& options_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::string imbrex_sha256_ = imbrex_digest();
  std::unique_ptr<plugin::Registry> registry_;
  ex::ExperimentPlan plan_;
  std::optional<ex::Experiment> searched_;  // its points are known only as it goes on
  std::optional<ex::Store> store_;
};

}  // namespace

int sweep_command(const SweepOptions& options) {
  return Sweep(options).run();
}

}  // namespace imbrex::app
