// A workload reader with its parameters, for a network file outside any recipe.
#pragma once

#include "recipe/plan.hpp"

#include <string>
#include <vector>

namespace imbrex::recipe {

struct NetworkSource {
  std::string file;
  std::string reader;  // id; empty: the reader that is named after the file's ending
  std::vector<std::string> parameters;  // "weight_bits=0", as --set writes them
};

// Errors: InputError; every wrong parameter is reported together.
PlannedComponent plan_reader(const NetworkSource& source, const plugin::Registry& registry);

}  // namespace imbrex::recipe
