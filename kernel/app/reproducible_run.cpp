#include "messages.hpp"
#include "run/machine_memory.hpp"
#include "run_parts.hpp"

#include <imbrex/plugin/error.hpp>

#include <cstdio>

#include <fmt/format.h>

namespace imbrex::app {
namespace {

namespace fs = std::filesystem;

// A failure of the program or a plugin is worth a folder that repeats it; bad input is not.
[[noreturn]] void fail_with_reproducer(const recipe::ResolvedPlan& plan,
                                       const result::CarriedInputs& inputs, const fs::path& folder,
                                       const std::string& message) {
  std::string note;
  try {
    const fs::path reproducer = result::write_reproducer(plan, inputs, folder, message);
    note = fmt::format("; reproducer written to {}", fs::relative(reproducer).string());
  } catch (const std::exception& error) {
    note = fmt::format("; no reproducer could be written ({})", error.what());
  }
  throw Error(ErrorCode::failed, message + note);
}

}  // namespace

int reproducible(const recipe::ResolvedPlan& plan, const result::CarriedInputs& inputs,
                 const fs::path& folder, FunctionRef<int()> run) {
  try {
    return run();
  } catch (const Error& error) {
    if (error.code() == ErrorCode::failed) {
      fail_with_reproducer(plan, inputs, folder, error.what());
    }
    throw;
  } catch (const std::exception& error) {
    fail_with_reproducer(plan, inputs, folder, error.what());
  }
}

void print_note(std::string_view text) noexcept {
  tell(text, Severity::note);
}

run::Checks memory_checks(std::int64_t max_memory_bytes) {
  run::Checks checks;
  checks.max_memory_bytes = max_memory_bytes > 0 ? max_memory_bytes : run::default_max_memory();
  return checks;
}

run::Checks checks_of(const RunOptions& options, const std::optional<run::Isolation>& isolation) {
  run::Checks checks = memory_checks(options.max_memory_bytes);
  checks.isolation = isolation ? &*isolation : nullptr;
  return checks;
}

result::WriteOptions write_options(const RunOptions& options, const fs::path& folder) {
  result::WriteOptions write;
  write.folder = folder;
  write.existing = options.force ? result::ResultFolder::Existing::replace
                                 : result::ResultFolder::Existing::refuse;
  write.quiet = options.common.quiet;
  write.timeline_jobs = options.timeline_jobs;
  write.threads = options.threads;
  write.default_reporter = kDefaultReporter;
  return write;
}

result::CarriedInputs inputs_of(const recipe::ResolvedPlan& plan, const RunOptions& options) {
  result::CarriedInputs inputs(plan, static_cast<std::uintmax_t>(options.carry_inputs_bytes));
  for (const fs::path& file : inputs.left()) {
    if (!options.common.quiet) {
      print_note(
          fmt::format("the result folder names '{}' by path and digest: it is larger than "
                      "--carry-inputs, {} bytes",
                      file.string(), options.carry_inputs_bytes));
    }
  }
  return inputs;
}

}  // namespace imbrex::app
