// What is decided of a mapping, from the outermost level inwards, and what it takes: counted by the
// model's own counting on the mapping that has all other loops at the innermost level, because
// loops inside a tile do not change what passes into it. [any thread]
#pragma once

#include "optimum/step_counts.hpp"

#include <imbrex/interfaces/cost_model.hpp>
#include <imbrex/toolkit/nests/counts.hpp>
#include <imbrex/values/mapping.hpp>

#include <array>
#include <vector>

namespace imbrex::optimum {

// Dimensions of the loops of a level, outermost first.
struct Order {
  std::array<std::uint8_t, kDimCount> dim{};
  std::uint8_t count = 0;
};

struct Plan {
  std::array<Extents, kMaxLevels> steps;   // temporal bounds
  std::array<Extents, kMaxLevels> shares;  // spatial bounds
  std::array<Order, kMaxLevels> order;
  Plan() noexcept;
};

class Counter {
 public:
  // `with_ports`: whether anybody asks for the time of ports.
  Counter(const Boundaries& boundaries, const Layout& layout, bool with_ports);

  // The mapping that has the loops of a plan and those inside `rest` at the innermost level.
  Mapping mapping(const Plan& plan, const Extents& rest) const noexcept;
  // What the boundaries take that steps up to `step` decide, where those before it take `before`.
  // Counting may stop where the energy comes to `most_pj`. `memo`: of this operator.
  Loads loads(std::size_t step, const Plan& plan, const Extents& rest, const Loads& before,
              double most_pj, nests::AxisMemo& memo) const;
  // The same from the counts of the whole mapping, `before` not asked for.
  Loads whole_loads(std::size_t step, const Plan& plan, const Extents& rest) const noexcept;
  // The work of the MACs, and results that never leave the outermost level.
  Loads nothing() const noexcept;
  // A whole mapping, as the cost model says.
  LayerCost cost(const Mapping& mapping) const noexcept;
  // Cycles that take so many picoseconds, as the cost model rounds them for so many jobs.
  std::int64_t latency_ps(double cycles, std::int64_t jobs) const noexcept;

 private:
  void add_results(std::size_t level, std::size_t to, const Plan& plan,
                   const nests::NestCounts& counts, const nests::AllWords& all,
                   Loads& loads) const noexcept;

  const Boundaries& boundaries_;
  const Layout& layout_;
  StepCounts step_counts_;
  std::vector<nests::Hierarchy> decided_;  // per step: keeps nothing further inside
};

}  // namespace imbrex::optimum
