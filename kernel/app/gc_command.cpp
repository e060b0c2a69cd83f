// `imbrex gc [FOLDER]`: removes what killed runs left, and results that are older than asked.
#include "commands.hpp"
#include "result/clean_up.hpp"

#include <fmt/format.h>

namespace imbrex::app {
namespace {

std::string line_of(const result::CleanedFolder& cleaned, bool is_dry_run) {
  const std::string folder = cleaned.folder.string();
  switch (cleaned.what) {
    case result::CleanedFolder::What::restored:
      return fmt::format("{} {}, which a killed run had moved aside\n",
                         is_dry_run ? "would bring back" : "brought back", folder);
    case result::CleanedFolder::What::result:
      return fmt::format("{} {}, of {}\n", is_dry_run ? "would remove" : "removed", folder,
                         cleaned.date_utc);
    case result::CleanedFolder::What::leftover:
      break;
  }
  return fmt::format("{} {}, left by a killed run\n", is_dry_run ? "would remove" : "removed",
                     folder);
}

}  // namespace

int gc_command(const GcOptions& options) {
  result::CleanUp what;
  what.dry_run = options.dry_run;
  if (options.older_hours) {
    what.before_utc = result::utc_hours_ago(*options.older_hours);
  }
  const std::string folder = options.folder.empty() ? "results" : options.folder;
  const auto cleaned = result::clean_up(folder, what);
  for (const result::CleanedFolder& one : cleaned) {
    fmt::print("{}", line_of(one, options.dry_run));
  }
  if (cleaned.empty()) {
    fmt::print("nothing to remove in {}\n", folder);
  }
  return kExitDone;
}

}  // namespace imbrex::app
