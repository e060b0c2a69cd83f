// The one place where a run speaks to the person at the terminal: log lines and one progress line,
// both on stderr, never mixed up with one another.
#pragma once

#include <imbrex/plugin/host.hpp>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace spdlog {
class logger;
}

namespace imbrex::plugin {

// [any thread]
class Terminal {
 public:
  // Quiet: no progress, nothing below a warning.
  Terminal(LogLevel level, bool quiet);
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  // "warning: imbrex.search.anneal: text"; line breaks in the text become spaces.
  void log(LogLevel level, std::string_view component_id, std::string_view message);
  // Rewrites the progress line at most ten times a second; does nothing when stderr is not a
  // terminal.
  void progress(double fraction, std::string_view component_id, std::string_view what);

 private:
  void erase_line();

  std::mutex mutex_;
  std::shared_ptr<spdlog::logger> logger_;
  bool shows_progress_;
  bool line_is_drawn_ = false;
  std::chrono::steady_clock::time_point next_draw_{};
};

}  // namespace imbrex::plugin
