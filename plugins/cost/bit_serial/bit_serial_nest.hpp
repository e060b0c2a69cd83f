// What the loops of a mapping say on banks that compute bit by bit: how far they spread, how long
// they go on, what a lane holds. Levels as in bit_serial_model.hpp. [any thread]
#pragma once

#include "bit_serial_model.hpp"

#include <array>
#include <cstdint>

namespace imbrex::bit_serial {

using Extents = std::array<std::int64_t, kDimCount>;

// What the loops say, before anything has a price.
struct Nest {
  bool legal = true;
  std::int64_t steps = 1;
  std::int64_t sequence = 1;      // MACs one after another in a lane: m_seq
  std::int64_t lane_outputs = 1;  // of one job, in one lane
  std::int64_t lane_weights = 1;  // of all jobs
  std::int64_t lanes = 1;
  std::int64_t lane_fan_in = 1;  // F_col
  std::int64_t channels = 1;
  std::int64_t banks = 1;        // in one channel
  std::int64_t bank_fan_in = 1;  // part of F_bank inside a channel
  std::int64_t channel_fan_in = 1;
  std::int64_t output_tiles = 1;   // completed by one server
  std::int64_t waiting_tiles = 1;  // incomplete at the same time
  Extents lane_extent{1, 1, 1, 1, 1, 1, 1, 1};
};

// `legal` is false where a loop does not belong, or job_extent is not what the inner loops make.
Nest read_nest(const Mapping& mapping) noexcept;

}  // namespace imbrex::bit_serial
