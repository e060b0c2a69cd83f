// Replaces the global `new` of the program. Plugins take theirs from the program that opens them,
// so that what they ask for is counted as well.
#include "allocation_count.hpp"

#include "check.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::int64_t> count{0};

}  // namespace

namespace imbrex::conform {

std::optional<std::int64_t> allocations() noexcept {
  return kSanitized ? std::nullopt : std::optional(count.load(std::memory_order_relaxed));
}

}  // namespace imbrex::conform

// Sanitizers have a `new` of their own, which finds more than this one counts.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
void* operator new(std::size_t bytes) {
  count.fetch_add(1, std::memory_order_relaxed);
  void* const memory = std::malloc(bytes == 0 ? 1 : bytes);
  if (memory == nullptr) {
    throw std::bad_alloc();
  }
  return memory;
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
#endif
