#include "bit_serial_spread.hpp"

#include <algorithm>
#include <utility>

namespace imbrex::bit_serial {
namespace {

using Factors = std::array<std::int64_t, kDimCount>;
constexpr Factors kOnes{1, 1, 1, 1, 1, 1, 1, 1};

constexpr Dim kRowsFirst[] = {Dim::P, Dim::N, Dim::G, Dim::K, Dim::C};
constexpr Dim kFiltersFirst[] = {Dim::G, Dim::K, Dim::P, Dim::N, Dim::C};
constexpr Dim kInputsFirst[] = {Dim::C, Dim::G, Dim::K, Dim::P, Dim::N};
constexpr Dim kFilterLanes[] = {Dim::K, Dim::Q, Dim::P, Dim::G, Dim::C, Dim::R, Dim::S, Dim::N};
constexpr Dim kPixelLanes[] = {Dim::Q, Dim::P, Dim::K, Dim::G, Dim::C, Dim::R, Dim::S, Dim::N};
constexpr Dim kInputLanes[] = {Dim::C, Dim::K, Dim::G, Dim::Q, Dim::P, Dim::R, Dim::S, Dim::N};
constexpr Dim kGroupLanes[] = {Dim::G, Dim::K, Dim::C, Dim::Q, Dim::P, Dim::R, Dim::S, Dim::N};

constexpr Spread kSpreads[] = {
    {kRowsFirst, kFilterLanes, false},    {kRowsFirst, kPixelLanes, false},
    {kRowsFirst, kInputLanes, false},     {kRowsFirst, kGroupLanes, false},
    {kFiltersFirst, kFilterLanes, false}, {kFiltersFirst, kPixelLanes, false},
    {kFiltersFirst, kInputLanes, false},  {kFiltersFirst, kGroupLanes, false},
    {kInputsFirst, kFilterLanes, false},  {kInputsFirst, kPixelLanes, false},
    {kInputsFirst, kInputLanes, false},   {kInputsFirst, kGroupLanes, false},
    {kRowsFirst, kFilterLanes, true},     {kRowsFirst, kPixelLanes, true},
    {kRowsFirst, kInputLanes, true},      {kRowsFirst, kGroupLanes, true},
    {kFiltersFirst, kFilterLanes, true},  {kFiltersFirst, kPixelLanes, true},
    {kFiltersFirst, kInputLanes, true},   {kFiltersFirst, kGroupLanes, true},
    {kInputsFirst, kFilterLanes, true},   {kInputsFirst, kPixelLanes, true},
    {kInputsFirst, kInputLanes, true},    {kInputsFirst, kGroupLanes, true},
};

// From both ends, of which one is near: divisors downwards from the limit, and what they leave
// upwards from the least.
std::int64_t largest_divisor(std::int64_t value, std::int64_t limit) noexcept {
  std::int64_t divisor = std::min(value, limit);
  std::int64_t rest = ceil_div(value, divisor);
  while (value % divisor != 0 && value % rest != 0) {
    --divisor;
    ++rest;
  }
  return value % divisor == 0 ? divisor : value / rest;
}

// Takes what a slot of the given size can hold out of `left`.
Factors fill(std::span<const Dim> order, std::int64_t size, Factors& left) noexcept {
  Factors taken = kOnes;
  for (const Dim d : order) {
    const std::int64_t factor = largest_divisor(left[index(d)], size);
    taken[index(d)] = factor;
    left[index(d)] /= factor;
    size /= factor;
  }
  return taken;
}

void push(Mapping& mapping, Dim d, LoopKind kind, std::uint8_t level, std::int64_t bound) noexcept {
  if (bound > 1) {
    mapping.loops[mapping.count++] = {d, kind, level, bound};
  }
}
void push_all(Mapping& mapping, LoopKind kind, std::uint8_t level, const Factors& bounds) noexcept {
  for (std::size_t d = 0; d < kDimCount; ++d) {
    push(mapping, static_cast<Dim>(d), kind, level, bounds[d]);
  }
}

// Where the bounds of an operator go, slot by slot.
struct SpreadBounds {
  Factors jobs;  // steps of the banks
  Factors channels;
  Factors banks;
  Factors lanes;
  Factors inside;  // one after another in a lane
};

SpreadBounds spread_bounds(const LoopBounds& bounds, const Slice& slice, std::int64_t columns,
                           const JobShape& shape, const Spread& spread) noexcept {
  const bool whole_layer = shape.kind == JobShape::Kind::layer;
  const auto [height, width] = shape.extent(bounds[Dim::P], bounds[Dim::Q]);
  SpreadBounds result;
  // Rows and columns of jobs; banks share the rows of a whole-layer job.
  Factors& jobs = result.jobs = bounds.bound;
  jobs[index(Dim::P)] = whole_layer ? height : ceil_div(bounds[Dim::P], height);
  jobs[index(Dim::Q)] = whole_layer ? 1 : ceil_div(bounds[Dim::Q], width);
  result.channels = fill(spread.banks, slice.channels, jobs);
  result.banks = fill(spread.banks, slice.banks, jobs);

  Factors& inside = result.inside = jobs;
  inside[index(Dim::N)] = whole_layer ? jobs[index(Dim::N)] : 1;
  inside[index(Dim::P)] = whole_layer ? jobs[index(Dim::P)] : height;
  inside[index(Dim::Q)] = width;
  result.lanes = fill(spread.lanes, columns, inside);
  return result;
}

}  // namespace

std::span<const Spread> spreads() noexcept {
  return kSpreads;
}

bool sums_across_banks(const Mapping& mapping) noexcept {
  const auto outer = mapping.outer_loops();
  return std::any_of(outer.begin(), outer.end(), [](const Loop& loop) {
    return loop.kind == LoopKind::spatial && loop.bound > 1 &&
           (loop.dim == Dim::C || loop.dim == Dim::R || loop.dim == Dim::S);
  });
}

Mapping spread_mapping(const PreparedOperator& op, const Slice& slice, std::int64_t columns,
                       const JobShape& shape, const Spread& spread) noexcept {
  LoopBounds bounds = op.bounds;
  std::int64_t steps = 1;
  if (op.chain) {  // the rest is spread as if it were one step
    steps = std::exchange(bounds[*op.chain], 1);
  }
  SpreadBounds parts = spread_bounds(bounds, slice, columns, shape, spread);

  Mapping mapping;
  // The outermost temporal slot that takes the dimension, as `MapConstraints` has it; channels have
  // none for samples.
  const bool over_channels = slice.channels > 1 && op.chain != Dim::N;
  if (op.chain && over_channels) {
    push(mapping, *op.chain, LoopKind::temporal, kChannelLevel, steps);
  }
  push_all(mapping, LoopKind::spatial, kChannelLevel, parts.channels);
  if (op.chain && !over_channels) {
    push(mapping, *op.chain, LoopKind::temporal, kBankLevel, steps);
  }
  if (shape.kind != JobShape::Kind::layer) {
    for (const Dim d : {Dim::N, Dim::P, Dim::Q}) {
      push(mapping, d, LoopKind::temporal, kBankLevel, parts.jobs[index(d)]);
    }
  }
  if (spread.steps_over_channels) {
    for (const Dim d : {Dim::G, Dim::K, Dim::C}) {
      push(mapping, d, LoopKind::temporal, kBankLevel, parts.inside[index(d)]);
      parts.inside[index(d)] = 1;
    }
  }
  push_all(mapping, LoopKind::spatial, kBankLevel, parts.banks);
  mapping.outer = mapping.count;
  push_all(mapping, LoopKind::spatial, kLaneLevel, parts.lanes);
  push_all(mapping, LoopKind::temporal, kSequenceLevel, parts.inside);
  for (std::size_t d = 0; d < kDimCount; ++d) {
    mapping.job_extent[d] = parts.lanes[d] * parts.inside[d];
  }
  return mapping;
}

}  // namespace imbrex::bit_serial
