// Runs of plans that nobody looked at: little memory, and an interrupt after a while, which every
// component has to heed.
#pragma once

#include "harness.hpp"
#include "recipe/plan.hpp"
#include "run/runner.hpp"

#include <csignal>
#include <optional>

#include <sys/time.h>

namespace imbrex::fuzz {

// Asks for an interrupt after so much processor time. A run that does not end then is found by
// whoever limits the time of an input.
class Interrupt {
 public:
  Interrupt() {
    struct sigaction action {};
    action.sa_handler = [](int) { plugin::HostServices::request_cancel(); };
    action.sa_flags = SA_RESTART;
    sigaction(SIGVTALRM, &action, nullptr);
    set_timer(kMicroseconds);
  }
  ~Interrupt() {
    set_timer(0);
    plugin::HostServices::clear_cancel();
  }
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

 private:
  static constexpr long kMicroseconds = 300'000;
  static void set_timer(long microseconds) {
    const itimerval timer{{0, 0}, {0, microseconds}};
    setitimer(ITIMER_VIRTUAL, &timer, nullptr);
  }
};

// One thread, little memory. Errors: InputError, InfeasibleError, CancelledError.
inline run::RunOutcome quiet_run(const recipe::ResolvedPlan& plan) {
  run::Checks checks;
  checks.max_memory_bytes = std::int64_t{64} << 20;
  // Hosts of components live as long as the services.
  plugin::HostOptions options;
  options.threads = 1;
  options.log_level = LogLevel::error;
  options.quiet = true;
  options.patience_s = 1e6;
  plugin::HostServices services(options);
  return run::run_plan(plan, registry(), services, checks);
}

// Nothing when it was interrupted with nothing worth keeping. Errors: InputError, InfeasibleError.
inline std::optional<run::RunOutcome> limited_run(const recipe::ResolvedPlan& plan) {
  const Interrupt interrupt;
  try {
    return quiet_run(plan);
  } catch (const CancelledError&) {
    return std::nullopt;
  }
}

}  // namespace imbrex::fuzz
