#include "interrupt.hpp"

#include "options.hpp"
#include "plugin/host_services.hpp"

#include <csignal>

#include <unistd.h>

namespace imbrex::app {
namespace {

// A second Ctrl-C must work even if a plugin never asks; nothing is left half-written, because
// results get their name when they are complete.
extern "C" void on_signal(int) {
  if (plugin::HostServices::cancel_requested()) {
    _exit(kExitInterrupted);
  }
  plugin::HostServices::request_cancel();
}

void install(int signal_number) {
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(signal_number, &action, nullptr);
}

}  // namespace

InterruptGuard::InterruptGuard() {
  plugin::HostServices::clear_cancel();
  install(SIGINT);
  install(SIGTERM);
}

InterruptGuard::~InterruptGuard() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

}  // namespace imbrex::app
