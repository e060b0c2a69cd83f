#include "result/result_folder.hpp"

#include <imbrex/plugin/error.hpp>

#include <cstdio>
#include <fstream>
#include <utility>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace imbrex::result {
namespace {

namespace fs = std::filesystem;

// A hidden sibling, so that the final rename stays within one file system.
fs::path sibling(const fs::path& target, std::string_view purpose) {
  return target.parent_path() /
         fmt::format(".{}.{}-{}", target.filename().string(), purpose, getpid());
}

fs::path normalised(const fs::path& target) {
  fs::path path = fs::absolute(target).lexically_normal();
  return path.has_filename() ? path : path.parent_path();  // "results/x/" names x
}

}  // namespace

void ResultFolder::check_target(const fs::path& target, Existing existing) {
  std::error_code ignored;
  if (!fs::exists(fs::symlink_status(target, ignored))) {
    return;
  }
  if (existing == Existing::refuse) {
    throw InputError(fmt::format(
        "'{}' exists; give --force to replace it or --out to write elsewhere", target.string()));
  }
  const bool replaceable =
      fs::is_directory(target, ignored) &&
      (fs::is_empty(target, ignored) || fs::exists(target / "plan.toml", ignored));
  if (!replaceable) {
    throw InputError(fmt::format(
        "'{}' is no result folder (it has no plan.toml), so --force does not replace it",
        target.string()));
  }
}

ResultFolder::ResultFolder(const fs::path& target, Existing existing, bool quiet)
    : target_(normalised(target)),
      staging_(sibling(target_, "partial")),
      existing_(existing),
      quiet_(quiet) {
  check_target(target_, existing_);
  std::error_code error;
  fs::remove_all(staging_, error);
  fs::create_directories(staging_, error);
  if (error) {
    throw InputError(
        fmt::format("cannot create the result folder '{}': {}", target_.string(), error.message()));
  }
}

ResultFolder::~ResultFolder() {
  if (!committed_) {
    std::error_code ignored;
    fs::remove_all(staging_, ignored);
  }
}

void ResultFolder::write(std::string_view file_name, std::string_view content) {
  const fs::path name(file_name);
  if (file_name.empty() || name != name.filename() || file_name == "." || file_name == "..") {
    throw InputError(fmt::format("'{}' is not a plain file name", file_name));
  }
  if (!written_.emplace(file_name).second) {
    throw InputError(fmt::format("'{}' was already written in this run", file_name));
  }
  std::ofstream out(staging_ / name, std::ios::binary);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  out.close();
  if (!out) {
    throw Error(ErrorCode::failed,
                fmt::format("cannot write '{}' in '{}'", file_name, staging_.string()));
  }
}

void ResultFolder::show(std::string_view text) {
  if (!quiet_) {
    std::fwrite(text.data(), 1, text.size(), stdout);
  }
}

int ResultFolder::terminal_columns() const noexcept {
  winsize size{};
  if (isatty(STDOUT_FILENO) == 0) {
    return 0;
  }
  constexpr int kUsualColumns = 80;
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col
                                                                         : kUsualColumns;
}

void ResultFolder::commit() {
  check_target(target_, existing_);  // somebody else may have been faster
  const fs::path old = sibling(target_, "replaced");
  std::error_code error;  // symlink_status also reports "not there" as an error
  const bool replaces = fs::exists(fs::symlink_status(target_, error));
  error.clear();
  if (replaces) {
    fs::rename(target_, old, error);
  }
  if (!error) {
    fs::rename(staging_, target_, error);
  }
  if (error) {
    const std::string reason = error.message();
    if (replaces && !fs::exists(target_, error)) {
      fs::rename(old, target_, error);
    }
    throw Error(ErrorCode::failed,
                fmt::format("cannot put the results at '{}': {}", target_.string(), reason));
  }
  committed_ = true;
  if (replaces) {
    fs::remove_all(old, error);
  }
}

}  // namespace imbrex::result
