#include "search/draw_round.hpp"

namespace imbrex::search {

std::vector<Mapping> DrawRound::mappings(Random& after) const {
  after = random;
  if (kind == Kind::refined) {
    return refined_round(space, *rankings, after);
  }
  std::vector<Mapping> round;
  mapspace::MapSpace::Index next = mapspace::MapSpace::Index{number} * CandidateSink::kRound;
  for (std::size_t i = 0; i < CandidateSink::kRound; ++i, ++next) {
    if (kind == Kind::uniform) {
      round.push_back(space.sample(after));
    } else if (next < space.size()) {
      round.push_back(space.at(next));
    }
  }
  return round;
}

}  // namespace imbrex::search
