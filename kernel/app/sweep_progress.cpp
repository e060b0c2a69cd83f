#include "sweep_progress.hpp"

#include "plugin/host_services.hpp"

#include <cstdio>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

namespace imbrex::app {
namespace {

std::string duration_text(double seconds) {
  return seconds < 100    ? fmt::format("{:.0f} s", seconds)
         : seconds < 6000 ? fmt::format("{:.0f} min", seconds / 60)
                          : fmt::format("{:.1f} h", seconds / 3600);
}

}  // namespace

SweepProgress::SweepProgress(bool quiet, std::string about)
    : shown_(!quiet && ::isatty(STDERR_FILENO) != 0), about_(std::move(about)) {}

void SweepProgress::ended(const experiment::PointRecord& record, std::size_t over,
                          std::size_t tasks) {
  using experiment::PointState;
  infeasible_ += record.state == PointState::infeasible ? 1 : 0;
  failed_ += is_final(record.state) ? 0 : 1;
  const auto now = Clock::now();
  constexpr auto kBetweenLines = std::chrono::milliseconds(100);
  if (!shown_ || (over < tasks && now - last_ < kBetweenLines)) {
    return;
  }
  last_ = now;
  const double spent = std::chrono::duration<double>(now - start_).count();
  std::string line = fmt::format("{}{} of {} runs", about_, over, tasks);
  line += infeasible_ > 0 ? fmt::format(", {} infeasible", infeasible_) : "";
  line += failed_ > 0 ? fmt::format(", {} failed", failed_) : "";
  line += over < tasks ? ", about " +
                             duration_text(spent / static_cast<double>(over) *
                                           static_cast<double>(tasks - over)) +
                             " left"
                       : "";
  std::fprintf(stderr, "\r\033[Kimbrex: %s", line.c_str());
  std::fflush(stderr);
}

bool SweepProgress::stop() {
  return plugin::HostServices::cancel_requested();
}

void SweepProgress::clear() const {
  if (shown_) {
    std::fprintf(stderr, "\r\033[K");
  }
}

}  // namespace imbrex::app
