#include "locked_run.hpp"

#include "base/files.hpp"
#include "result/build_id.hpp"
#include "result/result_place.hpp"
#include "run_parts.hpp"
#include "version_text.hpp"

#include <imbrex/plugin/error.hpp>

#include <cstdio>
#include <utility>

#include <fmt/format.h>

namespace imbrex::app {
namespace {

namespace fs = std::filesystem;

}  // namespace

result::Build this_build() {
  return result::this_build(commit_text());
}

LockedRun::LockedRun(const RunOptions& options, const recipe::RecipeSource& source,
                     const result::RunLock& now)
    : options_(options), source_folder_(source.path.parent_path()), now_(now) {
  if (source.path.filename() == "plan.toml") {
    then_ = result::read_lock(source_folder_);
  }
  if (options.locked && !then_) {
    throw InputError(fmt::format("--locked: no {} lies beside '{}'; it takes a result folder",
                                 result::kLockFile, source.path.string()));
  }
  if (!then_) {
    return;
  }
  const std::string difference = options.locked ? result::first_difference(*then_, now_)
                                                : result::maker_difference(*then_, now_);
  if (difference.empty()) {
    return;
  }
  const std::string message =
      fmt::format("not what made '{}': {}", source_folder_.string(), difference);
  if (options.locked) {
    throw InputError("--locked: " + message);
  }
  if (!options.common.quiet) {
    print_note(message);
  }
}

int LockedRun::make_once(const fs::path& target, const std::string& plan_text,
                         const std::string& file, FunctionRef<int()> make) const {
  if (is_done(target, plan_text)) {
    return kExitDone;
  }
  int code = kExitDone;
  try {
    code = make();
  } catch (const InputError&) {
    // Another process that made the same run may have been faster.
    if (is_done(target, plan_text)) {
      return kExitDone;
    }
    throw;
  }
  if (code == kExitDone) {
    compare(target, file);
  }
  return code;
}

bool LockedRun::is_done(const fs::path& target, const std::string& plan_text) const {
  const result::ResultPlace place(target);
  place.recover();
  if (options_.force || !place.is_taken()) {
    return false;
  }
  const std::string difference = result::why_not_finished(place.path(), now_, plan_text);
  if (!difference.empty()) {
    throw InputError(
        fmt::format("'{}' exists: {}; give --force to replace it or --out to write elsewhere",
                    target.string(), difference));
  }
  if (!options_.common.quiet) {
    fmt::print("already there: {}\n", target.string());
  }
  return true;
}

void LockedRun::compare(const fs::path& target, const std::string& file) const {
  if (!options_.locked || then_->partial) {
    return;
  }
  const auto expected = then_->files.find(file);
  if (expected == then_->files.end()) {
    return;
  }
  if (sha256_hex_of_file(target / file) != expected->second) {
    throw Error(ErrorCode::failed,
                fmt::format("{} in '{}' differs from that of '{}', though nothing it was made by "
                            "or from does",
                            file, target.string(), source_folder_.string()));
  }
  if (!options_.common.quiet) {
    fmt::print("{} is that of '{}', bit for bit\n", file, source_folder_.string());
  }
}

}  // namespace imbrex::app
