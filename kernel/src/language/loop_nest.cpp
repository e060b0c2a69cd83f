#include <imbrex/plugin/error.hpp>
#include <imbrex/values/loop_nest.hpp>

#include <algorithm>
#include <bit>

namespace imbrex {
namespace {

// What digit j of a coordinate adds to f_d, and the digit itself.
template <class Digits>
std::int64_t weight_of(const Digits& digits, std::size_t j) noexcept {
  return digits.digit[j].temporal ? digits.digit[j].index_stride : 0;
}
template <class Digits>
std::int64_t value_of(const Digits& digits, std::size_t j, std::int64_t coordinate) noexcept {
  return coordinate / digits.digit[j].coordinate_stride % digits.digit[j].bound;
}

// Most that f_d reaches between two coordinates that differ in digit j first; `prefix` is what the
// digits before it add.
template <class Digits>
std::int64_t max_between(const Digits& digits, std::size_t j, std::int64_t prefix, std::int64_t low,
                         std::int64_t high) noexcept {
  const std::int64_t top = value_of(digits, j, high);
  const std::int64_t bottom = value_of(digits, j, low);
  std::int64_t best = 0;
  if (top - bottom >= 2) {  // a digit strictly between leaves all others free
    best = prefix + weight_of(digits, j) * (top - 1) + digits.free[j + 1];
  }
  std::int64_t along_high = prefix + weight_of(digits, j) * top;    // tight to the upper end
  std::int64_t along_low = prefix + weight_of(digits, j) * bottom;  // tight to the lower end
  for (std::size_t q = j + 1; q < digits.count; ++q) {
    const std::int64_t weight = weight_of(digits, q);
    const std::int64_t h = value_of(digits, q, high);
    const std::int64_t l = value_of(digits, q, low);
    const std::int64_t most = digits.digit[q].bound - 1;
    if (h > 0) {
      best = std::max(best, along_high + weight * (h - 1) + digits.free[q + 1]);
    }
    if (l < most) {
      best = std::max(best, along_low + weight * most + digits.free[q + 1]);
    }
    along_high += weight * h;
    along_low += weight * l;
  }
  return std::max({best, along_high, along_low});
}

}  // namespace

LoopNest::LoopNest(const LoopBounds& bounds, const Mapping& mapping) noexcept
    : bounds_(bounds), job_extent_(mapping.job_extent) {
  // Strides grow from the innermost loop outwards, hence the reverse walk.
  std::array<std::int64_t, kDimCount> coordinate_stride = mapping.job_extent;
  for (std::size_t i = mapping.outer; i-- > 0;) {
    const Loop& loop = mapping.loops[i];
    const bool temporal = loop.kind == LoopKind::temporal;
    std::int64_t& index_stride = temporal ? steps_ : servers_;
    if (loop.bound > 1) {
      digits_[digit_count_++] = {loop.bound, coordinate_stride[index(loop.dim)], index_stride,
                                 loop.dim, temporal};
    }
    coordinate_stride[index(loop.dim)] *= loop.bound;
    index_stride *= loop.bound;
  }
  std::reverse(digits_.begin(), digits_.begin() + static_cast<std::ptrdiff_t>(digit_count_));
  for (std::size_t i = 0; i < digit_count_; ++i) {
    DimDigits& digits = per_dim_[index(digits_[i].dim)];
    digits.digit[digits.count++] = digits_[i];
  }
  for (DimDigits& digits : per_dim_) {
    digits.free[digits.count] = 0;
    for (std::size_t j = digits.count; j-- > 0;) {
      const LoopDigit& digit = digits.digit[j];
      const std::int64_t weight = digit.temporal ? digit.index_stride : 0;
      digits.free[j] = digits.free[j + 1] + weight * (digit.bound - 1);
    }
  }
  for (const Dim d : {Dim::C, Dim::R, Dim::S}) {
    reduction_finish_ += range_max(d, {0, bounds_[d]});
  }
}

DimBox LoopNest::box(std::int64_t step, std::int64_t server) const noexcept {
  std::array<std::int64_t, kDimCount> low{};
  for (std::size_t i = 0; i < digit_count_; ++i) {
    const LoopDigit& digit = digits_[i];
    const std::int64_t number = digit.temporal ? step : server;
    low[index(digit.dim)] += number / digit.index_stride % digit.bound * digit.coordinate_stride;
  }
  DimBox box;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    box.dim[d] = {low[d], std::min(low[d] + job_extent_[d], bounds_.bound[d])};
  }
  return box;
}

