#include "result/result_folder.hpp"

#include "base/files.hpp"
#include "result/disk_calls.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/text/style.hpp>

#include <cerrno>
#include <cstdio>

#include <fmt/format.h>
#include <unistd.h>

namespace imbrex::result {
namespace {

namespace fs = std::filesystem;

// Nothing that another recipe or another folder would mend.
bool is_disk_trouble(const std::error_code& error) {
  return error == std::errc::no_space_on_device || error == std::errc::io_error ||
         error.value() == EDQUOT;
}

}  // namespace

void require_plain_name(std::string_view file_name) {
  const fs::path name(file_name);
  if (file_name.empty() || name != name.filename() || file_name == "." || file_name == "..") {
    throw InputError(fmt::format("'{}' is not a plain file name", file_name));
  }
}

void ResultFolder::check_target(const fs::path& target, Existing existing) {
  const ResultPlace place(target);
  place.recover();
  if (!place.is_taken()) {
    return;
  }
  if (existing == Existing::refuse) {
    throw InputError(fmt::format(
        "'{}' exists; give --force to replace it or --out to write elsewhere", target.string()));
  }
  if (!place.is_replaceable()) {
    throw InputError(fmt::format(
        "'{}' is no result folder (it has no plan.toml), so --force does not replace it",
        target.string()));
  }
}

ResultFolder::ResultFolder(const fs::path& target, Existing existing, bool quiet)
    : place_(target),
      existing_(existing),
      quiet_(quiet),
      terminal_columns_(text::terminal_columns(STDOUT_FILENO)) {
  check_target(place_.path(), existing_);
  const auto error = place_.open_staging(staging_);
  if (is_disk_trouble(error)) {
    fail("create the result folder", error);
  }
  if (error) {
    throw InputError(fmt::format("cannot create the result folder '{}': {}", place_.path().string(),
                                 error.message()));
  }
}

ResultFolder::~ResultFolder() {
  if (!committed_) {
    place_.discard(staging_);
  }
}

void ResultFolder::fail(std::string_view what, const std::error_code& error) const {
  throw Error(ErrorCode::failed,
              fmt::format("cannot {} '{}': {}", what, place_.path().string(), error.message()));
}

void ResultFolder::write(std::string_view file_name, std::string_view content) {
  require_plain_name(file_name);
  if (!written_.emplace(file_name).second) {
    throw InputError(fmt::format("'{}' was already written in this run", file_name));
  }
  if (const auto error = write_new_file(staging_ / fs::path(file_name), content)) {
    fail(fmt::format("write '{}' for", file_name), error);
  }
  digests_[std::string(file_name)] = sha256_hex(content);
}

void ResultFolder::write_below(const fs::path& name, std::string_view content) {
  fs::path folder;
  for (const fs::path& part : name.parent_path()) {
    folder /= part;
    if (written_.insert(folder.string()).second) {
      if (const auto error = make_folder(staging_ / folder)) {
        fail(fmt::format("make '{}' for", folder.string()), error);
      }
    }
  }
  if (!written_.insert(name.string()).second) {
    throw InputError(fmt::format("'{}' was already written in this run", name.string()));
  }
  if (const auto error = write_new_file(staging_ / name, content)) {
    fail(fmt::format("write '{}' for", name.string()), error);
  }
}

void ResultFolder::show(std::string_view text) {
  if (!quiet_) {
    shown_ += text;
  }
}

int ResultFolder::terminal_columns() const noexcept {
  return terminal_columns_;
}

// Other processes may put their results to the same place at any time: whoever comes last stays.
void ResultFolder::put_in_place() {
  constexpr int kRounds = 1000;  // each lost one is another process that got through
  std::error_code error;
  for (int round = 0; round < kRounds; ++round) {
    check_target(place_.path(), existing_);
    error = place_.is_taken() ? place_.replace(staging_, outdated_) : place_.fill(staging_);
    const bool was_slower =
        error == std::errc::file_exists || error == std::errc::no_such_file_or_directory;
    std::error_code ignored;
    if (!was_slower || !fs::exists(staging_, ignored)) {
      break;
    }
  }
  if (error) {
    fail("put the results at", error);
  }
}

void ResultFolder::commit() {
  if (const auto error = sync_files(staging_, written_)) {
    fail("write the results for", error);
  }
  put_in_place();
  committed_ = true;
  if (const auto error = sync_folder(place_.parent())) {
    fail("make sure of the results at", error);
  }
  if (!outdated_.empty()) {
    place_.discard(outdated_);
  }
  std::fwrite(shown_.data(), 1, shown_.size(), stdout);
  std::fflush(stdout);
}

}  // namespace imbrex::result
