// The random networks and decisions that the conformance kit draws as well (sdk/conform/problems).
#pragma once

#include "problems/decisions.hpp"
#include "problems/random_designs.hpp"
#include "problems/random_graphs.hpp"

namespace imbrex::property {
using namespace problems;
}
