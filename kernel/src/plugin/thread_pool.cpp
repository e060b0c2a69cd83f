#include "plugin/thread_pool.hpp"

#include "plugin/call_mark.hpp"
#include "plugin/workers.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <limits>
#include <mutex>

namespace imbrex::plugin {
namespace {

// True while this thread works on a chunk: a nested loop then runs here, serially, because waiting
// for other threads could deadlock and would make the nesting depth decide who does what.
thread_local bool inside_chunk = false;

class InsideChunk {
 public:
  InsideChunk() noexcept : before_(inside_chunk) { inside_chunk = true; }
  ~InsideChunk() { inside_chunk = before_; }
  InsideChunk(const InsideChunk&) = delete;
  InsideChunk& operator=(const InsideChunk&) = delete;

 private:
  bool before_;
};

struct Chunks {
  std::size_t count;
  std::size_t grain;
  std::size_t size() const noexcept { return count / grain + (count % grain != 0 ? 1 : 0); }
  void call(std::size_t chunk, const ChunkBody& body) const {
    const std::size_t begin = chunk * grain;
    body(begin, begin + std::min(grain, count - begin));
  }
};

// Keeps the exception of the lowest chunk. Chunks above a failed one may be skipped; chunks below
// it never are, so the winner does not depend on timing.
class LowestFailure {
 public:
  bool skips(std::size_t chunk) const noexcept {
    return chunk > lowest_.load(std::memory_order_relaxed);
  }
  void record(std::size_t chunk, std::exception_ptr failure) noexcept {
    const std::lock_guard lock(mutex_);
    if (chunk < lowest_.load(std::memory_order_relaxed)) {
      lowest_.store(chunk, std::memory_order_relaxed);
      failure_ = std::move(failure);
    }
  }
  void rethrow_if_any() {
    const std::lock_guard lock(mutex_);
    if (failure_) {
      std::rethrow_exception(failure_);
    }
  }

 private:
  std::mutex mutex_;
  std::atomic<std::size_t> lowest_{std::numeric_limits<std::size_t>::max()};
  std::exception_ptr failure_;
};

void run_serially(const Chunks& chunks, const ChunkBody& body) {
  const InsideChunk inside;
  for (std::size_t chunk = 0; chunk < chunks.size(); ++chunk) {
    chunks.call(chunk, body);
  }
}

}  // namespace

ThreadPool::ThreadPool(int threads) : threads_(threads > 0 ? threads : usable_threads()) {
  if (threads_ > 1) {
    workers_ = usual_workers(threads_);
  }
}

ThreadPool::~ThreadPool() = default;

void ThreadPool::start_anew_in_child() {
  if (workers_ != nullptr) {
    [[maybe_unused]] Workers* const of_the_parent = workers_.release();  // its threads are not here
    workers_ = own_workers(threads_);
  }
}

void ThreadPool::run(std::size_t count, std::size_t grain, ChunkBody body) {
  const Chunks chunks{count, std::max<std::size_t>(grain, 1)};
  if (inside_chunk || workers_ == nullptr || chunks.size() <= 1) {
    run_serially(chunks, body);
    return;
  }
  LowestFailure failure;
  const CallMark* const caller = current_call();
  workers_->run(chunks.size(), [&](std::size_t chunk) {
    if (failure.skips(chunk)) {
      return;
    }
    const InsideChunk inside;
    const CallOnBehalf call(caller);
    try {
      chunks.call(chunk, body);
    } catch (...) {
      failure.record(chunk, std::current_exception());
    }
  });
  failure.rethrow_if_any();
}

}  // namespace imbrex::plugin
