#include "optimum/prefix.hpp"

#include <imbrex/toolkit/nests/hierarchy.hpp>
#include <imbrex/values/region.hpp>
#include <imbrex/values/work_order.hpp>

namespace imbrex::optimum {

Plan::Plan() noexcept {
  for (std::size_t l = 0; l < kMaxLevels; ++l) {
    steps[l].fill(1);
    shares[l].fill(1);
  }
}

Counter::Counter(const Boundaries& boundaries, const Layout& layout, bool with_ports)
    : boundaries_(boundaries), layout_(layout), step_counts_(boundaries, layout, with_ports) {
  for (const Step& step : layout.steps) {
    nests::Hierarchy decided = boundaries.hierarchy();
    for (std::size_t l = 0; l < decided.levels.size(); ++l) {
      decided.levels[l].capacity_bits = 0;
      decided.levels[l].keep = l <= step.to ? decided.levels[l].keep : nests::KeepMask{0};
    }
    decided_.push_back(decided);
  }
}

Mapping Counter::mapping(const Plan& plan, const Extents& rest) const noexcept {
  Mapping mapping;
  const auto add = [&](LoopKind kind, std::size_t level, std::size_t dim, std::int64_t bound) {
    if (bound > 1) {
      mapping.loops[mapping.count++] = {static_cast<Dim>(dim), kind,
                                        static_cast<std::uint8_t>(level), bound};
    }
  };
  const std::size_t levels = boundaries_.levels();
  for (std::size_t l = 0; l < levels; ++l) {
    for (std::size_t i = 0; i < plan.order[l].count; ++i) {
      const std::size_t dim = plan.order[l].dim[i];
      add(LoopKind::temporal, l, dim, plan.steps[l][dim]);
    }
    for (std::size_t d = 0; l + 1 == levels && d < kDimCount; ++d) {
      add(LoopKind::temporal, l, d, rest[d]);
    }
    for (std::size_t d = 0; d < kDimCount; ++d) {
      add(LoopKind::spatial, l, d, plan.shares[l][d]);
    }
    if (l == 0) {
      mapping.outer = plan.order[0].count;
      for (std::size_t d = 0; d < kDimCount; ++d) {
        mapping.job_extent[d] = boundaries_.problem().bounds.bound[d] / plan.steps[0][d];
      }
    }
  }
  return mapping;
}

Loads Counter::loads(std::size_t step, const Plan& plan, const Extents& rest, const Loads& before,
                     double most_pj, nests::AxisMemo& memo) const {
  if (!step_counts_.cover()) {
    return whole_loads(step, plan, rest);
  }
  Loads loads = before;
  step_counts_.add(step, mapping(plan, rest), most_pj, memo, loads);
  return loads;
}

Loads Counter::whole_loads(std::size_t step, const Plan& plan, const Extents& rest) const noexcept {
  const nests::Problem& problem = boundaries_.problem();
  const nests::Hierarchy& hierarchy = boundaries_.hierarchy();
  const std::size_t to = layout_.steps[step].to;
  nests::AllWords all;
  const nests::NestCounts counts = nests::count(problem, decided_[step], mapping(plan, rest), &all);
  Loads loads;
  loads.energy_pj = static_cast<double>(problem.macs) * hierarchy.mac_energy_pj;
  for (std::size_t role = 0; role < kResults; ++role) {
    const auto bits = static_cast<double>(problem.bits[role]);
    std::size_t child = boundaries_.levels();
    for (std::size_t l = to + 1; l-- > 0;) {
      const nests::Level& level = hierarchy.levels[l];
      if ((level.keep & nests::keep_bit(role)) == 0) {
        continue;
      }
      const nests::TensorCounts& one = counts.tensor[l][role];
      loads.energy_pj += all[l][role].written * bits * level.write_energy_pj_per_bit;
      loads.written_bits[l] += static_cast<double>(one.fills + one.updates) * bits;
      if (child > to) {  // of its reads, those for neighbours are known
        const double on = bits * static_cast<double>(one.handed_on);
        loads.energy_pj +=
            static_cast<double>(counts.instances_used[l]) * on * level.read_energy_pj_per_bit;
        loads.read_bits[l] += on;
      } else {
        loads.energy_pj += all[l][role].read * bits * level.read_energy_pj_per_bit;
        loads.read_bits[l] += static_cast<double>(one.reads) * bits;
      }
      child = l;
    }
  }
  for (std::size_t l = to + 1; l-- > 0;) {
    add_results(l, to, plan, counts, all, loads);
  }
  return loads;
}

// Without what the innermost level gets from the MACs.
void Counter::add_results(std::size_t level, std::size_t to, const Plan& plan,
                          const nests::NestCounts& counts, const nests::AllWords& all,
                          Loads& loads) const noexcept {
  const nests::Problem& problem = boundaries_.problem();
  const nests::Hierarchy& hierarchy = boundaries_.hierarchy();
  if ((hierarchy.levels[level].keep & nests::keep_bit(kResults)) == 0) {
    return;
  }
  bool is_innermost = true;
  for (std::size_t l = level + 1; l <= to; ++l) {
    is_innermost = is_innermost && (hierarchy.levels[l].keep & nests::keep_bit(kResults)) == 0;
  }
  double handed = is_innermost ? static_cast<double>(problem.bounds.macs()) : 0;
  for (std::size_t l = level; l < to; ++l) {
    for (std::size_t d = 0; d < kDimCount; ++d) {
      const bool adds = !problem.tensor[kResults].depends_on(d);
      handed /= adds ? static_cast<double>(plan.shares[l][d]) : 1;
    }
  }
  const auto bits = static_cast<double>(problem.bits[kResults]);
  const nests::LevelWords& words = all[level][kResults];
  const nests::TensorCounts& one = counts.tensor[level][kResults];
  const double by_one = handed / static_cast<double>(counts.instances_used[level]);
  loads.energy_pj +=
      bits * ((words.read - handed) * hierarchy.levels[level].read_energy_pj_per_bit +
              (words.written - handed) * hierarchy.levels[level].write_energy_pj_per_bit);
  loads.read_bits[level] += bits * (static_cast<double>(one.reads) - by_one);
  loads.written_bits[level] += bits * (static_cast<double>(one.fills + one.updates) - by_one);
}

Loads Counter::nothing() const noexcept {
  const nests::Problem& problem = boundaries_.problem();
  const nests::Level& memory = boundaries_.hierarchy().levels.front();
  const double kept =
      static_cast<double>(problem.bits[kResults]) * boundaries_.volumes(kResults).whole();
  Loads loads;
  loads.energy_pj = static_cast<double>(problem.macs) * boundaries_.hierarchy().mac_energy_pj -
                    kept * memory.read_energy_pj_per_bit;
  loads.read_bits[0] = -kept;
  return loads;
}

LayerCost Counter::cost(const Mapping& mapping) const noexcept {
  const nests::NestCounts counts =
      nests::count(boundaries_.problem(), boundaries_.hierarchy(), mapping);
  std::int64_t jobs = 1;
  for (const Loop& loop : mapping.outer_loops()) {
    jobs *= loop.bound;
  }
  return {counts.verdict, latency_ps(counts.cycles, jobs), counts.energy_pj};
}

std::int64_t Counter::latency_ps(double cycles, std::int64_t jobs) const noexcept {
  return bounded_ps(jobs,
                    ceil_div(nests::whole_ps(cycles, boundaries_.hierarchy().cycle_ps), jobs));
}

}  // namespace imbrex::optimum
