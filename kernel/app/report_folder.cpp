#include "report_folder.hpp"

#include "base/files.hpp"
#include "experiment/store.hpp"
#include "result/disk_calls.hpp"
#include "result/environment.hpp"
#include "result/result_folder.hpp"
#include "result/run_lock.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/text/style.hpp>

#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <unistd.h>

namespace imbrex::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kOfTheRun[] = {
    "result.json",     "plan.toml", "timeline.csv", result::kEnvironmentFile,
    result::kLockFile, "inputs",    "seeds.json",   "message.txt"};

bool has_bytes(const fs::path& file, const std::string& content) {
  std::error_code ignored;
  return fs::is_regular_file(file, ignored) && read_text_file(file) == content;
}

}  // namespace

ReportFolder::ReportFolder() : terminal_columns_(text::terminal_columns(STDOUT_FILENO)) {}

void ReportFolder::write(std::string_view file_name, std::string_view content) {
  result::require_plain_name(file_name);
  if (std::find(std::begin(kOfTheRun), std::end(kOfTheRun), file_name) != std::end(kOfTheRun)) {
    throw InputError(
        fmt::format("a report cannot be called '{}': the run's own file is", file_name));
  }
  if (!files_.emplace(file_name, content).second) {
    throw InputError(
        fmt::format("two reports are called '{}'; give one of them another file name", file_name));
  }
}

int ReportFolder::terminal_columns() const noexcept {
  return terminal_columns_;
}

void ReportFolder::require_free(const fs::path& folder) const {
  for (const auto& [name, content] : files_) {
    std::error_code ignored;
    if (fs::exists(folder / name, ignored) && !has_bytes(folder / name, content)) {
      throw InputError(
          fmt::format("'{}' exists; give --force to replace it or --out to write elsewhere",
                      (folder / name).string()));
    }
  }
}

void ReportFolder::put(const fs::path& folder, bool may_replace) const {
  if (!may_replace) {
    require_free(folder);
  }
  if (const auto error = result::make_folders(folder)) {
    throw InputError(
        fmt::format("cannot make the folder '{}': {}", folder.string(), error.message()));
  }
  std::optional<result::RunLock> lock = result::read_lock(folder);
  bool is_stale = false;
  for (const auto& [name, content] : files_) {
    if (has_bytes(folder / name, content)) {
      continue;
    }
    experiment::replace_file(folder, name, content);
    if (lock && lock->files.contains(name)) {
      lock->files[name] = sha256_hex(content);
      is_stale = true;
    }
  }
  if (is_stale) {
    experiment::replace_file(folder, std::string(result::kLockFile), result::lock_json(*lock));
  }
}

}  // namespace imbrex::app
