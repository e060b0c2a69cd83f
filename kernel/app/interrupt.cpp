// File: interrupt.cpp
#include "interrupt.hpp"

#include "plugin/host_services.hpp"

#include <csignal>

namespace imbrex::app {
namespace {

extern "C" void on_signal(int) {
  HostServices::request_cancel();
}

void install(int signal_number) {
  struct sigaction action {};
  action.sa_handler = on_signal;
  // Back to the default after the first: a second Ctrl-C must work even if a plugin never asks.
  action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(signal_number, &action, nullptr);
}

}  // namespace

InterruptGuard::InterruptGuard() {
  HostServices::clear_cancel();
  install(SIGINT);
  install(SIGTERM);
}

InterruptGuard::~InterruptGuard() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

}  // namespace imbrex::app
