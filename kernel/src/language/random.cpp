#include <imbrex/plugin/error.hpp>
#include <imbrex/plugin/host.hpp>

namespace imbrex {
namespace {

__extension__ using Uint128 = unsigned __int128;

constexpr std::array<std::uint32_t, 2> kMultiplier = {0xD2511F53u, 0xCD9E8D57u};
constexpr std::array<std::uint32_t, 2> kWeyl = {0x9E3779B9u, 0xBB67AE85u};
constexpr int kRounds = 10;

constexpr std::uint32_t low_word(std::uint64_t value) {
  return static_cast<std::uint32_t>(value);
}
constexpr std::uint32_t high_word(std::uint64_t value) {
  return static_cast<std::uint32_t>(value >> 32);
}
constexpr std::uint64_t join(std::uint32_t low, std::uint32_t high) {
  return (static_cast<std::uint64_t>(high) << 32) | low;
}

}  // namespace

std::array<std::uint32_t, 4> philox_4x32(std::array<std::uint32_t, 4> counter,
                                         std::array<std::uint32_t, 2> key) noexcept {
  for (int round = 0; round < kRounds; ++round) {
    const std::uint64_t product0 = std::uint64_t{kMultiplier[0]} * counter[0];
    const std::uint64_t product1 = std::uint64_t{kMultiplier[1]} * counter[2];
    counter = {high_word(product1) ^ counter[1] ^ key[0], low_word(product1),
               high_word(product0) ^ counter[3] ^ key[1], low_word(product0)};
    key = {key[0] + kWeyl[0], key[1] + kWeyl[1]};
  }
  return counter;
}

std::uint64_t Random::next() noexcept {
  if (has_spare_) {
    has_spare_ = false;
    return spare_;
  }
  const auto block =
      philox_4x32({low_word(counter_), high_word(counter_), low_word(stream_), high_word(stream_)},
                  {low_word(seed_), high_word(seed_)});
  ++counter_;
  spare_ = join(block[2], block[3]);
  has_spare_ = true;
  return join(block[0], block[1]);
}

// Lemire, "Fast random integer generation in an interval", 2019: the high half of a 128-bit
// product, after rejecting the few low halves that would make some results more likely.
std::uint64_t Random::below(std::uint64_t bound) noexcept {
  IMBREX_ASSERT(bound > 0);
  Uint128 product = Uint128{next()} * bound;
  if (static_cast<std::uint64_t>(product) < bound) {
    const std::uint64_t threshold = (0 - bound) % bound;
    while (static_cast<std::uint64_t>(product) < threshold) {
      product = Uint128{next()} * bound;
    }
  }
  return static_cast<std::uint64_t>(product >> 64);
}

std::int64_t Random::between(std::int64_t low, std::int64_t high) noexcept {
  IMBREX_ASSERT(low <= high);
  const std::uint64_t count =
      static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) + 1;
  // count == 0: the interval is all 64-bit values.
  const std::uint64_t offset = count == 0 ? next() : below(count);
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + offset);
}

double Random::unit() noexcept {
  return static_cast<double>(next() >> 11) * 0x1.0p-53;
}

}  // namespace imbrex
