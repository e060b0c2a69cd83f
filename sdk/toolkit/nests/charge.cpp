#include <imbrex/toolkit/nests/charge.hpp>
#include <imbrex/toolkit/nests/latencies.hpp>

namespace imbrex::nests {
namespace {

// The longer of `cycles` and what the words take.
double at_least(double cycles, std::int64_t bits, double per_cycle) noexcept {
  // Divisions are slow, and mostly the memory is fast enough.
  const auto all = static_cast<double>(bits);
  return per_cycle <= 0 || all <= cycles * per_cycle ? cycles : all / per_cycle;
}

struct AllBits {
  double read = 0;
  double written = 0;
};

AllBits bits_of(const Problem& problem, const Hierarchy& hierarchy, const PartialSums& sums,
                const std::array<LevelWords, kRoles>& words, std::size_t level) noexcept {
  AllBits bits;
  for (std::size_t role = 0; role < index(Role::outputs); ++role) {
    bits.read += words[role].read * static_cast<double>(problem.bits[role]);
    bits.written += words[role].written * static_cast<double>(problem.bits[role]);
  }
  const LevelWords& results = words[index(Role::outputs)];
  bits.read +=
      result_bits(problem, results.read, results.points, leave_complete(sums, hierarchy, level));
  bits.written +=
      result_bits(problem, results.written, results.points, arrive_complete(sums, level));
  return bits;
}

}  // namespace

void charge(const Problem& problem, const Hierarchy& hierarchy, const ChargedNest& nest,
            const AllWords* all, NestCounts& counts) noexcept {
  counts.cycles = static_cast<double>(counts.steps) * problem.work_share;
  double energy = static_cast<double>(problem.macs) * hierarchy.mac_energy_pj;
  std::int64_t instances = 1;
  for (std::size_t l = 0; l < hierarchy.levels.size(); ++l) {
    const Level& level = hierarchy.levels[l];
    const PortBits one = port_bits(problem, hierarchy, nest.sums, counts, l);
    const AllBits bits =
        all != nullptr ? bits_of(problem, hierarchy, nest.sums, (*all)[l], l)
                       : AllBits{static_cast<double>(instances) * static_cast<double>(one.read),
                                 static_cast<double>(instances) * static_cast<double>(one.written)};
    counts.instances_used[l] = instances;
    counts.cycles = at_least(counts.cycles, one.read, level.read_bits_per_cycle);
    counts.cycles = at_least(counts.cycles, one.written, level.write_bits_per_cycle);
    energy +=
        bits.read * level.read_energy_pj_per_bit + bits.written * level.write_energy_pj_per_bit;
    instances *= nest.nest.fanout[l];
  }
  counts.energy_pj = energy;
  if (hierarchy.has_latencies) {
    counts.cycles = times_of(problem, hierarchy, nest.mapping, counts).cycles;
  }
}

}  // namespace imbrex::nests
