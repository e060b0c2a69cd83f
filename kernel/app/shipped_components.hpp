// The components that the command names: the one place outside their own folders where ids of
// plugins stand (tests/tree checks it). Defaults are asked for only where they are there; examples
// are for help texts, which are literals, hence macros.
#pragma once

#include <array>
#include <string_view>

namespace imbrex::app {

// For a recipe that names no reporter.
inline constexpr std::string_view kDefaultReporter = "imbrex.report.terminal";
// For `imbrex check --simulate`.
inline constexpr std::string_view kDefaultSimulator = "imbrex.overlap.simulator";

// For `imbrex report`: they take the decisions of a run as its result.json states them.
inline constexpr std::string_view kGivenPartitioner = "imbrex.partition.given";
inline constexpr std::string_view kGivenSearch = "imbrex.search.given";

// For `imbrex doctor`: a recipe of two layers, its network beside it.
inline constexpr std::array<std::string_view, 4> kSmallRunComponents = {
    "imbrex.workload.toml", "imbrex.architecture.tiled-cim", "imbrex.cost.crossbar",
    "imbrex.overlap.layer-by-layer"};
inline constexpr std::string_view kSmallRun = R"(imbrex = 1
[workload]
use = "imbrex.workload.toml"
file = "network.toml"
[architecture]
use = "imbrex.architecture.tiled-cim"
[cost]
use = "imbrex.cost.crossbar"
[[stage]]
use = "imbrex.overlap.layer-by-layer"
)";

}  // namespace imbrex::app

#define IMBREX_EXAMPLE_ANALYZER "imbrex.overlap.clsa-cim"
#define IMBREX_EXAMPLE_ARCHITECTURE "imbrex.architecture.tiled-cim"
#define IMBREX_EXAMPLE_REPORTER "imbrex.report.svg"
