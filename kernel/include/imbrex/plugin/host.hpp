// The services the kernel lends to a component. Components never write to stdout or stderr, create
// no threads, read no clock and draw no randomness but through these.
#pragma once

#include <imbrex/plugin/abi.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace imbrex {

// --- References to functions ---------------------------------------------------------------------
//
// A non-owning reference to a callable; two words, no allocation, safe to pass across the plugin
// boundary. The callable must outlive the call it is passed to.

template <class Signature>
class FunctionRef;

template <class Result, class... Args>
class FunctionRef<Result(Args...)> {
 public:
  template <class Callable>
  requires(!std::is_same_v<std::remove_cvref_t<Callable>, FunctionRef> &&
           std::is_invocable_r_v<Result, Callable&, Args...>) FunctionRef(Callable&& callable)
  noexcept  // NOLINT(google-explicit-constructor): by design
      : object_(const_cast<void*>(static_cast<const void*>(std::addressof(callable)))),
        call_([](void* object, Args... args) -> Result {
          return (*static_cast<std::remove_reference_t<Callable>*>(object))(
              std::forward<Args>(args)...);
        }) {}

  Result operator()(Args... args) const { return call_(object_, std::forward<Args>(args)...); }

 private:
  void* object_;
  Result (*call_)(void*, Args...);
};

// --- Random streams ------------------------------------------------------------------------------
//
// Counter-based random streams: Philox 4x32-10 (Salmon et al., SC 2011). The value at a counter
// depends on nothing but (seed, stream, counter), so results do not depend on threads or on call
// order elsewhere. Distributions are our own because the standard ones differ between libraries.

// One block of the generator; public for its known-answer tests.
IMBREX_API std::array<std::uint32_t, 4> philox_4x32(std::array<std::uint32_t, 4> counter,
                                                    std::array<std::uint32_t, 2> key) noexcept;

// A stream; copy it to replay. [one thread per instance]
class IMBREX_API Random {
 public:
  Random(std::uint64_t seed, std::uint64_t stream) noexcept : seed_(seed), stream_(stream) {}

  std::uint64_t next() noexcept;                      // uniform over all 64-bit values
  std::uint64_t below(std::uint64_t bound) noexcept;  // uniform in [0, bound), unbiased; bound > 0
  std::int64_t between(std::int64_t low, std::int64_t high) noexcept;  // inclusive ends
  double unit() noexcept;                                              // uniform in [0, 1), 53 bits

  template <class T>
  void shuffle(std::span<T> items) noexcept {
    for (std::size_t i = items.size(); i > 1; --i) {
      std::swap(items[i - 1], items[below(i)]);
    }
  }

 private:
  std::uint64_t seed_;
  std::uint64_t stream_;
  std::uint64_t counter_ = 0;
  std::uint64_t spare_ = 0;
  bool has_spare_ = false;
};

enum class LogLevel : std::uint8_t { trace, debug, info, warning, error };

class IMBREX_API Host {
 public:
  // [any thread] One line; the kernel adds the component's id.
  virtual void log(LogLevel level, std::string_view message) noexcept = 0;
  // [any thread] fraction in [0, 1]; the kernel keeps it monotone and throttles it.
  virtual void progress(double fraction, std::string_view what) noexcept = 0;
  // [any thread] Long loops ask at least every 100 ms and throw CancelledError.
  virtual bool cancelled() const noexcept = 0;
  // [any thread] Independent stream number `stream` of this component, derived from the recipe's
  // seed.
  virtual Random random(std::uint64_t stream) const noexcept = 0;
  // [any thread] Calls body(begin, end) over [0, count) in chunks of `grain`, on several threads.
  // Chunk borders depend on count and grain alone. The exception of the lowest chunk is rethrown.
  // Nested calls run on the calling thread. A grain should be >= 20 us of work.
  virtual void parallel_for(std::size_t count, std::size_t grain,
                            FunctionRef<void(std::size_t begin, std::size_t end)> body) = 0;

 protected:
  virtual ~Host();
};

}  // namespace imbrex
