#include "optimum/step_counts.hpp"

#include <imbrex/toolkit/nests/busiest.hpp>
#include <imbrex/toolkit/nests/existing.hpp>

#include <algorithm>

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
struct StepCounts::Words {
  double all = 0;
  double most = 0;
};

struct StepCounts::Passed {
  Words handed;    // by the outer level; equal words that several want are one
  Words turnover;  // of the inner level
  Words ever;      // results: points that the inner level ever holds
};

StepCounts::StepCounts(const Boundaries& boundaries, const Layout& layout, bool with_ports)
    : boundaries_(boundaries),
      with_ports_(with_ports),
      cover_(boundaries.hierarchy().counting == nests::Counting::exact &&
             !boundaries.hierarchy().link_transfers && !boundaries.hierarchy().refetches &&
             !boundaries.problem().divides) {
  for (std::size_t step = 0; step < layout.steps.size(); ++step) {
    of_step_.push_back(boundaries.of_step(step));
    std::stable_partition(of_step_.back().begin(), of_step_.back().end(), [&](const auto& one) {
      return !boundaries.volumes(one.role).has_windows();
    });
  }
}

// Into instances of the inner level, those below one of `merged` together.
StepCounts::Words StepCounts::entering(const Boundary& boundary, std::size_t merged,
                                       const nests::DimLoops& loops, nests::AxisMemo& memo) const {
  const LoopBounds& bounds = boundaries_.problem().bounds;
  const nests::TensorRanks& tensor = boundaries_.problem().tensor[boundary.role];
  const std::size_t levels = boundaries_.levels();
  const double all = nests::entering_words(tensor, bounds, loops, levels, boundary.child, merged,
                                           nests::Instances::all, &memo);
  const double instances = instances_of(loops.nest(), merged);
  if (with_ports_ && instances > 1 && !nests::are_alike(tensor, loops.nest(), merged)) {
    return {all, nests::most_entering_words(tensor, bounds, loops, levels, boundary.child, merged)};
  }
  return {all, all / instances};
}

void StepCounts::add(const Boundary& boundary, const Passed& passed, Loads& loads) const noexcept {
  const auto bits = static_cast<double>(boundaries_.problem().bits[boundary.role]);
  const Energies energies = boundaries_.energies(boundary, {0, 1, passed.ever.all});
  const double back = bits * (passed.turnover.most - passed.ever.most);  // from outside
  loads.energy_pj += energies.per_word * passed.handed.all +
                     energies.per_back * (passed.turnover.all - passed.ever.all);
  loads.read_bits[boundary.parent] += bits * passed.handed.most;
  loads.written_bits[boundary.child] += back;
  if (boundary.role == kResults) {
    loads.written_bits[boundary.parent] += bits * passed.handed.most;
    loads.read_bits[boundary.child] += back;
  }
}

void StepCounts::add(std::size_t step, const Mapping& mapping, double most_pj,
                     nests::AxisMemo& memo, Loads& loads) const {
  const nests::Problem& problem = boundaries_.problem();
  nests::Nest nest = nests::read(mapping, boundaries_.levels());
  (void)nests::names_too_much(problem, nest);
  const nests::DimLoops loops(nest);
  for (const Boundary& boundary : of_step_[step]) {
    Passed passed;
    if (boundary.role == kResults) {
      const double all = nests::points_ever(problem.tensor[kResults], problem.bounds, loops,
                                            boundary.child, nests::Instances::all);
      passed.ever = {all, all / instances_of(nest, boundary.child)};
    }
    passed.handed = passed.turnover = entering(boundary, boundary.parent, loops, memo);
    Loads least = loads;  // what instances take in is no less than what they want together
    add(boundary, passed, least);
    if (least.energy_pj >= most_pj) {
      loads.energy_pj = least.energy_pj;
      return;
    }
    if (nest.spatial_inside[boundary.child] != nest.spatial_inside[boundary.parent]) {
      passed.turnover = entering(boundary, boundary.child, loops, memo);
    }
    add(boundary, passed, loads);
  }
}

}  // namespace imbrex::optimum
