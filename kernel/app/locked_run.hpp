// What a run is held against: the lock.json beside its plan, and a result that is there already.
#pragma once

#include "options.hpp"
#include "recipe/plan.hpp"
#include "result/run_lock.hpp"

#include <imbrex/plugin/host.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace imbrex::app {

// This command and the libimbrex.so that it loaded.
result::Build this_build();

class LockedRun {
 public:
  // `now`: the run that is going to be made of `source`. With --locked, whatever differs from the
  // lock.json beside the plan is refused by name; without it, another Imbrex or plugin is a note.
  // Errors: InputError; also when --locked finds no lock.json.
  LockedRun(const RunOptions& options, const recipe::RecipeSource& source,
            const result::RunLock& now);

  // Calls `make`, which makes the run and returns an exit code, unless its whole result is at
  // `target` already; says so then. `plan_text`: plan.toml of the run there. After a whole run with
  // --locked it says that `file` has the same bytes again. Errors: InputError, which names what
  // differs, when something else is at `target`; Error when the bytes differ; as `make`.
  int make_once(const std::filesystem::path& target, const std::string& plan_text,
                const std::string& file, FunctionRef<int()> make) const;

 private:
  bool is_done(const std::filesystem::path& target, const std::string& plan_text) const;
  void compare(const std::filesystem::path& target, const std::string& file) const;

  const RunOptions& options_;
  std::filesystem::path source_folder_;
  result::RunLock now_;
  std::optional<result::RunLock> then_;
};

}  // namespace imbrex::app
