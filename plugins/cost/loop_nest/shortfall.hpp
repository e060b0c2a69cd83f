// What a mapping lacks, in the words of the level where there are such.
#pragma once

#include "counting.hpp"

#include <imbrex/interfaces/cost_model.hpp>
#include <imbrex/toolkit/nests/counts.hpp>

#include <optional>
#include <string>

namespace imbrex::loop_nest {

// Words when all tensors that the level keeps are of one width, else bits. Where only the width of
// partial sums is in the way, the level is named so: a mapping that adds up further inside may fit
// although its tiles are larger.
std::optional<Shortfall> shortfall_of(const Problem& problem, const Hierarchy& hierarchy,
                                      const NestCounts& counts);

// "operator 'conv1' does not fit: level 'weight_spad' holds 1 word, its smallest tile needs 2: 1
// more".
std::string misfit_text(std::string_view op, const Shortfall& shortfall);

}  // namespace imbrex::loop_nest
