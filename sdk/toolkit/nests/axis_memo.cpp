#include <imbrex/toolkit/nests/axis_memo.hpp>

namespace imbrex::nests {
namespace {

constexpr std::int64_t kMost = 1 << 12;  // bounds, strides and extents below
constexpr std::size_t kDigits = 6;       // per dimension, two in a word

bool add(const AxisSide& side, std::uint64_t* words) noexcept {
  const Digits& digits = side.digits;
  bool fits = digits.count <= kDigits && side.extent < kMost;
  for (std::size_t i = 0; i < digits.count && fits; ++i) {
    const Digit& digit = digits.digit[i];
    fits = digit.bound < kMost && digit.stride < kMost;
    const auto packed = static_cast<std::uint64_t>((digit.bound << 12 | digit.stride) << 2) |
                        static_cast<std::uint64_t>(digit.fate);
    words[i / 2] = words[i / 2] << 32 | packed;
  }
  return fits;
}

}  // namespace

std::optional<AxisMemo::Key> AxisMemo::key_of(const AxisSide& first, const AxisSide& second,
                                              const Rank& rank) noexcept {
  Key key;
  if (!add(first, key.words.data()) || !add(second, key.words.data() + kDigits / 2)) {
    return std::nullopt;
  }
  const auto tile = static_cast<std::uint64_t>(first.extent << 12 | second.extent);
  const std::uint64_t dims = rank.dim[0] * kDimCount + rank.dim[1];
  const std::uint64_t even = (first.even ? 1u : 0u) + (second.even ? 2u : 0u);
  key.words.back() = (dims << 2 | even) << 24 | tile;
  return key;
}

}  // namespace imbrex::nests
