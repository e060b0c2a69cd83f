// Mappings to begin with: the optimum of factors that divide, and of operators that are a little
// larger, so that instances of the array divide them; of these the loops end earlier. [any thread]
#pragma once

#include "optimum/uneven_parts.hpp"

#include <vector>

namespace imbrex::optimum {

// Some may be outside the map space. `limits`: of all together. Errors: CancelledError.
std::vector<Mapping> uneven_starts(const ClassParts& parts, const Limits& limits);

}  // namespace imbrex::optimum
