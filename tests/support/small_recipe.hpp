// The smallest recipe of the fake components (fake_components.hpp); a test goes on with keys of its
// last stage, or with tables.
#pragma once

#include <string_view>

namespace imbrex::test {

inline constexpr std::string_view kSmallRecipe = R"(imbrex = 1
name = "small"
seed = 42
[workload]
use = "imbrex.workload.toml"
file = "network.toml"
[architecture]
use = "imbrex.architecture.tiled-cim"
[cost]
use = "imbrex.cost.crossbar"
[[stage]]
use = "imbrex.overlap.clsa-cim"
)";

}  // namespace imbrex::test
