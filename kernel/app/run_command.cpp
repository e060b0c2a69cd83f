// File: run_command.cpp
//
// `imbrex run RECIPE`: resolve, run, write. Fails early on everything that can be known early.
#include "commands.hpp"
#include "interrupt.hpp"
#include "result/result_writer.hpp"
#include "run/runner.hpp"
#include "session.hpp"

#include <chrono>
#include <cstdio>

#include <fmt/format.h>

namespace imbrex::app {
namespace {

namespace fs = std::filesystem;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// A failure of the program or a plugin is worth a folder that repeats it; bad input is not.
[[noreturn]] void fail_with_reproducer(const ResolvedPlan& plan, const fs::path& folder,
                                       const std::string& message) {
  std::string note;
  try {
    const fs::path reproducer = write_reproducer(plan, folder, message);
    note = fmt::format("; reproducer written to {}", fs::relative(reproducer).string());
  } catch (const std::exception& error) {
    note = fmt::format("; no reproducer could be written ({})", error.what());
  }
  throw Error(ErrorCode::failed, message + note);
}

}  // namespace

int run_command(const RunOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const RecipeSource source = recipe_source(options.recipe);
  const auto registry = open_registry(options.common, &source);
  const ResolvedPlan plan = resolve(source, *registry);

  WriteOptions write;
  write.folder = options.out.empty() ? default_folder(plan) : fs::path(options.out);
  write.existing = options.force ? ResultFolder::Existing::replace : ResultFolder::Existing::refuse;
  write.quiet = options.common.quiet;
  write.timeline_jobs = options.timeline_jobs;
  write.threads = options.threads;
  ResultFolder::check_target(write.folder, write.existing);

  const InterruptGuard interrupts;
  HostServices services(host_options(options.common, options.threads));
  try {
    const RunOutcome outcome = run_plan(plan, *registry, services);
    write.duration_s = seconds_since(start);
    write_results(outcome, plan, *registry, services, write);
    if (!options.common.quiet) {
      fmt::print("results in {}\n", write.folder.string());
    }
    if (outcome.result.partial) {
      fmt::print(stderr, "imbrex: interrupted; partial results kept in {}\n",
                 write.folder.string());
      return kExitInterrupted;
    }
    return kExitDone;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::failed) {
      fail_with_reproducer(plan, write.folder, error.what());
    }
    throw;
  } catch (const std::exception& error) {
    fail_with_reproducer(plan, write.folder, error.what());
  }
}

}  // namespace imbrex::app
