// Deterministic parallel loops.
#pragma once

#include <imbrex/plugin/host.hpp>

#include <cstddef>
#include <memory>

namespace imbrex::plugin {

class Workers;

// Body of one chunk: [begin, end).
using ChunkBody = FunctionRef<void(std::size_t begin, std::size_t end)>;

// Worker threads of one run; they start with the first parallel loop. [any thread]
class ThreadPool {
 public:
  // threads == 0: as many as the process may use.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  // Contract of Host::parallel_for. A grain of 0 counts as 1.
  void run(std::size_t count, std::size_t grain, ChunkBody body);
  // In the child of a fork, where only the thread that forked is left: threads of the child's own.
  void start_anew_in_child();

 private:
  int threads_;
  std::unique_ptr<Workers> workers_;  // null when one thread is all there is
};

}  // namespace imbrex::plugin
