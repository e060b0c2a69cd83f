// Lists of integers that take few characters: times ascend, and most columns never change.
#pragma once

#include <cstdint>
#include <span>

#include <nlohmann/json_fwd.hpp>

namespace imbrex::html {

using Json = nlohmann::ordered_json;

// [first, second - first, third - second, ...], or where that is shorter {"runs": [n, first, step,
// ...]}: n numbers from `first` on that are `step` apart, then the next run. O(numbers).
Json packed(std::span<const std::int64_t> values);

}  // namespace imbrex::html
