// The threads behind ThreadPool, once over oneTBB (workers_tbb.cpp: what ships) and once by hand
// (workers_own.cpp). The second is for the children of a fork, in which oneTBB believes that its
// threads are still there, and for the thread sanitizer: it must see every lock and atomic of a
// program, and the distributed libtbb is built without it, so that each task handed over inside
// that library looks like a race.
#pragma once

#include <imbrex/plugin/host.hpp>

#include <cstddef>
#include <memory>

namespace imbrex::plugin {

class Workers {
 public:
  virtual ~Workers() = default;
  // Calls `body`, which must not throw, once with each index below `count`, in any order and on any
  // of the threads. What was written before is visible to every call, and what the calls write is
  // visible when this returns. [any thread, but not from within `body`]
  virtual void run(std::size_t count, FunctionRef<void(std::size_t index)> body) = 0;
};

// How many threads a run gets that does not say how many.
int usable_threads();
// `threads` counts the caller of run(); it may exceed the number of cores.
std::unique_ptr<Workers> usual_workers(int threads);
// The same in a child of a fork. Its threads are there when this returns.
std::unique_ptr<Workers> own_workers(int threads);

}  // namespace imbrex::plugin
