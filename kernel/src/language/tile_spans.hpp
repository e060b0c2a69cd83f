// Where the mapped operators of a design sit on the grid of tiles, found once for all pairs.
#pragma once

#include "language/tile_span.hpp"

#include <imbrex/interfaces/cost_model.hpp>
#include <imbrex/values/design.hpp>

namespace imbrex {

class TileSpans {
 public:
  // Keeps a reference to the machine. O(operators).
  TileSpans(const Design& design, const Machine& machine);

  // Between the tiles of two mapped operators that are farthest apart; `bits` is left to the
  // caller. O(1).
  Transfer farthest(OperatorId producer, OperatorId consumer) const noexcept;

 private:
  const TileGridShape& grid_;
  IndexVector<OperatorId, TileSpan> spans_;
};

}  // namespace imbrex
