// Results that are not complete are often wider than complete ones: 32 bits while 8-bit products
// are added up, 8 bits once the sum is scaled (`Problem::partial_sum_bits`). A word that goes out
// complete has the width of the tensor; one that comes back, or goes out to be continued, is wide.
// [any thread]
#pragma once

#include <imbrex/toolkit/nests/problem.hpp>
#include <imbrex/values/mapping.hpp>

#include <algorithm>
#include <cstdint>

namespace imbrex::nests {

// A bit per level. Empty where partial sums are not wider.
struct PartialSums {
  std::uint8_t held = 0;            // some results there are not complete: they take the wide room
  std::uint8_t never_complete = 0;  // instances hold shares of one sum, which are added outside
};

// A level gets incomplete results from inside when a loop that adds up stands outside a loop that
// changes the tile of the level inside (or the MACs are inside), and holds shares of sums when a
// spatial loop outside it adds up. O(levels * loops).
PartialSums partial_sums(const Problem& problem, const Hierarchy& hierarchy,
                         const Mapping& mapping) noexcept;

// Bits of the results that one port of a level passes, as integers or as doubles. `points`: ever
// held there; each of them arrives complete once, and leaves so once where draining is counted.
template <class Number>
Number result_bits(const Problem& problem, Number words, Number points, bool complete) noexcept {
  const auto narrow = static_cast<Number>(problem.bits[index(Role::outputs)]);
  if (!problem.has_wide_sums()) {
    return words * narrow;
  }
  const Number final_words = complete ? std::min(points, words) : Number{0};
  return final_words * narrow +
         (words - final_words) * static_cast<Number>(problem.partial_sum_bits);
}

// Whether complete results arrive at a level, and whether they are charged when they leave it: not
// at the outermost one, where they stay, nor where draining is free.
inline bool arrive_complete(const PartialSums& sums, std::size_t level) noexcept {
  return (sums.never_complete >> level & 1) == 0;
}
inline bool leave_complete(const PartialSums& sums, const Hierarchy& hierarchy,
                           std::size_t level) noexcept {
  return level > 0 && hierarchy.counting == Counting::exact && arrive_complete(sums, level);
}

}  // namespace imbrex::nests
