// What the command line asked for, as plain data: only command_line.cpp knows how it was spelt.
#pragma once

#include "shipped_components.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace imbrex::app {

// Exit codes are a contract with scripts (design, section 6).
inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitBadInput = 2;
inline constexpr int kExitInfeasible = 3;
inline constexpr int kExitInterrupted = 130;

struct CommonOptions {
  std::vector<std::string> plugin_files;  // --plugin, in order
  std::string log_level = "warning";
  bool quiet = false;
};

// A recipe and everything that changes it.
struct RecipeOptions {
  std::string recipe;                  // a file, or a result folder holding plan.toml
  std::vector<std::string> overrides;  // --set key=value
};

struct RunOptions {
  CommonOptions common;
  RecipeOptions recipe;
  std::string out;  // empty: results/NAME-HASH8
  bool force = false;
  std::int64_t seeds = 0;                // 0: one run; else a study of this many seeds
  int threads = 0;                       // 0: all cores
  std::int64_t max_memory_bytes = 0;     // 0: three quarters of what the machine allows
  std::int64_t timeline_jobs = 100'000;  // more jobs than this: timeline.csv holds operators only
  std::int64_t carry_inputs_bytes = 64 << 20;  // larger inputs stay where they are
  bool locked = false;                         // refuse what differs from the plan's lock.json
};

struct CheckOptions {
  CommonOptions common;
  RecipeOptions recipe;
  bool simulate = false;
  std::string simulator{kDefaultSimulator};
  std::optional<double> tolerance_percent;  // none: 0, or 10 for an estimate
  int threads = 0;
};

struct PluginsOptions {
  CommonOptions common;
  bool json = false;
  bool matrix = false;
};

struct DescribeOptions {
  CommonOptions common;
  std::string component;
  bool json = false;
};

struct InspectOptions {
  CommonOptions common;
  std::string network;                  // a file that a workload reader understands
  std::string reader;                   // id; empty: the reader named after the file's ending
  std::vector<std::string> parameters;  // of the reader, as --set writes them
  bool json = false;
};

// What lies in folders of results.
struct LogOptions {
  std::string folder;  // empty: results
  bool json = false;
};

struct GcOptions {
  std::string folder;                       // empty: results
  std::optional<std::int64_t> older_hours;  // none: leftovers only
  bool dry_run = false;
};

struct BundleOptions {
  std::string folder;
  std::string out;  // empty: NAME.tar.gz in the working directory
  bool force = false;
  bool ro_crate = false;
};

// Nothing left to do but end, e.g. after --help.
struct ExitNow {
  int code = kExitDone;
};

using Command = std::variant<ExitNow, RunOptions, CheckOptions, PluginsOptions, DescribeOptions,
                             InspectOptions, LogOptions, GcOptions, BundleOptions>;

}  // namespace imbrex::app
