// Ctrl-C: the first asks the run to stop and keep what it has; the second ends the process.
#pragma once

namespace imbrex::app {

// Installs handlers for SIGINT and SIGTERM for its lifetime. One at a time.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;
};

}  // namespace imbrex::app
