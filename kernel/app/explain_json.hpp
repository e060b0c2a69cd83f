// What `imbrex explain --format json` prints.
#pragma once

#include "experiment/explanation.hpp"

#include <string>

namespace imbrex::app {

std::string explanation_json(const experiment::Explanation& explanation);

}  // namespace imbrex::app
