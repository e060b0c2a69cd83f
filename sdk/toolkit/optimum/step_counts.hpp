// What passes the boundaries that one step decides, as the model counts it: words of a boundary
// depend on the loops outside its inner level and on the tile there, not on other boundaries, so
// each step adds its own. [any thread]
#pragma once

#include "optimum/boundaries.hpp"

#include <imbrex/toolkit/nests/axis_memo.hpp>
#include <imbrex/toolkit/nests/dim_loops.hpp>
#include <imbrex/values/mapping.hpp>

namespace imbrex::optimum {

class StepCounts {
 public:
  // `with_ports`: what the busiest instance moves, too; else what one moves in the mean.
  StepCounts(const Boundaries& boundaries, const Layout& layout, bool with_ports);

  // Does the model count boundary by boundary? Not as Timeloop does, nor where words are handed on
  // or fetched anew, nor of coordinates with a divisor.
  bool cover() const noexcept { return cover_; }
  // Requires: cover(); a step that decides no boundary of the MACs. `memo`: of this operator.
  // Where the energy comes to `most_pj`, it stops: then it is at least that. O(loops^2) per
  // boundary.
  void add(std::size_t step, const Mapping& mapping, double most_pj, nests::AxisMemo& memo,
           Loads& loads) const;

 private:
  struct Words;
  struct Passed;
  Words entering(const Boundary& boundary, std::size_t merged, const nests::DimLoops& loops,
                 nests::AxisMemo& memo) const;
  void add(const Boundary& boundary, const Passed& passed, Loads& loads) const noexcept;

  const Boundaries& boundaries_;
  bool with_ports_;
  bool cover_;
  std::vector<std::vector<Boundary>> of_step_;  // tensors with windows last: they take the longest
};

}  // namespace imbrex::optimum
