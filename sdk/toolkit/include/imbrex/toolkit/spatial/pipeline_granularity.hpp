// How finely one layer can hand its output to the next, what has to be kept meanwhile, and how long
// a pipeline of such stages takes. Pure. [any thread]
// Source: specification pipeorgan, sections 4.2, 6.6 and 7.1.
#pragma once

#include <imbrex/values/ids.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace imbrex::spatial {

// --- Granularity -------------------------------------------------------------------------------

// One loop over tiles of a dimension; `tile` counts points of the operator's own dimension.
struct TileLoop {
  Dim dim = Dim::N;
  std::int64_t tile = 1;
};

// The tensor between two layers, and how its consumer walks over it.
struct Cut {
  std::array<std::int64_t, kDimCount> extent{1, 1, 1, 1, 1, 1, 1, 1};  // of N, K, P, Q: producer
  std::array<std::int64_t, 2> stride{1, 1};                            // consumer, rows and columns
};

struct Granularity {
  std::vector<TileLoop> fused;  // producer's dimensions, outermost first; tiles of the producer
  std::int64_t words = 0;       // handed over per interval, G; the last interval may have fewer
  std::int64_t intervals = 1;   // words * intervals >= the tensor, equal when all tiles divide
};

// The finest hand-over that two loop orders (outermost first) allow: the longest prefix in which
// both walk the shared tensor alike (producer N, K, P, Q are consumer N, C, P, Q), ended by a loop
// over the producer's reduction or the consumer's own outputs. An upper bound of what has to be
// live; exact for 390 of the 576 orders of unit tiles. O(loops).
Granularity finest_granularity(const Cut& cut, std::span<const TileLoop> producer,
                               std::span<const TileLoop> consumer);

// Intervals that all cuts of a segment share: the common prefix of their fused dimensions. Tiles
// are given at the first cut; `downscale` says how many rows (columns) of the first cut one of cut
// i stands for. O(cuts * loops).
struct CutTiles {
  std::span<const TileLoop> fused;
  std::array<std::int64_t, 2> downscale{1, 1};
};
std::vector<TileLoop> common_prefix(std::span<const CutTiles> cuts);

// Intervals by which a consumer must stay behind so that the rows (columns) its window reaches
// ahead exist: ceil((kernel - stride - pad) / tile), at least 0; `tile` in the producer's rows.
// With stride 1 the specification's ceil((R - 1 - pad) / T).
constexpr std::int64_t halo_intervals(std::int64_t kernel, std::int64_t stride,
                                      std::int64_t pad_begin, std::int64_t tile) noexcept {
  const std::int64_t ahead = kernel - stride - pad_begin;
  return ahead > 0 ? (ahead + tile - 1) / tile : 0;
}

// Words of the rows that a window keeps for the next interval: (R - s) * width * channels.
constexpr std::int64_t line_buffer_words(std::int64_t kernel_rows, std::int64_t row_stride,
                                         std::int64_t width, std::int64_t channels) noexcept {
  return std::max<std::int64_t>(0, kernel_rows - row_stride) * width * channels;
}

// What a cut needs: two hand-overs in flight, kept rows, and skip tensors that wait.
constexpr std::int64_t cut_buffer_words(std::int64_t words_per_interval, std::int64_t line_buffer,
                                        std::int64_t skip_lag_intervals = 0,
                                        std::int64_t skip_words_per_interval = 0) noexcept {
  return 2 * words_per_interval + line_buffer + skip_lag_intervals * skip_words_per_interval;
}

// --- Time --------------------------------------------------------------------------------------

// What one interval of a stage takes, by cause; with double buffers they run side by side.
struct IntervalTimes {
  std::int64_t compute_ps = 0;
  std::int64_t noc_in_ps = 0;
  std::int64_t noc_out_ps = 0;
  std::int64_t buffer_ps = 0;  // global buffer
  std::int64_t dram_ps = 0;

  constexpr std::int64_t double_buffered_ps() const noexcept {
    return std::max({compute_ps, noc_in_ps, noc_out_ps, buffer_ps, dram_ps});
  }
  constexpr std::int64_t single_buffered_ps() const noexcept {
    return compute_ps + std::max({noc_in_ps, noc_out_ps, buffer_ps, dram_ps});
  }
};

// Where an interval's time beyond its compute time comes from: the longest cause, earlier names
// first; `none` when compute is longest.
enum class StallCause : std::uint8_t { none, noc, global_buffer, dram };
StallCause stall_cause(const IntervalTimes& times) noexcept;

// A stage of a pipeline in which every stage runs the same number of intervals.
struct PipelineStage {
  std::int64_t interval_ps = 0;
  std::int64_t last_interval_ps = 0;  // of the remainder; equal to interval_ps when tiles divide
  std::int64_t halo = 0;              // intervals the stage stays behind its predecessor
};

// Each interval starts when the stage is free and the predecessor has finished the interval `halo`
// further on: fin[i][t] = max(fin[i][t-1], fin[i-1][min(n-1, t+halo)]) + T. Closed form for equal
// intervals without halo, otherwise O(stages * intervals). Requires: intervals >= 1.
std::int64_t pipeline_latency_ps(std::span<const PipelineStage> stages, std::int64_t intervals);
// With a barrier after every interval: (n + D - 1 + sum of halos) times the longest interval.
// Never less than the above.
std::int64_t lockstep_latency_ps(std::span<const PipelineStage> stages,
                                 std::int64_t intervals) noexcept;
// The recurrence itself with any durations, finish[i][t]; the twin of the above.
// durations[i].size() is the number of intervals of every stage.
std::vector<std::vector<std::int64_t>> pipeline_finish_ps(
    std::span<const std::vector<std::int64_t>> durations, std::span<const std::int64_t> halos);

}  // namespace imbrex::spatial
