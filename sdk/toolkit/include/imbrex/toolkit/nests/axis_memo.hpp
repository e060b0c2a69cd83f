// Sums along windows that were made already: a search for mappings of one operator meets the same
// loops along a coordinate again and again, while others differ. [one thread]
#pragma once

#include <imbrex/toolkit/nests/axis_walk.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace imbrex::nests {

class AxisMemo {
 public:
  // All that the sums depend on, for the coordinates of one operator.
  struct Key {
    std::array<std::uint64_t, 7> words{};
    friend bool operator==(const Key&, const Key&) = default;
  };
  // None: numbers are too large, or loops too many, to be put down briefly. O(digits).
  static std::optional<Key> key_of(const AxisSide& first, const AxisSide& second,
                                   const Rank& rank) noexcept;

  const AxisSums* find(const Key& key) const noexcept {
    const Entry& entry = entries_[place(key)];
    return entry.is_used && entry.key == key ? &entry.sums : nullptr;
  }
  // In place of another one, perhaps.
  void keep(const Key& key, const AxisSums& sums) noexcept {
    entries_[place(key)] = {key, true, sums};
  }

 private:
  struct Entry {
    Key key;
    bool is_used = false;
    AxisSums sums{};
  };
  static constexpr std::size_t kEntries = 1 << 12;

  static std::size_t place(const Key& key) noexcept {
    std::uint64_t hash = 0;
    for (const std::uint64_t word : key.words) {
      hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
      hash ^= hash >> 29;
    }
    return static_cast<std::size_t>(hash % kEntries);
  }

  std::vector<Entry> entries_ = std::vector<Entry>(kEntries);
};

}  // namespace imbrex::nests
