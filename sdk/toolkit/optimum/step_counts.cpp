#include "optimum/step_counts.hpp"

#include <imbrex/toolkit/nests/busiest.hpp>
#include <imbrex/toolkit/nests/existing.hpp>

namespace imbrex::optimum {
namespace {

double instances_of(const nests::Nest& nest, std::size_t level) noexcept {
  double instances = 1;
  for (std::size_t l = 0; l < level; ++l) {
    instances *= static_cast<double>(nest.fanout[l]);
  }
  return instances;
}

}  // namespace

// By all instances together, and by the busiest of the level.
struct StepCounts::Passed {
  struct Words {
    double all = 0;
    double most = 0;
  };
  Words handed;    // by the outer level; equal words that several want are one
  Words turnover;  // of the inner level
  Words ever;      // results: points that the inner level ever holds
};

StepCounts::StepCounts(const Boundaries& boundaries, bool with_ports)
    : boundaries_(boundaries),
      with_ports_(with_ports),
      cover_(boundaries.hierarchy().counting == nests::Counting::exact &&
             !boundaries.hierarchy().link_transfers && !boundaries.hierarchy().refetches &&
             !boundaries.problem().divides) {}

StepCounts::Passed StepCounts::passed(const Boundary& boundary,
                                      const nests::DimLoops& loops, nests::AxisMemo& memo) const {
  const nests::Problem& problem = boundaries_.problem();
  const nests::TensorRanks& tensor = problem.tensor[boundary.role];
  const nests::Nest& nest = loops.nest();
  const std::size_t levels = boundaries_.levels();
  // Into instances of the inner level, those below one of `merged` together.
  const auto entering = [&](std::size_t merged) {
    const double all = nests::entering_words(tensor, problem.bounds, loops, levels, boundary.child,
                                             merged, nests::Instances::all, &memo);
    const double instances = instances_of(nest, merged);
    const bool unequal =
        with_ports_ && instances > 1 && !nests::are_alike(tensor, nest, merged);
    return Passed::Words{all, unequal ? nests::most_entering_words(tensor, problem.bounds, loops,
                                                                   levels, boundary.child, merged)
                                      : all / instances};
  };
  Passed passed;
  passed.turnover = entering(boundary.child);
  const bool is_one_each = nest.spatial_inside[boundary.child] == nest.spatial_inside[boundary.parent];
  passed.handed = is_one_each ? passed.turnover : entering(boundary.parent);
  if (boundary.role == kResults) {
    const double all = nests::points_ever(tensor, problem.bounds, loops, boundary.child,
                                          nests::Instances::all);
    passed.ever = {all, all / instances_of(nest, boundary.child)};
  }
  return passed;
}

void StepCounts::add(const Boundary& boundary, const Passed& passed, Loads& loads) const noexcept {
  const nests::Level& parent = boundaries_.hierarchy().levels[boundary.parent];
  const nests::Level& child = boundaries_.hierarchy().levels[boundary.child];
  const auto bits = static_cast<double>(boundaries_.problem().bits[boundary.role]);
  // From outside: of results, what comes back.
  const double back = bits * (passed.turnover.all - passed.ever.all);
  const double back_most = bits * (passed.turnover.most - passed.ever.most);
  loads.energy_pj += bits * passed.handed.all * parent.read_energy_pj_per_bit;
  loads.energy_pj += back * child.write_energy_pj_per_bit;
  loads.read_bits[boundary.parent] += bits * passed.handed.most;
  loads.written_bits[boundary.child] += back_most;
  if (boundary.role == kResults) {
    loads.energy_pj += bits * passed.handed.all * parent.write_energy_pj_per_bit;
    loads.energy_pj += back * child.read_energy_pj_per_bit;
    loads.written_bits[boundary.parent] += bits * passed.handed.most;
    loads.read_bits[boundary.child] += back_most;
  }
}

void StepCounts::add(std::size_t step, const Mapping& mapping, nests::AxisMemo& memo,
                     Loads& loads) const {
  nests::Nest nest = nests::read(mapping, boundaries_.levels());
  (void)nests::names_too_much(boundaries_.problem(), nest);
  const nests::DimLoops loops(nest);
  for (const Boundary& boundary : boundaries_.of_step(step)) {
    add(boundary, passed(boundary, loops, memo), loads);
  }
}

}  // namespace imbrex::optimum
