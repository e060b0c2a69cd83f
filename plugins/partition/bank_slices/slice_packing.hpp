// Disjoint slices of a memory of `channels` x `banks` banks. A slice is a rectangle: up to `banks`
// banks of one channel, or whole channels. Pure. [any thread]
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace imbrex::bank_slices {

struct Memory {
  std::int64_t channels = 1;
  std::int64_t banks = 1;  // of one channel
};

// Sizes a slice can have, in banks, ascending: 1..banks, 2*banks, 3*banks, ...
std::vector<std::int64_t> slice_sizes(const Memory& memory);

// First bank of every slice, banks numbered channel by channel; nothing when they do not fit.
// Largest slices first, each where it fits first: whole channels leave no gap, and single channels
// fill as well as first-fit decreasing does. `sizes` are sizes a slice can have.
std::optional<std::vector<std::int64_t>> pack(std::span<const std::int64_t> sizes,
                                              const Memory& memory);

// What an operator would cost on each of `slice_sizes`; infinite where it cannot run.
using CostTable = std::vector<std::vector<double>>;

// Indices into `slice_sizes`. Start from the smallest slice on which every operator runs; nothing
// when those do not fit.
std::optional<std::vector<std::size_t>> smallest(const CostTable& costs, const Memory& memory);
// The same slice for all, as large as fits; operators that need more get what they need.
std::optional<std::vector<std::size_t>> equal(const CostTable& costs, const Memory& memory);
// Gives the costliest operator the next slice that makes it cheaper, as long as one fits; one that
// cannot grow is left as it is. Ties: lowest index. Where single channels impose no waste, no
// assignment has a lower maximum.
std::optional<std::vector<std::size_t>> balanced(const CostTable& costs, const Memory& memory);

}  // namespace imbrex::bank_slices
