// lock.json: what a result was made by and from, so that another run can be held against it. No
// clock and no place is in it: equal runs give equal bytes.
#pragma once

#include "result/carried_inputs.hpp"
#include "run/plugin_records.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace imbrex::result {

inline constexpr std::string_view kLockFile = "lock.json";
// Grows when a key changes its meaning or goes away; new keys do not count.
inline constexpr int kLockSchema = 1;

// Which Imbrex; the command says so, because only it knows its commit.
struct Build {
  std::string version;
  std::string commit;
  std::string compiler;
  // The linker's digests of what it linked (GNU build ids), hexadecimal: they cost a run nothing,
  // and what strips the symbols off leaves them alone.
  std::string library_build_id;  // libimbrex.so
  std::string command_build_id;  // what holds the engine: the executable, a library
};

struct LockedPlugin {
  std::string id;
  std::string file;  // name of the library, without its folder
  std::string version;
  std::string sha256;
};

struct RunLock {
  Build build;
  std::vector<LockedPlugin> plugins;  // that made a component of the plan, by id
  std::vector<InputRecord> inputs;
  std::string plan_sha256;
  std::uint64_t seeds = 0;         // of a study; 0: one run
  std::int64_t timeline_jobs = 0;  // changes timeline.csv only
  bool partial = false;            // interrupted
  // Name below the folder -> SHA-256 of what the run wrote, but environment.json and inputs.
  std::map<std::string, std::string> files;
};

// Of a run that is going to be made: everything but `partial` and `files`. Errors: as
// Registry::sha256_of.
RunLock lock_of(const recipe::ResolvedPlan& plan, const plugin::Registry& registry,
                const CarriedInputs& inputs, const Build& build);

// The first thing that differs, as a sentence without its end, e.g. "plugin imbrex.clsa-cim had
// sha256:0123..., has sha256:4567... now"; empty when `now` runs exactly what `then` ran: Imbrex,
// plugins, inputs, plan and number of seeds, in this order. Where inputs lie does not count.
std::string first_difference(const RunLock& then, const RunLock& now);
// The same of Imbrex and the plugins alone.
std::string maker_difference(const RunLock& then, const RunLock& now);

// Ends with a newline.
std::string lock_json(const RunLock& lock);
// Nothing when the folder has no lock.json. Errors: InputError for one that is not what `lock_json`
// writes.
std::optional<RunLock> read_lock(const std::filesystem::path& folder);

// Why what lies in `folder` is not the whole, unharmed result of the run that `now` describes, as a
// sentence without its end; empty when it is. `plan_text`: plan.toml of that run in that folder.
std::string why_not_finished(const std::filesystem::path& folder, const RunLock& now,
                             const std::string& plan_text);

}  // namespace imbrex::result
