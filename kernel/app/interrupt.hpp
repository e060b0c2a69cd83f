// What signals do to the command: asked to end, it ends with the documented exit code and keeps
// what it has; what would kill it for writing where nobody reads or where there is no room becomes
// an error of that write.
#pragma once

namespace imbrex::app {

// For the whole process, once, before anything else. SIGINT, SIGTERM and SIGHUP end it at once with
// kExitInterrupted unless an InterruptGuard lives; SIGPIPE and SIGXFSZ are ignored.
void adopt_signals() noexcept;

// Ends the process and says whom it waited for (`plugin::HostOptions::give_up`).
[[noreturn]] void give_up_waiting();

// While one lives, the first of these signals asks the run to stop and keep what it has; a second
// SIGINT or SIGTERM ends the process and says whom it waited for. One at a time.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;
};

}  // namespace imbrex::app
