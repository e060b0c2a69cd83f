// Where the mapped operators of a design sit on the grid of tiles, found once for all pairs.
#pragma once

#include "language/operator_range.hpp"
#include "language/tile_span.hpp"

#include <imbrex/interfaces/cost_model.hpp>
#include <imbrex/values/design.hpp>

#include <span>

namespace imbrex {

class TileSpans {
 public:
  // `mapped`: ascending, of some segments all that are mapped. Keeps a reference to the machine.
  // O(mapped).
  TileSpans(const Design& design, const Machine& machine, std::span<const OperatorId> mapped);

  // Between the tiles of two mapped operators that are farthest apart; `bits` is left to the
  // caller. O(1).
  Transfer farthest(OperatorId producer, OperatorId consumer) const noexcept;

 private:
  const TileGridShape& grid_;
  OperatorRange<TileSpan> spans_;
};

}  // namespace imbrex
