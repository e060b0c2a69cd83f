// An ordered loop nest of one operator. Plain data, fixed size, copied freely (design, section 2).
#pragma once

#include <imbrex/values/ids.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace imbrex {

enum class LoopKind : std::uint8_t { temporal, spatial };

struct Loop {
  Dim dim = Dim::N;
  LoopKind kind = LoopKind::temporal;
  std::uint8_t level = 0;  // architecture level, 0 = outermost
  std::int64_t bound = 1;
  friend constexpr bool operator==(const Loop&, const Loop&) = default;
};

inline constexpr std::size_t kMaxLoops = 32;

// Loops outermost first. Overlap is analysed on the first `outer` loops; the rest is folded into
// the extent that one job covers per dimension (`job_extent`, specification fast-overlapim
// section 1.2). Legal when, per dimension, job_extent times the outer bounds covers the operator's
// bound; the last job of an imperfect factorisation is clipped, and may be empty.
struct Mapping {
  std::array<Loop, kMaxLoops> loops{};
  std::uint8_t count = 0;
  std::uint8_t outer = 0;
  std::array<std::int64_t, kDimCount> job_extent{1, 1, 1, 1, 1, 1, 1, 1};

  constexpr std::span<const Loop> outer_loops() const noexcept { return {loops.data(), outer}; }
  constexpr std::span<const Loop> all_loops() const noexcept { return {loops.data(), count}; }
  friend constexpr bool operator==(const Mapping&, const Mapping&) = default;
};

// How finely an analysis cuts an operator's output when nobody searched a mapping
// (specification clsa-cim section 6.1). `rows`: 1 x whole width = row sets. The kinds with channels
// are for neighbours that hand over channel by channel (specification pipeorgan section 4.2): some
// of the output's channels at all positions, or all of the output for some input channels. A cost
// model that does not cut so makes one job of the whole layer.
struct JobShape {
  enum class Kind : std::uint8_t {
    row,
    rows,
    block,
    pixel,
    layer,
    output_channels,
    input_channels
  };
  Kind kind = Kind::row;
  std::int64_t height = 1;   // rows, block; channels
  std::int64_t width = 1;    // block
  std::int64_t samples = 1;  // of a batch (dimension N) that one job covers; 0: all
  friend constexpr bool operator==(const JobShape&, const JobShape&) = default;

  // Rows and columns of one job on an output of the given extents.
  constexpr std::array<std::int64_t, 2> extent(std::int64_t p, std::int64_t q) const noexcept {
    switch (kind) {
      case Kind::row:
        return {1, q};
      case Kind::rows:
        return {height < p ? height : p, q};
      case Kind::block:
        return {height < p ? height : p, width < q ? width : q};
      case Kind::pixel:
        return {1, 1};
      case Kind::layer:
      case Kind::output_channels:
      case Kind::input_channels:
        break;
    }
    return {p, q};
  }
};

// How the jobs of an operator are dealt to its copies (specification clsa-cim section 5.6).
enum class Dealing : std::uint8_t {
  round_robin,  // job j in row-major order -> copy j mod copies
  strip_w,      // column x -> copy floor(x * copies / Q); cuts jobs at strip borders
  strip_h,      // row y -> copy floor(y * copies / P)
};

// --- Jobs dealt anew -----------------------------------------------------------------------------
//
// The jobs of one operator dealt to its servers anew: a decision of its own, made by a stage, kept
// in the design and replayed by every analyzer (specification fast-overlapim, section 4).

// One job of the mapping, on another server or at another time.
struct DealtJob {
  std::int64_t step = 0;  // as the mapping numbers it
  std::int64_t server = 0;
  std::int64_t move_ps = 0;   // longer, because its inputs and weights move with it
  std::int64_t merge_ps = 0;  // after its end, until partial sums on other servers are added up
  friend constexpr bool operator==(const DealtJob&, const DealtJob&) = default;
};

// Legal for an operator when it deals every job with work of `mapping` (canonical or searched, with
// one copy) exactly once, to as many servers as the mapping has, at times of at least 0.
struct DealtOrder {
  Mapping mapping;
  std::vector<DealtJob> jobs;           // server by server, each in its new order
  std::vector<std::int64_t> first_job;  // per server, and one more: its jobs are [s], [s + 1])
  friend bool operator==(const DealtOrder&, const DealtOrder&) = default;
};

}  // namespace imbrex
