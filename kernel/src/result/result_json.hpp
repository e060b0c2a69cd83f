// result.json and environment.json. Only sources called *_json.cpp include the JSON library.
#pragma once

#include "result/environment.hpp"

#include <imbrex/values/result.hpp>

#include <string>

namespace imbrex::result {

// Grows when a key changes its meaning or goes away; new keys do not count.
inline constexpr int kResultSchema = 1;

// The keys are those of sdk/docs/results.md, in a fixed order; a value that does not apply is
// absent. Equal results give equal bytes. Ends with a newline.
std::string result_json(const Result& result, const Design& design);

std::string environment_json(const Environment& environment);

}  // namespace imbrex::result
