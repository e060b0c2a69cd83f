// Which component each thread works for: what is left to say when the process dies or hangs in it.
#pragma once

#include <atomic>
#include <string_view>

namespace imbrex::plugin {

// One call into a component, for as long as this lives, which is on the stack of the caller. Costs
// a load and two stores of the thread's own memory. Both texts must outlive it.
class CallMark {
 public:
  // `where`: the component's id, or its place in the recipe with its id; `asked`: the method.
  CallMark(std::string_view where, std::string_view asked) noexcept
      : where_(where), asked_(asked), outer_(innermost_.load(std::memory_order_relaxed)) {
    innermost_.store(this, std::memory_order_release);
  }
  ~CallMark() { innermost_.store(outer_, std::memory_order_relaxed); }
  CallMark(const CallMark&) = delete;
  CallMark& operator=(const CallMark&) = delete;

  std::string_view where() const noexcept { return where_; }
  std::string_view asked() const noexcept { return asked_; }
  // Null: nobody's call.
  const CallMark* outer() const noexcept { return outer_; }

  // The innermost call of this thread. Async-signal-safe: it lies in the thread's own block of
  // memory, which is not allocated when it is first used.
  using Innermost = std::atomic<const CallMark*>;
  static Innermost& innermost() noexcept { return innermost_; }

 private:
  static constinit thread_local Innermost innermost_ __attribute__((tls_model("initial-exec")));
  std::string_view where_;
  std::string_view asked_;
  const CallMark* outer_;
};

// Null: this thread is in no component. Async-signal-safe.
inline const CallMark* current_call() noexcept {
  return CallMark::innermost().load(std::memory_order_relaxed);
}

// While one lives, this thread works for a call that another thread waits in. The first one of a
// thread also makes it known to `deepest_call` and gives it the stack for handlers of signals.
class CallOnBehalf {
 public:
  explicit CallOnBehalf(const CallMark* call) noexcept;
  ~CallOnBehalf() { CallMark::innermost().store(before_, std::memory_order_relaxed); }
  CallOnBehalf(const CallOnBehalf&) = delete;
  CallOnBehalf& operator=(const CallOnBehalf&) = delete;

 private:
  const CallMark* before_;
};

// Makes this thread known to `deepest_call`, and where handlers of faults are set up
// (`set_signal_stacks`) gives it a stack of its own for them: the usual one may be what is used up.
void know_this_thread() noexcept;
void set_signal_stacks() noexcept;

// What a call says, copied out of another thread's stack.
struct CallPlace {
  std::string_view where;
  std::string_view asked;
  std::string_view stage;  // where the outermost call around it is; may be `where`
};
CallPlace place_of_call(const CallMark& call) noexcept;
// The call within most other ones, over all known threads: what the process waits for. False:
// none. Async-signal-safe; what a thread does meanwhile may escape it.
bool deepest_call(CallPlace& place) noexcept;

}  // namespace imbrex::plugin
