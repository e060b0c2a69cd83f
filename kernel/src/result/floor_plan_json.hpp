#pragma once

#include <imbrex/values/design.hpp>
#include <imbrex/values/result.hpp>

#include <nlohmann/json_fwd.hpp>

namespace imbrex::result {

// Which element works for which operator, what the operators hand over, and what every link
// carries: the key `floor_plan` of a segment in result.json (sdk/docs/results.md). `design` is the
// one whose operators the hand-overs name.
nlohmann::ordered_json floor_plan_json(const FloorPlanResult& plan, const Design& design);

}  // namespace imbrex::result
