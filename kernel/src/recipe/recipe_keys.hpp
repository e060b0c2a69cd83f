// The words of the recipe format itself; everything else is a parameter of some component.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace imbrex::recipe {

inline constexpr std::array<std::string_view, 14> kRecipeKeys = {
    "imbrex",       "name", "seed",  "objective", "extends", "profile", "workload",
    "architecture", "cost", "stage", "baseline",  "report",  "plugins", "files"};
// What a profile may change.
inline constexpr std::array<std::string_view, 11> kProfileKeys = {
    "name",  "seed",     "objective", "workload", "architecture", "cost",
    "stage", "baseline", "report",    "plugins",  "files"};
inline constexpr std::array<std::string_view, 3> kBaselineKeys = {"stages", "architecture", "cost"};
inline constexpr std::array<std::string_view, 2> kPluginsKeys = {"paths", "pin"};
inline constexpr std::array<std::string_view, 4> kObjectives = {"latency", "throughput", "energy",
                                                                "edp"};
// The version of the format that this kernel reads, `imbrex = 1`.
inline constexpr int kRecipeFormat = 1;

constexpr bool is_recipe_key(std::string_view key) noexcept {
  return std::find(kRecipeKeys.begin(), kRecipeKeys.end(), key) != kRecipeKeys.end();
}

}  // namespace imbrex::recipe
