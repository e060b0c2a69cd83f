#include "process_state.hpp"

#include <cfenv>
#include <clocale>
#include <csignal>
#include <filesystem>
#include <limits>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace imbrex::conform {
namespace {

constexpr int kSignals = 32;  // without the real-time ones

// Volatile: the processor has to do it, with the flags that hold now.
bool keeps_denormals() {
  volatile double smallest = std::numeric_limits<double>::min();
  volatile double half = smallest / 2;
  return half != 0;
}

void* handler_of(int number) {
  struct sigaction action {};
  if (sigaction(number, nullptr, &action) != 0) {
    return nullptr;
  }
  return reinterpret_cast<void*>(action.sa_handler);
}

unsigned current_umask() {
  const mode_t mask = umask(0);
  umask(mask);
  return mask;
}

long count_threads() {
  std::error_code error;
  const std::filesystem::directory_iterator tasks("/proc/self/task", error);
  return error ? 0 : std::distance(begin(tasks), end(tasks));
}

}  // namespace

ProcessState process_state() {
  ProcessState state;
  state.rounding = std::fegetround();
  state.denormals = keeps_denormals();
  state.floating_traps = fegetexcept();
  state.locale = std::setlocale(LC_ALL, nullptr);
  for (int number = 1; number < kSignals; ++number) {
    state.signal_handlers.push_back(handler_of(number));
  }
  std::error_code error;
  state.working_folder = std::filesystem::current_path(error).string();
  state.umask = current_umask();
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    state.environment.emplace_back(*variable);
  }
  state.threads = count_threads();
  return state;
}

std::string difference(const ProcessState& before, const ProcessState& after) {
  if (before.rounding != after.rounding) {
    return "changed how numbers are rounded";
  }
  if (before.denormals != after.denormals) {
    return "turned denormal numbers into zero (linked with -ffast-math or -Ofast?)";
  }
  if (before.floating_traps != after.floating_traps) {
    return "changed which floating-point exceptions trap";
  }
  if (before.locale != after.locale) {
    return fmt::format("changed the locale from {} to {}", before.locale, after.locale);
  }
  for (std::size_t i = 0; i < before.signal_handlers.size(); ++i) {
    if (before.signal_handlers[i] != after.signal_handlers[i]) {
      return fmt::format("changed the handler of signal {}", i + 1);
    }
  }
  if (before.working_folder != after.working_folder) {
    return fmt::format("changed the working folder from {} to {}", before.working_folder,
                       after.working_folder);
  }
  if (before.umask != after.umask) {
    return fmt::format("changed the umask from {:03o} to {:03o}", before.umask, after.umask);
  }
  if (before.environment != after.environment) {
    return "changed the environment variables";
  }
  if (before.threads < after.threads) {
    return fmt::format("left {} threads of its own", after.threads - before.threads);
  }
  return {};
}

}  // namespace imbrex::conform
