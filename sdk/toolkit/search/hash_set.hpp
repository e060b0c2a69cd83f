// A set of hashes in one array: 8 bytes each and some air, where a set of the standard library
// takes five times as much.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace imbrex::search {

class HashSet {
 public:
  // Whether the hash is new. Hashes are taken as evenly spread. Amortised O(1).
  bool insert(std::uint64_t hash) {
    if (hash == 0) {  // marks an empty place
      return !std::exchange(has_zero_, true);
    }
    if (2 * (count_ + 1) > places_.size()) {
      grow();
    }
    const bool fresh = place(hash);
    count_ += fresh ? 1 : 0;
    return fresh;
  }

 private:
  bool place(std::uint64_t hash) {
    const std::size_t mask = places_.size() - 1;
    std::size_t at = static_cast<std::size_t>(hash) & mask;
    while (places_[at] != 0) {
      if (places_[at] == hash) {
        return false;
      }
      at = (at + 1) & mask;
    }
    places_[at] = hash;
    return true;
  }
  void grow() {
    std::vector<std::uint64_t> old(places_.empty() ? 64 : 2 * places_.size(), 0);
    old.swap(places_);
    for (const std::uint64_t hash : old) {
      if (hash != 0) {
        place(hash);
      }
    }
  }

  std::vector<std::uint64_t> places_;  // a power of two of them; 0: empty
  std::size_t count_ = 0;
  bool has_zero_ = false;
};

}  // namespace imbrex::search
