#include "shortfall.hpp"

namespace imbrex::loop_nest {
namespace {

// Width of the words that a level keeps of the operator; 1 when they differ.
std::int64_t word_bits(const Problem& problem, const Level& level, bool wide_sums) noexcept {
  std::int64_t bits = 0;
  for (std::size_t role = 0; role < kRoles; ++role) {
    if ((level.keep & keep_bit(role)) != 0) {
      const bool is_wide = wide_sums && role == index(Role::outputs);
      const std::int64_t mine = is_wide ? problem.partial_sum_bits : problem.bits[role];
      bits = bits == 0 || bits == mine ? mine : 1;
    }
  }
  return bits > 0 && level.capacity_bits % bits == 0 ? bits : 1;
}

}  // namespace

std::optional<Shortfall> shortfall_of(const Problem& problem, const Hierarchy& hierarchy,
                                      const NestCounts& counts) {
  if (counts.verdict != Verdict::infeasible) {
    return std::nullopt;
  }
  const Level& level = hierarchy.levels[counts.level];
  if (counts.is_fanout) {
    return Shortfall{level.name, "child", counts.needed, counts.available};
  }
  const bool is_wide = (counts.wide_sums >> counts.level & 1) != 0;
  const std::size_t results = index(Role::outputs);
  const std::int64_t narrower = is_wide ? counts.tensor[counts.level][results].tile_words *
                                              (problem.partial_sum_bits - problem.bits[results])
                                        : 0;
  const std::string_view name =
      counts.needed - narrower > counts.available ? level.name : level.name_with_sums;
  const std::int64_t bits = word_bits(problem, level, is_wide);
  return Shortfall{name, bits > 1 ? "word" : "bit", counts.needed / bits, counts.available / bits};
}

std::string misfit_text(std::string_view op, const Shortfall& shortfall) {
  const std::string unit = std::string(shortfall.unit) + (shortfall.available == 1 ? "" : "s");
  return "operator '" + std::string(op) + "' does not fit: level '" + std::string(shortfall.level) +
         "' holds " + std::to_string(shortfall.available) + " " + unit +
         ", its smallest tile needs " + std::to_string(shortfall.needed) + ": " +
         std::to_string(shortfall.needed - shortfall.available) + " more";
}

}  // namespace imbrex::loop_nest
