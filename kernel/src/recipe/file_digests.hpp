// SHA-256 of files, each computed once as long as it stays what it was.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>

namespace imbrex::recipe {

class FileDigests {
 public:
  // Of the file's content, in hexadecimal digits. A file counts as unchanged as long as it is the
  // same inode with the same size and times. Errors: InputError when it cannot be read.
  // Thread-safe.
  std::string of(const std::filesystem::path& path);

 private:
  using State = std::array<std::int64_t, 7>;
  struct Entry {
    State state{};
    std::string digest;
  };
  static State state_of(const std::filesystem::path& path) noexcept;

  std::mutex mutex_;
  std::map<std::string, Entry> entries_;
};

}  // namespace imbrex::recipe
