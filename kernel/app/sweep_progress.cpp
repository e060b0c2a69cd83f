#include "sweep_progress.hpp"

#include "plugin/host_services.hpp"

#include <string>
#include <utility>

#include <fmt/format.h>

namespace imbrex::app {
namespace {

std::string line_of(const SweepCount& count, std::string_view about) {
  std::string line = fmt::format("imbrex: {}{} of {} runs", about, count.over, count.runs);
  line += count.infeasible > 0 ? fmt::format(", {} infeasible", count.infeasible) : "";
  line += count.failed > 0 ? fmt::format(", {} failed", count.failed) : "";
  line += fmt::format(", {:.3g}/s", static_cast<double>(count.over) / count.elapsed_s);
  line +=
      count.over < count.runs ? ", about " + plugin::rough_duration(count.left_s()) + " left" : "";
  return line;
}

}  // namespace

SweepProgress::SweepProgress(plugin::ProgressMode mode, std::string about)
    : line_(mode), about_(std::move(about)) {}

void SweepProgress::ended(const experiment::PointRecord& record, std::size_t over,
                          std::size_t tasks) {
  using experiment::PointState;
  count_.infeasible += record.state == PointState::infeasible ? 1 : 0;
  count_.failed += is_final(record.state) ? 0 : 1;
  if (!line_.is_due(over == tasks)) {
    return;
  }
  count_.over = over;
  count_.runs = tasks;
  count_.elapsed_s = std::chrono::duration<double>(Clock::now() - start_).count();
  line_.show(line_.is_json() ? sweep_progress_json(count_) : line_of(count_, about_));
}

bool SweepProgress::stop() {
  return plugin::HostServices::cancel_requested();
}

}  // namespace imbrex::app
