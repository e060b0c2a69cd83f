// `imbrex log [FOLDER]`: which results are there, one line each.
#include "command_parts.hpp"
#include "commands.hpp"
#include "log_json.hpp"
#include "result/result_list.hpp"
#include "time_unit.hpp"

#include <imbrex/toolkit/text/table.hpp>

#include <fmt/format.h>

namespace imbrex::app {
namespace {

namespace fs = std::filesystem;

// The value of the objective, with its unit.
std::string value_text(const result::ListedResult& listed) {
  if (!listed.value) {
    return "-";
  }
  if (listed.metric == "latency_ps") {
    const TimeUnit unit = time_unit_for(*listed.value);
    return fmt::format("{:.4g} {}", *listed.value / unit.picoseconds, unit.name);
  }
  const std::string_view unit = listed.objective == "throughput" ? "/s"
                                : listed.objective == "energy"   ? "pJ"
                                                                 : "Js";
  return fmt::format("{:.4g} {}", *listed.value, unit);
}

std::string state_text(const result::ListedResult& listed) {
  if (listed.points > 0) {
    return fmt::format("{} of {} points", listed.ended, listed.points);
  }
  const std::string seeds = listed.seeds > 0 ? fmt::format("{} seeds", listed.seeds) : "";
  const std::string gap = listed.partial && !seeds.empty() ? ", " : "";
  return listed.partial ? seeds + gap + "partial" : seeds.empty() ? "done" : seeds;
}

// On a terminal of usual width there is room for the day, and for no digest.
bool is_short() {
  constexpr std::size_t kWide = 100;
  return stdout_style().is_terminal && stdout_style().columns < kWide;
}

std::vector<std::string> row_of(const result::ListedResult& listed) {
  if (!listed.problem.empty()) {
    return {"-", listed.folder.string(), "-", "-", "-", "-", "unreadable: " + listed.problem};
  }
  constexpr std::size_t kShownDigits = 8;  // as in the names of folders
  constexpr std::size_t kDayDigits = 10;
  return {listed.date_utc.empty() ? "-"
          : is_short()            ? listed.date_utc.substr(0, kDayDigits)
                                  : listed.date_utc,
          listed.folder.string(),
          listed.objective.empty() ? "-" : listed.objective,
          value_text(listed),
          listed.speedup ? fmt::format("{:.4g}x", *listed.speedup) : "-",
          listed.plan_sha256.empty() ? "-" : listed.plan_sha256.substr(0, kShownDigits),
          state_text(listed)};
}

std::vector<std::string> shown(std::vector<std::string> row) {
  constexpr std::ptrdiff_t kPlan = 5;
  if (is_short()) {
    row.erase(row.begin() + kPlan);
  }
  return row;
}

}  // namespace

int log_command(const LogOptions& options) {
  const fs::path folder = options.folder.empty() ? "results" : options.folder;
  const std::vector<result::ListedResult> results = result::list_results(folder);
  if (options.json) {
    fmt::print("{}", log_json(results));
    return kExitDone;
  }
  if (results.empty()) {
    fmt::print("no results in {}\n", folder.string());
    return kExitDone;
  }
  text::Table table(shown({"DATE", "FOLDER", "OBJECTIVE", "VALUE", "SPEED-UP", "PLAN", "STATE"}),
                    "LlLLLLl");
  for (const result::ListedResult& listed : results) {
    table.row(shown(row_of(listed)));
  }
  fmt::print("{}", table.text(stdout_style(), 0));
  return kExitDone;
}

}  // namespace imbrex::app
