#pragma once

#include <imbrex/values/architecture.hpp>

#include <string_view>

namespace imbrex::run {

// Counts and times at least 0, rates and energies finite and at least 0, a grid of at least one
// tile, enumerators in range. `where` is the architecture model's place in the recipe. Errors:
// BlamedError naming the first field that is wrong.
void check_architecture(std::string_view where, const Architecture& architecture);

}  // namespace imbrex::run
