// Words that pass between two levels when not all that the loops name exists: windows that reach
// into the padding, factors that do not divide. Every change of a tile is the words of the new one
// less those that the old one holds, too; both are products over coordinates, so each coordinate is
// summed up by itself. Plain coordinates take closed forms, windows a look at the tiles at borders
// (border_windows.hpp). [any thread]
#pragma once

#include <imbrex/toolkit/nests/axis_memo.hpp>
#include <imbrex/toolkit/nests/dim_loops.hpp>
#include <imbrex/toolkit/nests/problem.hpp>

#include <cstdint>

namespace imbrex::nests {

// Does the nest name anything that does not exist? Notes in it whether its loops do. O(loops).
bool names_too_much(const Problem& problem, Nest& nest) noexcept;

// Steps of the MACs: temporal loops end where the job and the operator do. Of the `outermost` loops
// only: how often what is inside them begins.
double existing_steps(const Problem& problem, const Mapping& mapping,
                      std::size_t outermost = kMaxLoops) noexcept;

// All instances of a level together, or the first one, which has the most to do where factors do
// not divide.
enum class Instances : std::uint8_t { all, first };

// Words of one tensor that enter the instances of level `child` over the whole run; `child` ==
// `levels`: the MACs, which keep nothing. Instances below one instance of level `merged` share what
// they want alike; `merged` == `child`: none do. `of` counts instances of level `merged`.
// `memo`: may be null; else of this operator only.
// O(loops^2) where factors divide, but for tiles at the borders of windows.
double entering_words(const TensorRanks& tensor, const LoopBounds& bounds, const DimLoops& loops,
                      std::size_t levels, std::size_t child, std::size_t merged, Instances of,
                      AxisMemo* memo = nullptr);

// Points of a plain tensor that instances of the level ever hold.
double points_ever(const TensorRanks& tensor, const LoopBounds& bounds, const DimLoops& loops,
                   std::size_t level, Instances of);

}  // namespace imbrex::nests
