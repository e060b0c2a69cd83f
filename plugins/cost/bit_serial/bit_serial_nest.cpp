#include "bit_serial_nest.hpp"

namespace imbrex::bit_serial {
namespace {

constexpr bool is_reduction(Dim d) noexcept {
  return d == Dim::C || d == Dim::R || d == Dim::S;
}
constexpr bool is_weight_dim(Dim d) noexcept {
  return is_reduction(d) || d == Dim::G || d == Dim::K;
}

void read_inner_loop(const Loop& loop, Nest& nest, Extents& extent) noexcept {
  extent[index(loop.dim)] *= loop.bound;
  if (loop.level == kLaneLevel && loop.kind == LoopKind::spatial) {
    nest.lanes *= loop.bound;
    nest.lane_fan_in *= is_reduction(loop.dim) ? loop.bound : 1;
  } else if (loop.level == kSequenceLevel && loop.kind == LoopKind::temporal) {
    nest.sequence *= loop.bound;
    nest.lane_extent[index(loop.dim)] *= loop.bound;
    nest.lane_outputs *= is_reduction(loop.dim) ? 1 : loop.bound;
    nest.lane_weights *= is_weight_dim(loop.dim) ? loop.bound : 1;
  } else {
    nest.legal = false;
  }
}

// Innermost first, so that `output_tiles` counts the loops inside this one.
void read_outer_loop(const Loop& loop, Nest& nest) noexcept {
  const bool reduction = is_reduction(loop.dim);
  nest.legal = nest.legal && loop.level <= kBankLevel;
  if (loop.kind == LoopKind::temporal) {
    nest.steps *= loop.bound;
    nest.lane_weights *= is_weight_dim(loop.dim) ? loop.bound : 1;
    if (reduction && loop.bound > 1) {
      nest.waiting_tiles = nest.output_tiles;
    }
    nest.output_tiles *= reduction ? 1 : loop.bound;
  } else if (loop.level == kChannelLevel) {
    nest.channels *= loop.bound;
    nest.channel_fan_in *= reduction ? loop.bound : 1;
  } else {
    nest.banks *= loop.bound;
    nest.bank_fan_in *= reduction ? loop.bound : 1;
  }
}

}  // namespace

Nest read_nest(const Mapping& mapping) noexcept {
  Nest nest;
  Extents extent{1, 1, 1, 1, 1, 1, 1, 1};
  for (std::size_t i = mapping.count; i-- > mapping.outer;) {
    read_inner_loop(mapping.loops[i], nest, extent);
  }
  for (std::size_t i = mapping.outer; i-- > 0;) {
    read_outer_loop(mapping.loops[i], nest);
  }
  nest.legal = nest.legal && extent == mapping.job_extent;
  return nest;
}

}  // namespace imbrex::bit_serial
