#include "plugin/library_file.hpp"

#include "plugin/elf_check.hpp"
#include "plugin/load_failure.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace imbrex::plugin {
namespace {

bool writable_by_everybody(const struct stat& status) {
  return (status.st_mode & S_IWOTH) != 0;
}

[[noreturn]] void cannot_open(const std::filesystem::path& path, std::string_view problem) {
  throw LoadFailure(LoadState::failed_to_open,
                    fmt::format("{}: {}", path.filename().string(), problem));
}

}  // namespace

FileIdentity identity_of(const struct stat& status) noexcept {
  return {status.st_dev, status.st_ino, status.st_size,
          std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec};
}

LibraryFile::LibraryFile(const std::filesystem::path& path) : path_(path) {
  if (!path.filename().native().ends_with(kPluginSuffix)) {
    refuse(path, fmt::format("not a plugin file: its name must end in {}", kPluginSuffix));
  }
  // NONBLOCK: a named pipe must be refused, not waited for.
  descriptor_ = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor_ < 0) {
    cannot_open(path, fmt::format("cannot be opened: {}", std::strerror(errno)));
  }
  try {
    refuse_if_unsafe();
    struct stat status {};
    fstat(descriptor_, &status);
    identity_ = identity_of(status);
    if (const std::string problem = elf_problem(descriptor_); !problem.empty()) {
      cannot_open(path, problem);
    }
  } catch (...) {
    close(descriptor_);
    throw;
  }
}

LibraryFile::~LibraryFile() {
  if (descriptor_ >= 0) {
    close(descriptor_);
  }
}

std::filesystem::path LibraryFile::descriptor_path() const {
  return fmt::format("/proc/self/fd/{}", descriptor_);
}

void LibraryFile::refuse_if_unsafe() const {
  struct stat file {};
  struct stat folder {};
  const std::filesystem::path folder_path = path_.parent_path();
  if (fstat(descriptor_, &file) != 0 || stat(folder_path.c_str(), &folder) != 0) {
    cannot_open(path_, fmt::format("cannot be inspected: {}", std::strerror(errno)));
  }
  if (!S_ISREG(file.st_mode)) {
    cannot_open(path_, "is not a regular file");
  }
  if (writable_by_everybody(file)) {
    refuse(path_, fmt::format("writable by everybody; run chmod o-w {}", path_.string()));
  }
  if (writable_by_everybody(folder)) {
    refuse(path_, fmt::format("its folder is writable by everybody; run chmod o-w {}",
                              folder_path.string()));
  }
}

}  // namespace imbrex::plugin
