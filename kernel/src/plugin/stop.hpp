// Whether a run is asked to stop. By run and thread, because two runs of one process must not stop
// one another.
#pragma once

#include <atomic>
#include <utility>

namespace imbrex::plugin {

// Of all runs: a signal handler has no other way to reach one.
inline std::atomic<bool> stop_of_process{false};
static_assert(std::atomic<bool>::is_always_lock_free, "set from a signal handler");

struct Stop {
  std::atomic<bool> asked{false};
  std::atomic<int> asides{0};

  bool is_asked() const noexcept {
    return stop_of_process.load(std::memory_order_relaxed) || asked.load(std::memory_order_relaxed);
  }
  bool is_wanted() const noexcept { return is_asked() && asides.load() == 0; }
};

// The run whose component works on this thread; null: none.
inline constinit thread_local const Stop* stop_here = nullptr;

// Work on another thread is for the same run.
class WorksFor {
 public:
  explicit WorksFor(const Stop* stop) noexcept : before_(std::exchange(stop_here, stop)) {}
  ~WorksFor() { stop_here = before_; }
  WorksFor(const WorksFor&) = delete;
  WorksFor& operator=(const WorksFor&) = delete;

 private:
  const Stop* before_;
};

}  // namespace imbrex::plugin
