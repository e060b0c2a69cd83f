// How draws come about, so that they can be made again.
#pragma once

#include "search/candidate_refiner.hpp"

#include <imbrex/toolkit/mapspace/map_space.hpp>
#include <imbrex/toolkit/search/candidates.hpp>

#include <vector>

namespace imbrex::search {

struct DrawRound {
  enum class Kind : std::uint8_t { enumerated, uniform, refined };

  Kind kind = Kind::uniform;
  const mapspace::MapSpace& space;
  std::size_t number = 0;
  Random random;                       // as it is before the round
  const Rankings* rankings = nullptr;  // likewise; for refined rounds
  std::int64_t changes = 0;            // of the rankings until then

  // Its mappings; an enumeration may end within. `after`: what is random behind them.
  std::vector<Mapping> mappings(Random& after) const;
};

}  // namespace imbrex::search
