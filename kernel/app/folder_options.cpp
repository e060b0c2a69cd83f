// Options of the commands that look after folders of results.
#include "command_options.hpp"
#include "folder_help_text.hpp"

#include <imbrex/plugin/error.hpp>

#include <charconv>
#include <string>

namespace imbrex::app {
namespace {

// "30d" in hours. Errors: InputError.
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
    throw InputError("expects a number with h, d, w or y, e.g. 30d, found '" + text + "'");
  }
  return count * hours;
}

}  // namespace

void declare_log(OptionSet& options, Parsed& parsed) {
  options.footer(kLogHelp);
  options.optional({"FOLDER", "Where the results lie; default results"}, parsed.log.folder);
  add_json(options, parsed.log.json);
}

void declare_gc(OptionSet& options, Parsed& parsed) {
  GcOptions& gc = parsed.gc;
  options.footer(kGcHelp);
  options.optional({"FOLDER", "Where the results lie; default results"}, gc.folder);
  options.each(
      {"--older", "Also results that are older, by the date in environment.json: 12h, 30d, 8w, 1y",
       "AGE"},
      [&gc](const std::string& age) { gc.older_hours = hours_of(age); });
  options.flag({"--dry-run,-n", "Say what would go, and remove nothing"}, gc.dry_run);
}

void declare_bundle(OptionSet& options, Parsed& parsed) {
  BundleOptions& bundle = parsed.bundle;
  options.footer(kBundleHelp);
  options.required({"FOLDER", "A result folder"}, bundle.folder);
  options.text({"--out,-o", "The archive; default FOLDER.tar.gz, here", "FILE"}, bundle.out);
  options.flag({"--force,-f", "Replace an existing file"}, bundle.force);
  options.flag({"--ro-crate",
                "Add ro-crate-metadata.json, the description that artefact evaluations and "
                "archives read (RO-Crate 1.1, Process Run Crate)"},
               bundle.ro_crate);
}

}  // namespace imbrex::app
