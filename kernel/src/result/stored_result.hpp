// What a result folder holds of its run, so that the run's Result can be made again and held
// against it: nothing is taken from the files that the bytes of a new result.json do not confirm.
#pragma once

#include "plugin/registry.hpp"
#include "recipe/plan.hpp"
#include "run/runner.hpp"

#include <imbrex/values/result.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex::result {

struct StoredResult {
  std::string json;      // result.json
  std::string timeline;  // timeline.csv
  std::int64_t timeline_jobs = 0;
  // How the run came to its decisions, which the decisions do not tell.
  std::string plan_sha256;
  bool partial = false;
  std::vector<StageResult> stages;
  std::vector<PluginRecord> plugins;
  std::optional<Metrics> baseline;
  double speedup = 0;
  // The decisions, of all operators one behind the other (sdk/docs/results.md, "Decisions").
  std::vector<std::string> placements;
  std::vector<std::string> loops;
  std::vector<std::string> outer;
  std::vector<std::string> job_extents;
  // Decisions without texts.
  bool has_floor_plans = false;
  bool has_split_layers = false;
  bool has_jobs_dealt_anew = false;
};

// Errors: InputError when it is no folder of one run, when result.json or timeline.csv is not what
// the run wrote, according to lock.json where there is one, or cannot be read.
StoredResult read_stored_result(const std::filesystem::path& folder);

// Components that take decisions as texts.
struct GivenComponents {
  std::string_view partitioner;  // with a parameter `placements`
  std::string_view search;       // with `loops`, `outer` and `job_extents`
};

// The plan without its baseline and with the stored decisions in the place of whatever decides:
// stages remain whose decisions have no texts, and the last one, which analyses. Nothing when a
// given component is not there.
std::optional<recipe::ResolvedPlan> plan_of_decisions(const recipe::ResolvedPlan& plan,
                                                      const StoredResult& stored,
                                                      const plugin::Registry& registry,
                                                      const GivenComponents& given);

// Sets what `plan_of_decisions` cannot give again, from the folder: where the rest has the bytes of
// the folder, it is the Result of the folder's run.
void restore(const recipe::ResolvedPlan& plan, const StoredResult& stored, Result& result);

// The first line in which result.json or timeline.csv of the outcome differs from the stored one,
// as a sentence without its end; empty: none does.
std::string stored_difference(const StoredResult& stored, const run::RunOutcome& outcome);

}  // namespace imbrex::result
