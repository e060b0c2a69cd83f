// Lists of integers that take few characters: times ascend, and most columns never change.
#pragma once

#include <cstdint>
#include <span>

#include <nlohmann/json_fwd.hpp>

namespace imbrex::html {

using Json = nlohmann::ordered_json;

// [first, second - first, third - second, ...]; {"n": n, "first": f, "step": s} where all
// differences are s, or where there is at most one number.
Json packed(std::span<const std::int64_t> values);

}  // namespace imbrex::html
