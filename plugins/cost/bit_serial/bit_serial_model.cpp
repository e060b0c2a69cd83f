#include "bit_serial_model.hpp"

#include "bit_serial_nest.hpp"

#include <imbrex/values/work_order.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>

namespace imbrex::bit_serial {
namespace {

std::int64_t ceil_log2(std::int64_t value) noexcept {
  return static_cast<std::int64_t>(std::bit_width(static_cast<std::uint64_t>(value - 1)));
}

std::int64_t axis_length(const OperandAxis& axis, const Extents& extent) noexcept {
  const std::int64_t span = std::abs(axis.factor[0]) * (extent[axis.dim[0]] - 1) +
                            std::abs(axis.factor[1]) * (extent[axis.dim[1]] - 1);
  return std::min(span / axis.divisor + 1, axis.extent);
}

struct OperandTile {
  std::array<std::int64_t, 2 * kMaxRank> length;
  std::int64_t elements = 1;
};

OperandTile tile_of(const Operand& operand, const Extents& extent) noexcept {
  OperandTile tile;
  for (std::size_t a = 0; a < operand.axis_count; ++a) {
    tile.length[a] = axis_length(operand.axes[a], extent);
    tile.elements *= tile.length[a];
  }
  return tile;
}

// Elements of the tile that were already there before every dimension moved by `shift`.
std::int64_t kept_elements(const Operand& operand, const OperandTile& tile,
                           const Extents& shift) noexcept {
  std::int64_t kept = 1;
  for (std::size_t a = 0; a < operand.axis_count; ++a) {
    const OperandAxis& axis = operand.axes[a];
    const std::int64_t move =
        axis.factor[0] * shift[axis.dim[0]] + axis.factor[1] * shift[axis.dim[1]];
    // Moves of divided coordinates are not whole numbers; all of the tile is taken to be new.
    const std::int64_t length = axis.divisor > 1 && move != 0 ? 0 : tile.length[a];
    kept *= std::max<std::int64_t>(0, length - std::abs(move));
  }
  return kept;
}

// Sum over all steps of the bits a server needs and does not hold from the step before. Steps that
// advance the same loop (and reset those inside it) move the box by the same distance.
std::int64_t input_bits(const PreparedOperator& op, const Mapping& mapping,
                        const Nest& nest) noexcept {
  std::array<OperandTile, 2> tiles;
  std::int64_t bits = 0;
  for (std::size_t i = 0; i < op.operand_count; ++i) {
    tiles[i] = tile_of(op.operands[i], mapping.job_extent);
    bits += tiles[i].elements * op.operands[i].bits;
  }
  Extents stride = mapping.job_extent;
  Extents shift{};  // minus the way the loops inside have come
  std::int64_t period = 1;
  for (std::size_t l = mapping.outer; l-- > 0;) {
    const Loop& loop = mapping.loops[l];
    const std::size_t d = index(loop.dim);
    if (loop.kind == LoopKind::temporal && loop.bound > 1) {
      shift[d] += stride[d];
      period *= loop.bound;
      const std::int64_t steps = nest.steps / period * (loop.bound - 1);
      for (std::size_t i = 0; i < op.operand_count; ++i) {
        const std::int64_t fresh =
            tiles[i].elements - kept_elements(op.operands[i], tiles[i], shift);
        bits += steps * fresh * op.operands[i].bits;
      }
      shift[d] -= loop.bound * stride[d];
    }
    stride[d] *= loop.bound;
  }
  return bits;
}

std::int64_t lane_rows(const PreparedOperator& op, const Nest& nest,
                       const Options& options) noexcept {
  std::int64_t rows = options.scratch_rows;
  rows += nest.lane_outputs * nest.waiting_tiles * options.accumulator_bits;
  rows += op.stationary_weights ? nest.lane_weights * op.weight_bits : 0;
  const std::int64_t buffers = options.double_buffering ? 2 : 1;
  for (std::size_t i = 0; i < op.operand_count; ++i) {
    rows += buffers * tile_of(op.operands[i], nest.lane_extent).elements * op.operands[i].bits;
  }
  return rows;
}

// bits / bandwidth / shares, rounded up.
std::int64_t link_ps(std::int64_t bits, std::int64_t bits_per_us, std::int64_t shares) noexcept {
  constexpr std::int64_t kPsPerUs = 1'000'000;
  if (bits_per_us == 0) {
    return 0;
  }
  if (bits > INT64_MAX / kPsPerUs) [[unlikely]] {
    __extension__ using Wide = unsigned __int128;
    const Wide divisor = static_cast<Wide>(bits_per_us) * static_cast<Wide>(shares);
    const Wide ps = (static_cast<Wide>(bits) * kPsPerUs + divisor - 1) / divisor;
    return static_cast<std::int64_t>(std::min(ps, static_cast<Wide>(kTimeLimitPs)));
  }
  return std::min(ceil_div(bits * kPsPerUs, bits_per_us * shares), kTimeLimitPs);
}

// Mean time per step; every bank has its own way to the channel, which all of its banks share.
std::int64_t move_ps(std::int64_t bits, std::int64_t banks, std::int64_t steps,
                     const Hardware& hardware) noexcept {
  return std::max(link_ps(bits, hardware.bank_bits_per_us, steps),
                  link_ps(bits * banks, hardware.channel_bits_per_us, steps));
}

// What one job does in a lane, and what one server moves in all of its steps.
struct Work {
  std::int64_t reductions = 0;
  std::int64_t fan_in = 1;  // F_bank
  std::int64_t sum_bits = 0;
  std::int64_t in_bits = 0;
  std::int64_t out_bits = 0;
};

Work work_of(const PreparedOperator& op, const Mapping& mapping, const Nest& nest,
             const Options& options) noexcept {
  std::int64_t tile_elements = 1;
  for (const Dim d : {Dim::N, Dim::G, Dim::K, Dim::P, Dim::Q}) {
    tile_elements *= mapping.job_extent[index(d)];
  }
  Work work;
  work.reductions = ceil_log2(nest.lane_fan_in) * nest.lane_outputs;
  work.fan_in = nest.bank_fan_in * nest.channel_fan_in;
  work.sum_bits = tile_elements * options.accumulator_bits;
  work.in_bits = input_bits(op, mapping, nest);
  work.out_bits = nest.output_tiles * tile_elements * op.output_bits;
  return work;
}

// MACs of a lane in one job, on average, rounded up.
std::int64_t macs_in_lane(const PreparedOperator& op, const Nest& nest) noexcept {
  return static_cast<std::int64_t>(std::ceil(static_cast<double>(nest.sequence) * op.work_share));
}

void set_times(NestCost& cost, const PreparedOperator& op, const Nest& nest, const Work& work,
               const Hardware& hardware, const Options& options) noexcept {
  const std::int64_t compute_ps =
      bounded_sum_ps(bounded_ps(macs_in_lane(op, nest), op.mac.latency_ps),
                     bounded_ps(work.reductions, op.reduce.latency_ps));
  const std::int64_t in_ps = move_ps(work.in_bits, nest.banks, nest.steps, hardware);
  const std::int64_t out_ps =
      move_ps(work.out_bits, nest.banks / nest.bank_fan_in, nest.steps, hardware);
  cost.steps = nest.steps;
  cost.step_ps = options.double_buffering
                     ? std::max({compute_ps, in_ps, out_ps})
                     : bounded_sum_ps(compute_ps, bounded_sum_ps(in_ps, out_ps));
  cost.completions = op.chain ? op.bounds[*op.chain] : 1;
  if (work.fan_in > 1) {
    cost.completion_ps = bounded_ps(
        ceil_log2(work.fan_in), bounded_sum_ps(link_ps(work.sum_bits, hardware.bank_bits_per_us, 1),
                                               bounded_ps(nest.lane_outputs, op.add.latency_ps)));
  }
}

// A tree over `fan_in` banks merges fan_in - 1 times.
void set_energy(NestCost& cost, const PreparedOperator& op, const Nest& nest, const Work& work,
                const Hardware& hardware) noexcept {
  const double servers = static_cast<double>(nest.channels * nest.banks);
  const double trees = servers / static_cast<double>(work.fan_in);
  const double job_pj = static_cast<double>(macs_in_lane(op, nest)) * op.mac.energy_pj +
                        static_cast<double>(work.reductions) * op.reduce.energy_pj;
  const double merge_pj = static_cast<double>(nest.lane_outputs) * op.add.energy_pj +
                          static_cast<double>(work.sum_bits) * hardware.move_energy_pj_per_bit;
  const double merges =
      trees * static_cast<double>(work.fan_in - 1) * static_cast<double>(nest.output_tiles);
  const double moved_bits =
      servers * static_cast<double>(work.in_bits) + trees * static_cast<double>(work.out_bits);
  cost.energy_pj = servers * static_cast<double>(nest.steps) * job_pj + merges * merge_pj +
                   moved_bits * hardware.move_energy_pj_per_bit;
}

}  // namespace

NestCost cost_of(const PreparedOperator& op, const Mapping& mapping, const Slice& slice,
                 const Hardware& hardware, const Options& options) noexcept {
  NestCost cost;
  const Nest nest = read_nest(mapping);
  if (!nest.legal) {
    cost.verdict = Verdict::unsupported;
    return cost;
  }
  cost.rows = lane_rows(op, nest, options);
  if (nest.lanes > hardware.columns || nest.banks > slice.banks || nest.channels > slice.channels ||
      cost.rows > hardware.rows) {
    cost.verdict = Verdict::infeasible;
  }
  const Work work = work_of(op, mapping, nest, options);
  set_times(cost, op, nest, work, hardware, options);
  set_energy(cost, op, nest, work, hardware);
  return cost;
}

std::optional<Shortfall> shortfall_of(const PreparedOperator& op, const Mapping& mapping,
                                      const Slice& slice, const Hardware& hardware,
                                      const Options& options) noexcept {
  const Nest nest = read_nest(mapping);
  if (!nest.legal) {
    return std::nullopt;
  }
  const Shortfall demands[] = {
      {"slice", "channel", nest.channels, slice.channels},
      {"channel", "bank", nest.banks, slice.banks},
      {"bank", "lane", nest.lanes, hardware.columns},
      {"lane", "row", lane_rows(op, nest, options), hardware.rows},
  };
  for (const Shortfall& demand : demands) {
    if (demand.needed > demand.available) {
      return demand;
    }
  }
  return std::nullopt;
}

}  // namespace imbrex::bit_serial
