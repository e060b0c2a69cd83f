// What `imbrex explain` prints for people: 80 columns.
#pragma once

#include "experiment/explanation.hpp"

#include <cstddef>
#include <string>

namespace imbrex::app {

// At most `layers` rows of layers, those that bound the makespan longest first; 0: all.
std::string explanation_text(const experiment::Explanation& explanation, std::size_t layers);

}  // namespace imbrex::app
