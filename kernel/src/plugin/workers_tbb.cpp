#include "plugin/workers.hpp"

#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/info.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

namespace imbrex::plugin {

struct Workers::Impl {
  explicit Impl(int threads)
      : limit(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(threads)),
        arena(threads) {}
  tbb::global_control limit;  // lets a run have more threads than cores, which tests need
  tbb::task_arena arena;
};

int Workers::usable_threads() {
  return tbb::info::default_concurrency();
}

Workers::Workers(int threads) : impl_(std::make_unique<Impl>(threads)) {}
Workers::~Workers() = default;

void Workers::run(std::size_t count, FunctionRef<void(std::size_t)> body) {
  impl_->arena.execute([&] {
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, count),
                      [&](const tbb::blocked_range<std::size_t>& range) {
                        for (std::size_t index = range.begin(); index < range.end(); ++index) {
                          body(index);
                        }
                      });
  });
}

}  // namespace imbrex::plugin
