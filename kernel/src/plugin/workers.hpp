// The threads behind ThreadPool, once over oneTBB (workers_tbb.cpp: what ships) and once by hand
// (workers_own.cpp). The thread sanitizer needs the second: it must see every lock and atomic of a
// program, and the distributed libtbb is built without it, so that each task handed over inside
// that library looks like a race.
#pragma once

#include <imbrex/plugin/host.hpp>

#include <cstddef>
#include <memory>

namespace imbrex::plugin {

class Workers {
 public:
  // How many threads a run gets that does not say how many.
  static int usable_threads();

  // `threads` counts the caller of run(); it may exceed the number of cores.
  explicit Workers(int threads);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // Calls `body`, which must not throw, once with each index below `count`, in any order and on any
  // of the threads. What was written before is visible to every call, and what the calls write is
  // visible when this returns. [any thread, but not from within `body`]
  void run(std::size_t count, FunctionRef<void(std::size_t index)> body);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace imbrex::plugin
