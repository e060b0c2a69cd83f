// The storage levels of an array of processing elements, from its parameters.
#pragma once

#include "pe_array_config.hpp"

#include <imbrex/values/architecture.hpp>

#include <string>
#include <vector>

namespace imbrex::pe_array {

// Instances of every level, outermost first: those that are stated, and for the others what
// `level_per` or the array's shape says.
// Errors: InputError naming the parameter, the level and what was expected. O(levels).
std::vector<std::int64_t> instances_of(const Config& config);

// Stated instances that are none of what the array's shape or `level_per` makes, with what would
// follow from it; empty: there are none. Requires: `instances_of` throws nothing.
std::string instances_warning(const Config& config);

// Views into `config`, which must outlive them.
// Errors: InputError naming the parameter when lists do not fit together.
std::vector<StorageLevel> levels_of(const Config& config);

}  // namespace imbrex::pe_array
