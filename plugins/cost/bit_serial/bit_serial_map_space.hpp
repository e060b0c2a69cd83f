// Where loops may stand on banks that compute bit by bit, before the recipe constrains them.
#pragma once

#include "bit_serial_model.hpp"

#include <imbrex/values/map_space_spec.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace imbrex::bit_serial {

// As constraints name them, outermost first. Those of the channels exist where an operator owns
// more than one.
std::vector<std::string> slot_names();

// `columns`: lanes of a bank. `imperfect`: loops over banks and their steps need not divide.
MapSpaceSpec unconstrained_space(const LoopBounds& bounds, const Slice& slice, std::int64_t columns,
                                 bool imperfect);

}  // namespace imbrex::bit_serial
