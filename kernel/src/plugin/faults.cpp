#include "plugin/faults.hpp"

#include "plugin/demangle.hpp"
#include "plugin/last_words.hpp"

#include <imbrex/plugin/abi.hpp>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <typeinfo>
#include <utility>

#include <cxxabi.h>
#include <ucontext.h>
#include <unistd.h>

namespace imbrex::plugin {
namespace {

int g_exit_code = 1;
std::atomic_flag g_is_ending = ATOMIC_FLAG_INIT;
thread_local bool t_is_ending = false;

constexpr std::array<std::pair<int, const char*>, 5> kFaults = {{
    {SIGSEGV, "segmentation fault"},
    {SIGBUS, "bus error"},
    {SIGFPE, "arithmetic error, e.g. a division by zero"},
    {SIGILL, "illegal instruction"},
    {SIGABRT, "abort"},
}};

// One thread speaks. Another one with a fault waits for its end; a fault of the speaker's own, in
// what is left of the process, ends it in silence.
void begin_to_end() noexcept {
  if (t_is_ending) {
    _exit(g_exit_code);
  }
  t_is_ending = true;
  while (g_is_ending.test_and_set()) {
    pause();
  }
}

std::uintptr_t stack_pointer([[maybe_unused]] const void* context) noexcept {
#if defined(__x86_64__)
  return static_cast<std::uintptr_t>(
      static_cast<const ucontext_t*>(context)->uc_mcontext.gregs[REG_RSP]);
#elif defined(__aarch64__)
  return static_cast<std::uintptr_t>(static_cast<const ucontext_t*>(context)->uc_mcontext.sp);
#else
  return 0;
#endif
}

// An access near the end of what the thread has reserved: it is the guard below the stack.
bool is_stack_used_up(int signal, const siginfo_t& info, const void* context) noexcept {
  constexpr std::uintptr_t kNear = 64U << 10;
  const auto at = reinterpret_cast<std::uintptr_t>(info.si_addr);
  const std::uintptr_t top = stack_pointer(context);
  return signal == SIGSEGV && top != 0 && at + kNear > top && at < top + kNear;
}

extern "C" void on_fault(int signal, siginfo_t* info, void* context) {
  begin_to_end();
  FixedText how;
  how.add("signal ").add_number(static_cast<std::uint64_t>(signal));
  for (const auto& [known, name] : kFaults) {
    if (known == signal) {
      how.add(" (").add(name);
    }
  }
  if (is_stack_used_up(signal, *info, context)) {
    how.add(": its stack is used up, as by a recursion without an end");
  } else if (signal == SIGSEGV || signal == SIGBUS) {
    how.add(" at address 0x").add_number(reinterpret_cast<std::uintptr_t>(info->si_addr), 16);
  }
  say_last_words("crashed", how.add(")").text(), signal);
  _exit(g_exit_code);
}

// Text of the exception that nobody catches.
std::string text_of_current() {
  try {
    std::rethrow_exception(std::current_exception());
  } catch (const std::exception& error) {
    return std::string(": \"") + error.what() + "\"";
  } catch (...) {
    return {};
  }
}

[[noreturn]] void on_terminate() {
  begin_to_end();
  const std::type_info* const type = abi::__cxa_current_exception_type();
  const std::string how = type == nullptr ? "std::terminate was called"
                                          : "nobody catches the exception that it threw, " +
                                                demangle(type->name()) + text_of_current();
  say_last_words("crashed", how, 0);
  _exit(g_exit_code);
}

// Whoever calls exit while a component is at work is that component.
void on_exit() {
  CallPlace place;
  if (current_call() == nullptr && !deepest_call(place)) {
    return;
  }
  begin_to_end();
  say_last_words("called exit", "no component may end the run", 0);
  _exit(g_exit_code);
}

constexpr bool kHasSanitizer = std::string_view(IMBREX_ABI_TAG_SANITIZER) != "unsanitized";

}  // namespace

void adopt_faults(int exit_code) noexcept {
  g_exit_code = exit_code;
  std::set_terminate(on_terminate);
  std::atexit(on_exit);
  std::at_quick_exit(on_exit);
  if (kHasSanitizer) {
    return;
  }
  set_signal_stacks();
  for (const auto& [signal, name] : kFaults) {
    struct sigaction action {};
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    sigemptyset(&action.sa_mask);
    sigaction(signal, &action, nullptr);
  }
}

}  // namespace imbrex::plugin
