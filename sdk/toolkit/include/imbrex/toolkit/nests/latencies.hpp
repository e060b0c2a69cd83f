// What time a nest takes beyond its steps and words, where latencies are modelled (all are off by
// default): filling and draining the array, the first word of a tile, the first and last tiles.
// sdk/docs/loop-nest.md has the formulas. [any thread]
#pragma once

#include <imbrex/toolkit/nests/counts.hpp>
#include <imbrex/toolkit/nests/partial_sums.hpp>

#include <array>

namespace imbrex::nests {

// Bits that the ports of one instance of a level pass over the whole run.
struct PortBits {
  std::int64_t read = 0;
  std::int64_t written = 0;
};
inline PortBits port_bits(const Problem& problem, const Hierarchy& hierarchy,
                          const PartialSums& sums, const NestCounts& counts,
                          std::size_t level) noexcept {
  PortBits bits;
  for (std::size_t role = 0; role < index(Role::outputs); ++role) {
    const TensorCounts& tensor = counts.tensor[level][role];
    bits.read += tensor.reads * problem.bits[role];
    bits.written += (tensor.fills + tensor.updates) * problem.bits[role];
  }
  const TensorCounts& results = counts.tensor[level][index(Role::outputs)];
  bits.read +=
      result_bits(problem, results.reads, results.points, leave_complete(sums, hierarchy, level));
  bits.written += result_bits(problem, results.fills + results.updates, results.points,
                              arrive_complete(sums, level));
  return bits;
}

// Cycles that one instance's ports are busy over the whole run.
struct PortTimes {
  double read = 0;  // with `Level::access_cycles` for every tile that a level inside asks for
  double write = 0;
};

struct NestTimes {
  double compute = 0;  // the MACs, with `fill_drain_steps` for every tile of `pass_level`
  std::array<PortTimes, kMaxLevels> port{};
  // The longest of these; with tiles in step, at every level: fetching the first tile, working on
  // one, storing the last one, and for all further tiles the longest of the three, where storing
  // counts for those before which results left.
  double cycles = 0;
};

// Requires: `counts` are those of the mapping, feasible. O(levels * tensors * loops).
NestTimes times_of(const Problem& problem, const Hierarchy& hierarchy, const Mapping& mapping,
                   const NestCounts& counts) noexcept;

}  // namespace imbrex::nests
