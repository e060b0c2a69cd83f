// What a run leaves on disk: a result folder when it ended, a reproducer when it failed.
#pragma once

#include "result/carried_inputs.hpp"
#include "result/result_folder.hpp"
#include "result/run_lock.hpp"
#include "run/runner.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace imbrex::result {

struct WriteOptions {
  std::filesystem::path folder;
  // Where the folder will lie in the end, if it is filled inside another one that is renamed later;
  // empty: `folder`. Relative paths of plan.toml start here.
  std::filesystem::path final_folder;
  ResultFolder::Existing existing = ResultFolder::Existing::refuse;
  bool quiet = false;
  std::int64_t timeline_jobs = 100'000;
  int threads = 0;
  double duration_s = 0;
  std::string default_reporter;  // for a plan that names none, if there is such a component
  CarriedInputs inputs;
  // The copies are in the folder above, as those of a study are; else they are written here.
  bool are_inputs_above = false;
  Build build;
};

// results/NAME-HASH8. The name is made safe for a file system.
std::filesystem::path default_folder(const recipe::ResolvedPlan& plan);

// plan.toml of a folder that will lie at `folder`; `above` as for CarriedInputs::names.
std::string plan_text(const recipe::ResolvedPlan& plan, const std::filesystem::path& folder,
                      const CarriedInputs& inputs, const std::string& above = "");
void write_inputs(const CarriedInputs& inputs, ResultFolder& folder);
// lock.json, the last file: it gets the digests of all that was written before.
void write_lock(RunLock lock, ResultFolder& folder);

// Writes everything, runs the reporters, makes the folder visible and then prints what reporters
// show and where the results are. Errors: InputError (existing folder), Error (a reporter or the
// disk).
void write_results(const run::RunOutcome& outcome, const recipe::ResolvedPlan& plan,
                   const plugin::Registry& registry, plugin::HostServices& services,
                   const WriteOptions& options);

// Gives the outcome to the reporters of the plan, or, when it names none, to the default one if
// there is such a component. Errors: Error, InputError of a reporter or of the folder.
void run_reporters(const run::RunOutcome& outcome, const recipe::ResolvedPlan& plan,
                   const plugin::Registry& registry, plugin::HostServices& services,
                   std::string_view default_reporter, OutputFolder& folder);

// A folder next to `results`, named after the plan, that `imbrex run` takes: plan.toml, its inputs
// and the message. Returns where; an older reproducer of the same plan is replaced. Errors: Error,
// InputError.
std::filesystem::path write_reproducer(const recipe::ResolvedPlan& plan,
                                       const CarriedInputs& inputs,
                                       const std::filesystem::path& results,
                                       std::string_view message);

}  // namespace imbrex::result