std::int64_t LoopNest::dim_finish(Dim d, std::int64_t x) const noexcept {
  const DimDigits& digits = per_dim_[index(d)];
  std::int64_t sum = 0;
  for (std::size_t j = 0; j < digits.count; ++j) {
    const LoopDigit& digit = digits.digit[j];
    if (digit.temporal) {
      sum += x / digit.coordinate_stride % digit.bound * digit.index_stride;
    }
  }
  return sum;
}

std::int64_t LoopNest::range_max(Dim d, Interval x) const noexcept {
  const DimDigits& digits = per_dim_[index(d)];
  const std::int64_t low = x.begin;
  const std::int64_t high = x.end - 1;
  // The common prefix of both ends is what every coordinate between them has.
  std::size_t j = 0;
  std::int64_t prefix = 0;
  while (j < digits.count && value_of(digits, j, low) == value_of(digits, j, high)) {
    prefix += weight_of(digits, j) * value_of(digits, j, low);
    ++j;
  }
  return j == digits.count ? prefix : max_between(digits, j, prefix, low, high);
}

std::int64_t LoopNest::ready_step(const DimBox& output) const noexcept {
  std::int64_t step = reduction_finish_;
  for (const Dim d : {Dim::N, Dim::G, Dim::K, Dim::P, Dim::Q}) {
    step += range_max(d, output[d]);
  }
  return step;
}

std::int64_t LoopNest::channel_max(std::int64_t channels_per_group,
                                   Interval channels) const noexcept {
  const std::int64_t first = channels.begin / channels_per_group;
  const std::int64_t last = (channels.end - 1) / channels_per_group;
  const std::int64_t low = channels.begin - first * channels_per_group;
  const std::int64_t high = channels.end - last * channels_per_group;
  const auto part = [&](Interval groups, Interval inside) {
    return range_max(Dim::G, groups) + range_max(Dim::K, inside);
  };
  if (first == last) {
    return part({first, first + 1}, {low, high});
  }
  std::int64_t best = std::max(part({first, first + 1}, {low, channels_per_group}),
                               part({last, last + 1}, {0, high}));
  if (last - first >= 2) {
    best = std::max(best, part({first + 1, last}, {0, channels_per_group}));
  }
  return best;
}

std::int64_t LoopNest::ready_step(const Operator& op, const Region& output) const noexcept {
  std::int64_t step = reduction_finish_;
  for (std::size_t axis = 0; axis < output.rank; ++axis) {
    step += axis_max(op, axis, output.axis[axis]);
  }
  return step;
}

std::int64_t LoopNest::axis_max(const Operator& op, std::size_t axis, Interval x) const noexcept {
  const AxisProjection& projection = op.output_projection[axis];
  if (projection.factor[1] != 0) {  // channels: coordinate = group * factor + channel in the group
    IMBREX_ASSERT(projection.dim[0] == Dim::G && projection.dim[1] == Dim::K);
    return channel_max(projection.factor[0], x);
  }
  return projection.factor[0] == 0 ? 0 : range_max(projection.dim[0], x);
}

namespace {

// Logarithm of the largest power of two that is at most `width`.
std::size_t level_of(std::int64_t width) noexcept {
  return static_cast<std::size_t>(std::bit_width(static_cast<std::uint64_t>(width))) - 1;
}

}  // namespace

DimFinishTable::DimFinishTable(const LoopNest& nest, Dim d) {
  const std::int64_t extent = nest.bounds()[d];
  levels_.resize(level_of(extent) + 1);
  levels_[0].resize(extent);
  for (const std::int64_t x : levels_[0].ids()) {
    levels_[0][x] = nest.dim_finish(d, x);
  }
  for (std::size_t level = 1; level < levels_.size(); ++level) {
    const auto& below = levels_[level - 1];
    const std::int64_t half = std::int64_t{1} << (level - 1);
    levels_[level].resize(extent - 2 * half + 1);
    for (const std::int64_t x : levels_[level].ids()) {
      levels_[level][x] = std::max(below[x], below[x + half]);
    }
  }
}

std::int64_t DimFinishTable::range_max(Interval x) const noexcept {
  const std::size_t level = level_of(x.extent());
  const auto& row = levels_[level];
  return std::max(row[x.begin], row[x.end - (std::int64_t{1} << level)]);
}

std::int64_t DimFinishTable::strided_max(Interval x, std::int64_t stride) const noexcept {
  std::int64_t best = 0;
  for (std::int64_t i = x.begin; i < x.end; i += stride) {
    best = std::max(best, at(i));
  }
  return best;
}

}  // namespace imbrex
