#include "plugin/terminal.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace imbrex::plugin {
namespace {

constexpr auto kDrawInterval = std::chrono::milliseconds(100);
constexpr std::size_t kDefaultColumns = 80;

spdlog::level::level_enum level_of(LogLevel level) {
  switch (level) {
    case LogLevel::trace:
      return spdlog::level::trace;
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      break;
  }
  return spdlog::level::err;
}

// Control characters could forge further lines or move the cursor; messages quote user files.
std::string one_line(std::string_view text) {
  std::string line(text);
  std::replace_if(
      line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return line;
}

std::size_t terminal_columns() {
  winsize size{};
  const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : kDefaultColumns;
}

}  // namespace

Terminal::Terminal(LogLevel level, bool quiet)
    : logger_(std::make_shared<spdlog::logger>(
          "imbrex", std::make_shared<spdlog::sinks::stderr_color_sink_mt>())),
      shows_progress_(!quiet && isatty(STDERR_FILENO) == 1) {
  logger_->set_pattern("%^%l%$: %v");
  logger_->set_level(level_of(quiet ? std::max(level, LogLevel::warning) : level));
}

Terminal::~Terminal() {
  erase_line();
}

void Terminal::log(LogLevel level, std::string_view component_id, std::string_view message) {
  if (!logger_->should_log(level_of(level))) {
    return;
  }
  const std::lock_guard lock(mutex_);
  erase_line();
  logger_->log(level_of(level), "{}: {}", component_id, one_line(message));
}

void Terminal::progress(double fraction, std::string_view component_id, std::string_view what) {
  if (!shows_progress_) {
    return;
  }
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (now < next_draw_ && fraction < 1.0) {
    return;
  }
  next_draw_ = now + kDrawInterval;
  std::string line =
      fmt::format("{:3.0f} % {}: {}", std::floor(fraction * 100), component_id, one_line(what));
  line.resize(std::min(line.size(), terminal_columns() - 1));  // a wrapped line cannot be rewritten
  std::fprintf(stderr, "\r\033[K%s", line.c_str());
  std::fflush(stderr);
  line_is_drawn_ = true;
}

void Terminal::erase_line() {
  if (line_is_drawn_) {
    std::fputs("\r\033[K", stderr);
    std::fflush(stderr);
    line_is_drawn_ = false;
  }
}

}  // namespace imbrex::plugin
