#include "recipe/file_digests.hpp"

#include "base/files.hpp"

#include <utility>

#include <sys/stat.h>

namespace imbrex::recipe {

FileDigests::State FileDigests::state_of(const std::filesystem::path& path) noexcept {
  struct stat found {};
  if (stat(path.c_str(), &found) != 0) {
    return {};
  }
  return {static_cast<std::int64_t>(found.st_dev),
          static_cast<std::int64_t>(found.st_ino),
          static_cast<std::int64_t>(found.st_size),
          found.st_mtim.tv_sec,
          found.st_mtim.tv_nsec,
          found.st_ctim.tv_sec,
          found.st_ctim.tv_nsec};
}

std::string FileDigests::of(const std::filesystem::path& path) {
  // Looked at before it is read: a file that changes meanwhile is read again the next time.
  const State state = state_of(path);
  {
    const std::lock_guard lock(mutex_);
    const auto known = entries_.find(path.string());
    if (known != entries_.end() && state != State() && known->second.state == state) {
      return known->second.digest;
    }
  }
  std::string digest = sha256_hex_of_file(path);
  const std::lock_guard lock(mutex_);
  entries_[path.string()] = {state, digest};
  return digest;
}

}  // namespace imbrex::recipe
