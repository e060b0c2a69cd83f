// All values of the loops of a few dimensions, temporal ones outside, spatial ones inside, by
// counting up digits instead of dividing.
#pragma once

#include <imbrex/values/loop_nest.hpp>

namespace imbrex::overlapim {

// Digits of some dimensions of one kind, as a counter.
class DigitCounter {
 public:
  DigitCounter(const LoopNest& nest, std::uint8_t dims, bool temporal) noexcept {
    for (const LoopDigit& digit : nest.digits()) {
      if (digit.temporal == temporal && (dims >> index(digit.dim) & 1) != 0) {
        digit_[count_++] = &digit;
      }
    }
  }
  // Sum of digit * index stride.
  std::int64_t number() const noexcept { return number_; }
  // Adds the digits' part of the lowest coordinate per dimension.
  const std::array<std::int64_t, kDimCount>& low() const noexcept { return low_; }
  // False, and back at zero, after the last value.
  bool advance() noexcept {
    for (std::size_t i = count_; i-- > 0;) {
      const LoopDigit& digit = *digit_[i];
      std::int64_t& low = low_[index(digit.dim)];
      if (++value_[i] < digit.bound) {
        low += digit.coordinate_stride;
        number_ += digit.index_stride;
        return true;
      }
      low -= (digit.bound - 1) * digit.coordinate_stride;
      number_ -= (digit.bound - 1) * digit.index_stride;
      value_[i] = 0;
    }
    return false;
  }

 private:
  std::array<const LoopDigit*, kMaxLoops> digit_;
  std::array<std::int64_t, kMaxLoops> value_{};
  std::array<std::int64_t, kDimCount> low_{};
  std::size_t count_ = 0;
  std::int64_t number_ = 0;
};

// Calls visit(number of the temporal digits, box) for every combination that is not empty; the box
// is [0, 1) along other dimensions. All spatial combinations of one temporal one come in a row.
template <class Visit>
void for_each_combination(const LoopNest& nest, std::uint8_t dims, Visit&& visit) {
  DigitCounter time(nest, dims, true);
  DigitCounter place(nest, dims, false);
  DimBox box;
  box.dim.fill({0, 1});
  do {
    do {
      bool empty = false;
      for (std::size_t d = 0; d < kDimCount; ++d) {
        if ((dims >> d & 1) == 0) {
          continue;
        }
        const std::int64_t low = time.low()[d] + place.low()[d];
        const Dim dim = static_cast<Dim>(d);
        box.dim[d] = {low, std::min(low + nest.job_extent(dim), nest.bounds()[dim])};
        empty |= box.dim[d].empty();
      }
      if (!empty) {
        visit(time.number(), box);
      }
    } while (place.advance());
  } while (time.advance());
}

// Data spaces of a nest that are not empty.
inline std::int64_t combinations(const LoopNest& nest, std::uint8_t dims) {
  std::int64_t product = 1;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    const auto bit = static_cast<std::uint8_t>(1u << d);
    if ((dims & bit) != 0) {
      std::int64_t count = 0;
      for_each_combination(nest, bit, [&](std::int64_t, const DimBox&) { ++count; });
      product *= count;
    }
  }
  return product;
}

}  // namespace imbrex::overlapim
