// `imbrex sweep FILE`: every point of an experiment, each of them once.
#include "base/files.hpp"
#include "commands.hpp"
#include "experiment/chunks.hpp"
#include "experiment/command_line_axes.hpp"
#include "experiment/experiment_reader.hpp"
#include "experiment/frozen_plan.hpp"
#include "experiment/render.hpp"
#include "interrupt.hpp"
#include "locked_run.hpp"
#include "messages.hpp"
#include "run_parts.hpp"
#include "session.hpp"
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
    ex::Backlog backlog(plan_, *registry_, imbrex_digest(), *store_);
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
      return exit_code(run_here(backlog), chunk);
    }
    ex::replace_file(store_->folder(), ex::kFrozenName, ex::frozen_text(plan_, store_->folder()));
    return options_.engine == "local" ? finish(run_here(backlog)) : hand_over(backlog);
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
    plan_ = ex::plan_experiment(std::move(experiment), *registry_);
    store_.emplace(options_.out.empty() ? fs::path("results") / plan_.experiment.name
                                        : fs::path(options_.out));
    for (const std::string& note : plan_.notes) {
      if (!options_.common.quiet) {
        tell(note, Severity::note);
      }
    }
  }

  ex::Records run_here(const ex::Backlog& backlog) {
    const InterruptGuard interrupts;
    SweepProgress progress(progress_mode(options_.common));
    ex::EngineOptions engine;
    engine.workers = workers_of(options_.threads);
    engine.time_limit_s =
        options_.time_limit_s ? options_.time_limit_s : plan_.experiment.time_limit_s;
    ex::Records records = ex::run_backlog(
        plan_, backlog, *registry_, memory_checks(options_.max_memory_bytes), *store_, engine,
        options_.stop_on_failure || plan_.experiment.stop_on_failure, progress);
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
  std::unique_ptr<plugin::Registry> registry_;
  ex::ExperimentPlan plan_;
  std::optional<ex::Store> store_;
};

}  // namespace

int sweep_command(const SweepOptions& options) {
  return Sweep(options).run();
}

}  // namespace imbrex::app
