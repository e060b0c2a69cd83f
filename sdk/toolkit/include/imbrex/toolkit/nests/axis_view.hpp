// What the instances of a level see of one coordinate at one moment of a nest. [any thread]
#pragma once

#include <imbrex/toolkit/nests/axis_walk.hpp>
#include <imbrex/toolkit/nests/dim_loops.hpp>

namespace imbrex::nests {

// The loops outside a level while temporal loop `mover` goes on; all temporal loops are at any
// iteration when it is `kEveryStep`, at their first when it is their number.
inline constexpr std::size_t kEveryStep = ~std::size_t{0};

class AxisMemo;

struct View {
  const DimLoops& loops;
  std::size_t child;
  std::size_t merged;  // instances below one instance of this level share what they want alike
  std::size_t mover;
  bool one_instance;
  AxisMemo* memo = nullptr;  // of this operator
  const Nest& nest() const noexcept { return loops.nest(); }
};

// O(loops of its dimensions); for windows as `border_window_sums` and `walked_window_sums`.
AxisSums sums_of(const Rank& rank, const LoopBounds& bounds, const View& view);

// How often the loops of these dimensions, which move no coordinate of a tensor, repeat what the
// others do. O(loops).
double repeats(std::uint32_t dims, const LoopBounds& bounds, const View& view) noexcept;

}  // namespace imbrex::nests
