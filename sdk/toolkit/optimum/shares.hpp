// How the work of a tile can be spread over the instances below the levels of a step. [any thread]
#pragma once

#include "optimum/layout.hpp"

#include <vector>

namespace imbrex::optimum {

struct Share {
  std::array<Tile, nests::kMaxLevels> of{};  // per level of the step, from its first on
  Tile rest{};                               // what one instance of the innermost has to do
  std::int64_t product = 1;
};

// All that the slots allow. O(their number).
std::vector<Share> shares_of(const Layout& layout, const Lattice& lattice, const Step& step,
                             const Tile& tile);

}  // namespace imbrex::optimum
