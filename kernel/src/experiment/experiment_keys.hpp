// The words of an experiment's file: what its reader knows, and what its schema lists.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace imbrex::experiment {

inline constexpr std::array<std::string_view, 18> kExperimentKeys = {
    "experiment", "name",          "question", "recipe",  "set",          "unset",
    "profile",    "axis",          "zip",      "exclude", "seeds",        "metrics",
    "table",      "contributions", "front",    "search",  "time_limit_s", "on_failure"};
inline constexpr std::array<std::string_view, 2> kOnFailure = {"go on", "stop"};
inline constexpr std::int64_t kMostSeeds = 10'000;

inline constexpr std::array<std::string_view, 6> kAxisKeys = {"name",   "key",     "values",
                                                              "labels", "recipes", "choice"};
inline constexpr std::array<std::string_view, 5> kChoiceKeys = {"name", "recipe", "set", "unset",
                                                                "profile"};

inline constexpr std::array<std::string_view, 9> kTableKeys = {
    "title", "value", "text", "rows", "column", "where", "relative", "aggregate", "summary"};
inline constexpr std::array<std::string_view, 7> kValueKeys = {
    "metric", "times", "over", "inverse", "scale", "digits", "decimals"};
// In the order of Aggregate.
inline constexpr std::array<std::string_view, 7> kAggregates = {
    "none", "mean", "geometric mean", "median", "minimum", "maximum", "spread"};
inline constexpr std::array<std::string_view, 2> kFrontKeys = {"title", "metrics"};
inline constexpr std::array<std::string_view, 3> kContributionKeys = {"title", "metric", "factors"};

inline constexpr std::array<std::string_view, 6> kSearchKeys = {
    "title", "objectives", "method", "population", "generations", "seed"};
// In the order of SearchMethod.
inline constexpr std::array<std::string_view, 3> kMethods = {"automatic", "exhaustive", "nsga2"};
inline constexpr std::int64_t kSmallestPopulation = 8;

}  // namespace imbrex::experiment
