// The one place where a run speaks to the person at the terminal: log lines and one progress line,
// both on stderr, never mixed up with one another.
#pragma once

#include "plugin/progress.hpp"
#include "plugin/status_line.hpp"

#include <imbrex/plugin/host.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace spdlog {
class logger;
}

namespace imbrex::plugin {

struct TerminalOptions {
  LogLevel level = LogLevel::warning;
  bool quiet = false;  // no progress, nothing below a warning
  ProgressMode progress = ProgressMode::automatic;
  Pace pace;
  // Lines without their ends; no function for log lines: for people.
  std::function<std::string(const Progress&)> progress_json;
  std::function<std::string(LogLevel, std::string_view, std::string_view)> log_json;
  // Called instead of writing to stderr.
  std::function<void(const Progress&)> on_progress;
  std::function<void(LogLevel, std::string_view, std::string_view)> on_log;
};

// [any thread]
class Terminal {
 public:
  explicit Terminal(TerminalOptions options);
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  // "warning: imbrex.search.anneal: text"; line breaks in the text become spaces.
  void log(LogLevel level, std::string_view component_id, std::string_view message);
  // A stage begins; the line follows when it takes a while.
  void begin(StagePlace stage);
  // No stage runs: nothing is shown until the next one begins.
  void end();
  void set_seeds(std::uint64_t before, std::uint64_t seeds);
  // What the component says of its own work.
  void progress(double fraction, std::string_view component_id, std::string_view what);
  // Shows how far the running stage is, if it is time for that.
  void tick();
  ScoreBoard& scores() noexcept { return scores_; }
  // Nobody speaks meanwhile: the child of a fork has no thread to let go of a lock.
  std::unique_lock<std::mutex> silence() { return std::unique_lock(mutex_); }

 private:
  using Clock = std::chrono::steady_clock;
  // Programs want to know of a stage at once.
  bool tells_programs() const noexcept { return line_.is_json() || options_.on_progress; }
  bool is_due(bool at_once) const;
  void show(bool at_once);

  std::mutex mutex_;
  TerminalOptions options_;
  std::shared_ptr<spdlog::logger> logger_;
  StatusLine line_;
  Progress progress_;
  Clock::time_point begun_;
  Clock::time_point next_call_;  // of on_progress
  ScoreBoard scores_;
};

}  // namespace imbrex::plugin
