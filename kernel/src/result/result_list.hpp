// Which results lie in a folder, and what they say in one line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace imbrex::result {

struct ListedResult {
  std::filesystem::path folder;
  std::string name;               // of the plan
  std::string date_utc;           // of environment.json, of a study the latest; empty: not known
  std::string objective;          // of the plan
  std::string metric;             // that tells it: "latency_ps"
  std::optional<double> value;    // of a study its median
  std::optional<double> speedup;  // likewise
  std::string plan_sha256;        // of a study that of its first seed
  std::uint64_t seeds = 0;        // of a study; 0: one run
  std::uint64_t points = 0;       // of an experiment, which has no value of its own
  std::uint64_t ended = 0;        // so many of them are done or infeasible
  bool partial = false;
  std::string problem;  // why it cannot be read; the rest is empty then
};

// What an experiment leaves: all points resolved, and what became of them.
inline constexpr const char* kFrozenFile = "frozen.json";
inline constexpr const char* kExperimentFile = "experiment.json";

// Whether it is the folder of a run or a study, with a plan.toml and a result.json or a seeds.json,
// or that of an experiment.
bool is_result_folder(const std::filesystem::path& folder);

// Reads those, and environment.json. A file that is damaged is a `problem`.
ListedResult list_result(const std::filesystem::path& folder);

// Those in `root` and its folders, or `root` itself when it is one; newest first, then by folder.
// Links and hidden folders are left out. Errors: InputError when `root` is no folder.
std::vector<ListedResult> list_results(const std::filesystem::path& root);

// What lies in `root`, without reading it.
struct ResultTree {
  std::vector<std::filesystem::path> results;
  std::vector<std::filesystem::path> folders;  // `root` and those below that are no results
};
// Errors: as list_results.
ResultTree result_tree(const std::filesystem::path& root);

}  // namespace imbrex::result
