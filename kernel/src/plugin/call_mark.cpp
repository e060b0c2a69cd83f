#include "plugin/call_mark.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstddef>

#include <sys/mman.h>
#include <unistd.h>

namespace imbrex::plugin {

constinit thread_local CallMark::Innermost CallMark::innermost_{nullptr};

namespace {

using Innermost = CallMark::Innermost;

// Of threads beyond these nobody is told; no run has as many.
constexpr std::size_t kThreads = 4096;
std::array<std::atomic<const Innermost*>, kThreads> g_threads{};
std::atomic<bool> g_has_signal_stacks{false};

std::size_t stack_bytes() noexcept {
  constexpr long kLeast = 64L << 10;  // walking a stack takes some
  return static_cast<std::size_t>(std::max(kLeast, sysconf(_SC_SIGSTKSZ)));
}

// A thread's place in the list, and its second stack, for as long as the thread lives.
class KnownThread {
 public:
  KnownThread() noexcept {
    for (auto& place : g_threads) {
      const Innermost* free = nullptr;
      if (place.load(std::memory_order_relaxed) == nullptr &&
          place.compare_exchange_strong(free, &CallMark::innermost())) {
        place_ = &place;
        break;
      }
    }
  }
  ~KnownThread() {
    if (place_ != nullptr) {
      place_->store(nullptr);
    }
    if (stack_ != nullptr) {
      stack_t none{};
      none.ss_flags = SS_DISABLE;
      sigaltstack(&none, nullptr);
      munmap(stack_, stack_bytes());
    }
  }
  KnownThread(const KnownThread&) = delete;
  KnownThread& operator=(const KnownThread&) = delete;

  void have_stack() noexcept {
    if (stack_ != nullptr || !g_has_signal_stacks.load(std::memory_order_relaxed)) {
      return;
    }
    void* const memory = mmap(nullptr, stack_bytes(), PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (memory == MAP_FAILED) {
      return;  // then only the overflow of a stack is not reported
    }
    stack_t stack{};
    stack.ss_sp = stack_ = memory;
    stack.ss_size = stack_bytes();
    sigaltstack(&stack, nullptr);
  }

 private:
  std::atomic<const Innermost*>* place_ = nullptr;
  void* stack_ = nullptr;
};

std::size_t depth_of(const CallMark* call) noexcept {
  std::size_t depth = 0;
  for (; call != nullptr; call = call->outer()) {
    ++depth;
  }
  return depth;
}

}  // namespace

void know_this_thread() noexcept {
  thread_local KnownThread thread;
  thread.have_stack();
}

void set_signal_stacks() noexcept {
  g_has_signal_stacks.store(true, std::memory_order_relaxed);
  know_this_thread();
}

CallOnBehalf::CallOnBehalf(const CallMark* call) noexcept : before_(current_call()) {
  know_this_thread();
  CallMark::innermost().store(call, std::memory_order_release);
}

CallPlace place_of_call(const CallMark& call) noexcept {
  const CallMark* outermost = &call;
  while (outermost->outer() != nullptr) {
    outermost = outermost->outer();
  }
  return {call.where(), call.asked(), outermost->where()};
}

bool deepest_call(CallPlace& place) noexcept {
  std::size_t deepest = 0;
  for (const auto& known : g_threads) {
    const Innermost* const thread = known.load(std::memory_order_acquire);
    const CallMark* const call =
        thread != nullptr ? thread->load(std::memory_order_acquire) : nullptr;
    if (call == nullptr) {
      continue;
    }
    const std::size_t depth = depth_of(call);
    const CallPlace seen = place_of_call(*call);
    // A call that has ended meanwhile is not what anybody waits for.
    if (depth > deepest && thread->load(std::memory_order_acquire) == call) {
      deepest = depth;
      place = seen;
    }
  }
  return deepest > 0;
}

}  // namespace imbrex::plugin
