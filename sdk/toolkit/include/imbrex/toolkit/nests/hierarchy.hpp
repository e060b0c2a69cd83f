// An architecture's storage levels as the counting wants them.
#pragma once

#include <imbrex/toolkit/nests/problem.hpp>
#include <imbrex/values/map_space_spec.hpp>

#include <string>
#include <vector>

namespace imbrex::nests {

// `keep`: per level the letters of the tensors it keeps, of W (weights or second operand), I (first
// operand) and O (result), e.g. {"WIO", "IO", "W"}; empty: every level keeps everything.
// Errors: InputError naming the level and what was expected.
Hierarchy hierarchy_of(const Architecture& architecture, const std::vector<std::string>& keep,
                       Counting counting, bool link_transfers = false);

// What is off by default. `refetch`: per level the letters of operands it fetches anew for every
// tile pass, of W and I; empty: none. Access times are the architecture's.
struct Latencies {
  std::vector<std::string> refetch{};
  double fill_drain_steps = 0;
  Buffering buffering = Buffering::ideal;
};
// Errors: InputError naming the level and what was expected.
void add_latencies(const Architecture& architecture, const Latencies& latencies,
                   Hierarchy& hierarchy);

// Both, as a cost model states them.
Hierarchy hierarchy_of(const Architecture& architecture, const NestCounting& counting);

// Levels [0, shared) are not part of any element: the first is the external memory, the others are
// buffers in front of all elements. At least 1.
std::size_t shared_levels(const Hierarchy& hierarchy, std::int64_t elements) noexcept;

// The nearest whole picosecond to so many cycles, at most kTimeLimitPs: periods and bandwidths are
// quotients, whose rounding must not cost a picosecond. Never decreases with `cycles`.
std::int64_t whole_ps(double cycles, double cycle_ps) noexcept;

// Whether the architecture states any energy that counts are charged with.
bool models_energy(const Architecture& architecture) noexcept;

}  // namespace imbrex::nests
