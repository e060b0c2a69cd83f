// File: host.hpp
//
// The services the kernel lends to a component. Components never write to stdout or stderr, create
// no threads, read no clock and draw no randomness but through these.
#pragma once

#include <imbrex/function_ref.hpp>
#include <imbrex/random.hpp>

#include <cstddef>
#include <string_view>

namespace imbrex {

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
