// `imbrex run RECIPE`: resolve, run, write. Fails early on everything that can be known early.
#include "command_parts.hpp"
#include "commands.hpp"
#include "interrupt.hpp"
#include "locked_run.hpp"
#include "result/result_place.hpp"
#include "run/runner.hpp"
#include "run_parts.hpp"

#include <imbrex/plugin/error.hpp>

#include <chrono>

#include <fmt/format.h>

namespace imbrex::app {
namespace {

namespace fs = std::filesystem;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Part of a result takes no place of a whole one, which may be there from an earlier run.
void write_aside(result::WriteOptions& write) {
  write.folder = result::ResultPlace(write.folder).path().string() + "-partial";
  write.existing = result::ResultFolder::Existing::replace;
}

int run_and_write(const recipe::ResolvedPlan& plan, const plugin::Registry& registry,
                  result::WriteOptions& write, const RunOptions& options,
                  std::chrono::steady_clock::time_point start) {
  result::ResultFolder::check_target(write.folder, write.existing);
  const InterruptGuard interrupts;
  plugin::HostServices services(host_options(options.common, options.threads));
  const std::optional<run::Isolation> isolation = isolation_of(options.isolate, registry);
  return reproducible(plan, write.inputs, write.folder, [&] {
    const run::RunOutcome outcome =
        run::run_plan(plan, registry, services, checks_of(options, isolation));
    write.duration_s = seconds_since(start);
    if (!outcome.failure.empty()) {
      write_aside(write);
    }
    result::write_results(outcome, plan, registry, services, write);
    if (!outcome.failure.empty()) {
      throw Error(
          ErrorCode::failed,
          fmt::format("{}; what the stages before it found is kept in {}, marked as partial",
                      outcome.failure, write.folder.string()));
    }
    return outcome.result.partial ? kExitInterrupted : kExitDone;
  });
}

int run_once(const RunOptions& options, const recipe::RecipeSource& source,
             const recipe::ResolvedPlan& plan, const plugin::Registry& registry,
             std::chrono::steady_clock::time_point start) {
  result::WriteOptions write = write_options(
      options, options.out.empty() ? result::default_folder(plan) : fs::path(options.out));
  write.inputs = inputs_of(plan, options);
  write.build = this_build();
  result::RunLock lock = result::lock_of(plan, registry, write.inputs, write.build);
  lock.timeline_jobs = options.timeline_jobs;
  const LockedRun locked(options, source, lock);
  const std::string plan_text = result::plan_text(plan, write.folder, write.inputs);
  const int code = locked.make_once(write.folder, plan_text, "result.json", [&] {
    return run_and_write(plan, registry, write, options, start);
  });
  if (code == kExitInterrupted) {
    print_note(fmt::format("interrupted; partial results kept in {}", write.folder.string()));
  }
  return code;
}

}  // namespace

int run_command(const RunOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const recipe::RecipeSource source = recipe_source(options.recipe);
  const auto registry = open_registry(options.common, &source);
  const recipe::ResolvedPlan plan = resolve_and_tell(source, *registry, options.common.quiet);
  return options.seeds > 0 ? run_seeds(options, source, plan, *registry)
                           : run_once(options, source, plan, *registry, start);
}

}  // namespace imbrex::app
