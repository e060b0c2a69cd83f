// The counting of loop nests (imbrex/toolkit/nests), which searches that prove something share, as
// part of this component's own words.
#pragma once

#include <imbrex/toolkit/nests/counts.hpp>

namespace imbrex::loop_nest {

using namespace nests;

}  // namespace imbrex::loop_nest
