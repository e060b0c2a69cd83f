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

// Simple rather than fast: each loop wakes every worker and waits for all of them.
struct Workers::Impl {
  using Body = FunctionRef<void(std::size_t)>;

  explicit Impl(int threads) {
    for (int i = 1; i < threads; ++i) {
      workers.emplace_back([this](const std::stop_token& stop) { work(stop); });
    }
  }

  void run(std::size_t size, Body wanted) {
    const std::lock_guard one_loop_at_a_time(turn);
    {
      const std::lock_guard lock(mutex);
      count = size;
      body = &wanted;
      next.store(0, std::memory_order_relaxed);
      working = workers.size();
      ++loop;
    }
    wake.notify_all();
    take_indices();
    std::unique_lock lock(mutex);
    done.wait(lock, [&] { return working == 0; });
  }

  void work(const std::stop_token& stop) {
    std::uint64_t seen = 0;
    std::unique_lock lock(mutex);
    while (wake.wait(lock, stop, [&] { return loop != seen; })) {
      seen = loop;
      lock.unlock();
      take_indices();
      lock.lock();
      if (--working == 0) {
        done.notify_one();
      }
    }
  }

  // Relaxed, because the mutex orders the loops, and a stronger order between the calls of one loop
  // would hide their races.
  void take_indices() {
    for (;;) {
      const std::size_t index = next.fetch_add(1, std::memory_order_relaxed);
      if (index >= count) {
        return;
      }
      (*body)(index);
    }
  }

  std::mutex turn;
  std::mutex mutex;
  std::condition_variable_any wake;
  std::condition_variable done;
  std::size_t count = 0;
  Body* body = nullptr;
  std::atomic<std::size_t> next{0};
  std::size_t working = 0;
  std::uint64_t loop = 0;
  std::vector<std::jthread> workers;  // ends first
};

// More than many machines have cores, so that every test that leaves the number open has company.
int Workers::usable_threads() {
  return std::max(4, static_cast<int>(std::thread::hardware_concurrency()));
}

Workers::Workers(int threads) : impl_(std::make_unique<Impl>(threads)) {}
Workers::~Workers() = default;

void Workers::run(std::size_t count, FunctionRef<void(std::size_t)> body) {
  impl_->run(count, body);
}

}  // namespace imbrex::plugin
