// A plugin library as a file: opened, trusted, complete. Nothing of it has been executed yet.
#pragma once

#include <filesystem>

#include <sys/stat.h>

namespace imbrex::plugin {

// Tells whether a path still names the same, unmodified file.
struct FileIdentity {
  dev_t device = 0;
  ino_t inode = 0;
  off_t size = 0;
  std::int64_t modified_ns = 0;
  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};
FileIdentity identity_of(const struct stat& status) noexcept;

class LibraryFile {
 public:
  // Refuses what is not named .imbrex.so, not a regular file, writable by everybody (itself or its
  // folder: anybody could exchange it), or not a complete shared library. Errors: LoadFailure.
  explicit LibraryFile(const std::filesystem::path& path);
  ~LibraryFile();
  LibraryFile(const LibraryFile&) = delete;
  LibraryFile& operator=(const LibraryFile&) = delete;

  const std::filesystem::path& path() const noexcept { return path_; }
  const FileIdentity& identity() const noexcept { return identity_; }
  // The open file under a name that no rename can redirect: /proc/self/fd/N.
  std::filesystem::path descriptor_path() const;
  // Leaves the file open until the process ends.
  void keep_open() noexcept { descriptor_ = -1; }

 private:
  void refuse_if_unsafe() const;

  std::filesystem::path path_;
  FileIdentity identity_;
  int descriptor_ = -1;
};

inline constexpr std::string_view kPluginSuffix = ".imbrex.so";

}  // namespace imbrex::plugin
