// The loops of a nest dimension by dimension, for counts that look at one coordinate at a time:
// made once per mapping. [any thread]
#pragma once

#include <imbrex/toolkit/nests/nest.hpp>

#include <array>
#include <cstdint>
#include <span>

namespace imbrex::nests {

struct DimLoop {
  std::int64_t bound;
  std::int64_t stride;
  std::uint8_t at;  // in Nest::temporal or Nest::spatial
  bool temporal;
};

class DimLoops {
 public:
  explicit DimLoops(const Nest& nest) noexcept : nest_(nest) {
    std::array<std::uint8_t, kDimCount> room{};
    for (std::size_t i = 0; i < nest.temporal_count; ++i) {
      ++room[nest.temporal[i].dim];
    }
    for (std::size_t i = 0; i < nest.spatial_count; ++i) {
      ++room[nest.spatial[i].dim];
    }
    end_[0] = begin_[0] = 0;
    for (std::size_t d = 1; d < kDimCount; ++d) {
      end_[d] = begin_[d] = static_cast<std::uint8_t>(begin_[d - 1] + room[d - 1]);
    }
    for (std::size_t i = nest.temporal_count; i-- > 0;) {
      add(nest.temporal[i], i, true);
    }
    for (std::size_t i = nest.spatial_count; i-- > 0;) {
      add(nest.spatial[i], i, false);
    }
  }

  const Nest& nest() const noexcept { return nest_; }

  // Outermost first: strides descend, and those outside a level come before those inside it.
  std::span<const DimLoop> of(std::size_t dim) const noexcept {
    return {loops_.data() + begin_[dim], loops_.data() + end_[dim]};
  }

 private:
  void add(const Step& step, std::size_t at, bool temporal) noexcept {
    std::size_t place = end_[step.dim]++;
    for (; place > begin_[step.dim] && loops_[place - 1].stride < step.stride; --place) {
      loops_[place] = loops_[place - 1];
    }
    loops_[place] = {step.bound, step.stride, static_cast<std::uint8_t>(at), temporal};
  }

  const Nest& nest_;
  std::array<DimLoop, kMaxLoops> loops_;  // uninitialised beyond the last
  std::array<std::uint8_t, kDimCount> begin_;
  std::array<std::uint8_t, kDimCount> end_;
};

}  // namespace imbrex::nests
