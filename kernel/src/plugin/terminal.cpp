#include "plugin/terminal.hpp"

#include <imbrex/toolkit/text/style.hpp>

#include <algorithm>
#include <utility>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

namespace imbrex::plugin {
namespace {

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

// Colours as everywhere: spdlog's own do not know NO_COLOR.
std::shared_ptr<spdlog::sinks::sink> stderr_sink() {
  auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
  if (!text::style_of_file(STDERR_FILENO).colour) {
    sink->set_color_mode(spdlog::color_mode::never);
  }
  return sink;
}

}  // namespace

Terminal::Terminal(TerminalOptions options)
    : options_(std::move(options)),
      logger_(std::make_shared<spdlog::logger>("imbrex", stderr_sink())),
      line_(options_.quiet ? ProgressMode::none : options_.progress, options_.pace),
      begun_(Clock::now()) {
  logger_->set_pattern("%^%l%$: %v");
  logger_->set_level(
      level_of(options_.quiet ? std::max(options_.level, LogLevel::warning) : options_.level));
}

Terminal::~Terminal() = default;

void Terminal::log(LogLevel level, std::string_view component_id, std::string_view message) {
  if (!logger_->should_log(level_of(level))) {
    return;
  }
  const std::lock_guard lock(mutex_);
  line_.erase();
  if (options_.on_log) {
    options_.on_log(level, component_id, one_line(message));
    return;
  }
  if (options_.log_json) {
    fmt::print(stderr, "{}\n", options_.log_json(level, component_id, one_line(message)));
    return;
  }
  logger_->log(level_of(level), "{}: {}", component_id, one_line(message));
}

void Terminal::begin(StagePlace stage) {
  const std::lock_guard lock(mutex_);
  progress_.stage = std::move(stage);
  progress_.fraction.reset();
  progress_.what.clear();
  scores_.clear();
  begun_ = Clock::now();
  if (tells_programs()) {
    show(true);
  }
}

void Terminal::end() {
  const std::lock_guard lock(mutex_);
  progress_.stage.number = 0;
  line_.erase();
}

void Terminal::set_seeds(std::uint64_t before, std::uint64_t seeds) {
  const std::lock_guard lock(mutex_);
  progress_.seeds_before = before;
  progress_.seeds = seeds;
}

void Terminal::progress(double fraction, std::string_view component_id, std::string_view what) {
  const std::lock_guard lock(mutex_);
  if (!is_due(fraction >= 1.0)) {
    return;
  }
  progress_.fraction = fraction;
  progress_.what = one_line(what);
  progress_.stage.component = component_id;
  show(fraction >= 1.0);
}

void Terminal::tick() {
  const std::lock_guard lock(mutex_);
  if (progress_.stage.number > 0) {
    show(false);
  }
}

bool Terminal::is_due(bool at_once) const {
  return options_.on_progress ? at_once || Clock::now() >= next_call_ : line_.is_due(at_once);
}

void Terminal::show(bool at_once) {
  if (!is_due(at_once)) {
    return;
  }
  progress_.elapsed_s = std::chrono::duration<double>(Clock::now() - begun_).count();
  progress_.evaluations = scores_.evaluations();
  progress_.best = scores_.best();
  if (options_.on_progress) {
    options_.on_progress(progress_);
    next_call_ = Clock::now() + options_.pace.terminal;
    return;
  }
  line_.show(line_.is_json() && options_.progress_json ? options_.progress_json(progress_)
                                                       : progress_text(progress_, line_.columns()));
}

}  // namespace imbrex::plugin
