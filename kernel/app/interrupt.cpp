#include "interrupt.hpp"

#include "options.hpp"
#include "plugin/host_services.hpp"
#include "plugin/last_words.hpp"

#include <atomic>
#include <csignal>

#include <unistd.h>

namespace imbrex::app {
namespace {

std::atomic<bool> g_run_may_stop_itself{false};
static_assert(std::atomic<bool>::is_always_lock_free, "read in a signal handler");

// A second Ctrl-C must work even if a plugin never asks, and says which one that is; nothing is
// left half-written, because results get their name when they are complete. SIGTERM is sent by
// programs, which do not ask twice. A second SIGHUP is none of the person's: a terminal that closes
// sends one by the shell and one by the kernel.
extern "C" void on_signal(int signal_number) {
  const bool is_again = plugin::HostServices::cancel_requested();
  if (!g_run_may_stop_itself) {
    _exit(kExitInterrupted);
  }
  if (is_again && signal_number != SIGHUP) {
    plugin::say_who_is_waited_for("nobody waits for it any longer");
    _exit(kExitInterrupted);
  }
  plugin::HostServices::request_cancel(signal_number == SIGTERM);
}

void install(int signal_number, void (*handler)(int)) noexcept {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(signal_number, &action, nullptr);
}

// As nohup leaves it.
bool is_ignored(int signal_number) noexcept {
  struct sigaction action {};
  return sigaction(signal_number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

void give_up_waiting() {
  plugin::say_who_is_waited_for("it was asked to stop and did not");
  _exit(kExitInterrupted);
}

void adopt_signals() noexcept {
  install(SIGPIPE, SIG_IGN);
  install(SIGXFSZ, SIG_IGN);
  install(SIGINT, on_signal);
  install(SIGTERM, on_signal);
  if (!is_ignored(SIGHUP)) {
    install(SIGHUP, on_signal);
  }
}

InterruptGuard::InterruptGuard() {
  plugin::HostServices::clear_cancel();
  g_run_may_stop_itself = true;
}

InterruptGuard::~InterruptGuard() {
  g_run_may_stop_itself = false;
}

}  // namespace imbrex::app
