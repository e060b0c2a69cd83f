// File: random.hpp
//
// Counter-based random streams: Philox 4x32-10 (Salmon et al., SC 2011). The value at a counter
// depends on nothing but (seed, stream, counter), so results do not depend on threads or on call
// order elsewhere. Distributions are our own because the standard ones differ between libraries.
#pragma once

#include <imbrex/abi.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <utility>

namespace imbrex {

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

}  // namespace imbrex
