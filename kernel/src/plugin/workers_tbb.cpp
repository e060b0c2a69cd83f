#include "plugin/workers.hpp"

#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/info.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

namespace imbrex::plugin {

namespace {

class TbbWorkers final : public Workers {
 public:
  explicit TbbWorkers(int threads)
      : limit_(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(threads)),
        arena_(threads) {}

  void run(std::size_t count, FunctionRef<void(std::size_t)> body) override {
    arena_.execute([&] {
      tbb::parallel_for(tbb::blocked_range<std::size_t>(0, count),
                        [&](const tbb::blocked_range<std::size_t>& range) {
                          for (std::size_t index = range.begin(); index < range.end(); ++index) {
                            body(index);
                          }
                        });
    });
  }

 private:
  tbb::global_control limit_;  // lets a run have more threads than cores, which tests need
  tbb::task_arena arena_;
};

}  // namespace

int usable_threads() {
  return tbb::info::default_concurrency();
}

std::unique_ptr<Workers> usual_workers(int threads) {
  return std::make_unique<TbbWorkers>(threads);
}

}  // namespace imbrex::plugin
