#include "folder_command_line.hpp"

#include "help_text.hpp"

#include <charconv>
#include <string>

#include <CLI/CLI.hpp>

namespace imbrex::app {
namespace {

// "30d" in hours; CLI11 shows the message of what is thrown.
std::int64_t hours_of(const std::string& text) {
  constexpr std::int64_t kMostYears = 1000;
  constexpr std::int64_t kHoursPerDay = 24;
  constexpr std::int64_t kHoursPerYear = 365 * kHoursPerDay;
  std::int64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [unit, error] = std::from_chars(text.data(), end, count);
  const std::string_view name(unit, static_cast<std::size_t>(end - unit));
  const std::int64_t hours = name == "h"   ? 1
                             : name == "d" ? kHoursPerDay
                             : name == "w" ? 7 * kHoursPerDay
                             : name == "y" ? kHoursPerYear
                                           : 0;
  if (error != std::errc() || count < 0 || hours == 0 ||
      count > kMostYears * kHoursPerYear / hours) {
    throw CLI::ValidationError(
        "--older", "expects a number with h, d, w or y, e.g. 30d, found '" + text + "'");
  }
  return count * hours;
}

const CLI::App* add_log(CLI::App& app, LogOptions& options) {
  CLI::App* log = app.add_subcommand("log", "List the results in a folder, newest first");
  log->footer(std::string(kLogHelp));
  log->add_option("FOLDER", options.folder, "Where the results lie; default results");
  log->add_flag("--json", options.json, "Machine-readable output");
  return log;
}

const CLI::App* add_gc(CLI::App& app, GcOptions& options) {
  CLI::App* gc = app.add_subcommand("gc", "Remove what killed runs left, and old results");
  gc->footer(std::string(kGcHelp));
  gc->add_option("FOLDER", options.folder, "Where the results lie; default results");
  gc->add_option_function<std::string>(
        "--older", [&](const std::string& age) { options.older_hours = hours_of(age); },
        "Also results that are older, by the date in environment.json: 12h, 30d, 8w, 1y")
      ->type_name("AGE");
  gc->add_flag("--dry-run,-n", options.dry_run, "Say what would go, and remove nothing");
  return gc;
}

void add_bundle(CLI::App& app, BundleOptions& options) {
  CLI::App* bundle = app.add_subcommand("bundle", "Pack a result folder into an archive");
  bundle->footer(std::string(kBundleHelp));
  bundle->add_option("FOLDER", options.folder, "A result folder")->required();
  bundle->add_option("--out,-o", options.out, "The archive; default FOLDER.tar.gz, here")
      ->type_name("FILE");
  bundle->add_flag("--force,-f", options.force, "Replace an existing file");
  bundle->add_flag("--ro-crate", options.ro_crate,
                   "Add ro-crate-metadata.json, the description that artefact evaluations and "
                   "archives read (RO-Crate 1.1, Process Run Crate)");
}

}  // namespace

void FolderCommands::add_to(CLI::App& app) {
  log_command_ = add_log(app, log_);
  gc_command_ = add_gc(app, gc_);
  add_bundle(app, bundle_);
}

Command FolderCommands::chosen() const {
  if (log_command_->parsed()) {
    return log_;
  }
  return gc_command_->parsed() ? Command(gc_) : Command(bundle_);
}

void add_reproduction(CLI::App& run, RunOptions& options) {
  run.add_flag("--locked", options.locked,
               "With a result folder as RECIPE: refuse to run when Imbrex, a plugin, an input or "
               "the plan differs from its lock.json, and compare the result");
  run.add_option("--carry-inputs", options.carry_inputs_bytes,
                 "Copy files that the plan names into the result folder up to this size each; "
                 "larger ones are named by path and digest. 0 copies none; default 64M")
      ->transform(CLI::AsSizeValue(false))
      ->check(CLI::NonNegativeNumber)
      ->type_name("SIZE");
}

}  // namespace imbrex::app
