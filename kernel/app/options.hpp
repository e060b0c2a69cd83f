// What the command line asked for, as plain data: only command_line.cpp knows how it was spelt.
#pragma once

#include "recipe/edit.hpp"
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
  std::string progress = "auto";  // "json", "none"
};

// A recipe and everything that changes it.
struct RecipeOptions {
  std::string recipe;   // a file, or a result folder holding plan.toml
  recipe::Edits edits;  // --set, --unset and --profile, in order
};

// Stages in processes of their own.
struct IsolateOptions {
  std::string components;  // empty: none; "others": of libraries that do not ship; "all"; ids
  std::optional<double> seconds;  // of one stage
  std::int64_t memory_bytes = 0;  // 0: no limit
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
  IsolateOptions isolate;
};

struct CheckOptions {
  CommonOptions common;
  RecipeOptions recipe;
  bool simulate = false;
  std::string simulator{kDefaultSimulator};
  std::string format = "table";
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

// What an editor wants to know of a file.
struct SchemaOptions {
  CommonOptions common;
  std::string file;  // "recipe", "ablation"
};

struct ReferenceOptions {
  CommonOptions common;
  std::string kind;  // the middle of component ids
};

struct DoctorOptions {
  CommonOptions common;
  bool json = false;
};

struct InspectOptions {
  CommonOptions common;
  std::string network;                  // a file that a workload reader understands
  std::string reader;                   // id; empty: the reader named after the file's ending
  std::vector<std::string> parameters;  // of the reader, as --set writes them
  bool json = false;
};

struct ReportOptions {
  CommonOptions common;
  std::string folder;
  std::vector<std::string> components;  // reporters; none: those of the plan
  recipe::Edits edits;                  // of reports
  std::string out;                      // empty: the folder itself
  bool force = false;
  int threads = 0;
  std::int64_t max_memory_bytes = 0;
};

struct SweepOptions {
  CommonOptions common;
  // Or the file of an experiment, or its folder; --set may name several values.
  RecipeOptions recipe;
  std::string out;  // empty: results/NAME
  std::string format = "table";
  bool dry_run = false;
  bool stop_on_failure = false;
  std::optional<double> time_limit_s;  // of one point
  int threads = 0;
  std::int64_t max_memory_bytes = 0;
  std::string engine = "local";     // "slurm", "commands"
  std::string chunk;                // "3/16": only this part, and no tables
  bool collect = false;             // no runs, only tables
  std::int64_t runs_per_task = 20;  // of a cluster
  std::vector<std::string> slurm_options;
};

struct ExplainOptions {
  CommonOptions common;
  RecipeOptions recipe;
  std::string format = "text";
  std::int64_t tries = 200;  // changed recipes that may run
  std::int64_t layers = 12;  // rows; 0: all
  int threads = 0;
  std::int64_t max_memory_bytes = 0;
};

struct CompareOptions {
  std::vector<std::string> results;  // folders, or points of experiments
  std::vector<std::string> limits;   // --fail-if
  std::string format = "table";
  bool all = false;
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

// A project for a component, outside of Imbrex's tree.
struct NewOptions {
  std::string kind;  // as ids name it: "cost"
  std::string id;
  std::string folder;
};

// Nothing left to do but end, e.g. after --help.
struct ExitNow {
  int code = kExitDone;
};

using Command =
    std::variant<ExitNow, RunOptions, CheckOptions, PluginsOptions, DescribeOptions, InspectOptions,
                 SweepOptions, CompareOptions, ExplainOptions, ReportOptions, LogOptions, GcOptions,
                 BundleOptions, SchemaOptions, ReferenceOptions, DoctorOptions, NewOptions>;

}  // namespace imbrex::app
