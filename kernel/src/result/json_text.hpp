#pragma once

#include <imbrex/plugin/abi.hpp>

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace imbrex::result {

// JSON for people and programs: two spaces per depth and one item per line, but numbers side by
// side. A list of numbers or of pairs of numbers fills lines; other lists of lists of numbers have
// one line per list, so that a matrix looks like one. Names may hold any bytes: what is not UTF-8
// is replaced. Ends with a newline.
std::string json_text(const nlohmann::ordered_json& json);

}  // namespace imbrex::result
