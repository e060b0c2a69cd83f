#include "plugin/workers.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace imbrex::plugin {

namespace {

// Simple rather than fast: each loop wakes every worker and waits for all of them.
class OwnWorkers final : public Workers {
 public:
  using Body = FunctionRef<void(std::size_t)>;

  explicit OwnWorkers(int threads) {
    for (int i = 1; i < threads; ++i) {
      workers_.emplace_back([this](const std::stop_token& stop) { work(stop); });
    }
  }

  void run(std::size_t size, Body wanted) override {
    const std::lock_guard one_loop_at_a_time(turn_);
    {
      const std::lock_guard lock(mutex_);
      count_ = size;
      body_ = &wanted;
      next_.store(0, std::memory_order_relaxed);
      working_ = workers_.size();
      ++loop_;
    }
    wake_.notify_all();
    take_indices();
    std::unique_lock lock(mutex_);
    done_.wait(lock, [&] { return working_ == 0; });
  }

 private:
  void work(const std::stop_token& stop) {
    std::uint64_t seen = 0;
    std::unique_lock lock(mutex_);
    while (wake_.wait(lock, stop, [&] { return loop_ != seen; })) {
      seen = loop_;
      lock.unlock();
      take_indices();
      lock.lock();
      if (--working_ == 0) {
        done_.notify_one();
      }
    }
  }

  // Relaxed, because the mutex orders the loops, and a stronger order between the calls of one loop
  // would hide their races.
  void take_indices() {
    for (;;) {
      const std::size_t index = next_.fetch_add(1, std::memory_order_relaxed);
      if (index >= count_) {
        return;
      }
      (*body_)(index);
    }
  }

  std::mutex turn_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::condition_variable done_;
  std::size_t count_ = 0;
  Body* body_ = nullptr;
  std::atomic<std::size_t> next_{0};
  std::size_t working_ = 0;
  std::uint64_t loop_ = 0;
  std::vector<std::jthread> workers_;  // ends first
};

}  // namespace

std::unique_ptr<Workers> own_workers(int threads) {
  return std::make_unique<OwnWorkers>(threads);
}

#ifdef IMBREX_OWN_WORKERS
// More than many machines have cores, so that every test that leaves the number open has company.
int usable_threads() {
  return std::max(4, static_cast<int>(std::thread::hardware_concurrency()));
}

std::unique_ptr<Workers> usual_workers(int threads) {
  return own_workers(threads);
}
#endif

}  // namespace imbrex::plugin
